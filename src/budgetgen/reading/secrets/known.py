"""What a file tells of its secret items: by it they are recognised wherever in the file they stand.

An item is secret where its name holds the edition's mark (特定目标 + code). What else its name says is no word for
anybody: wherever else the file says it, or the code without the mark, it speaks of the same item.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from budgetgen.reading.forms import DOCUMENTS, WORKBOOKS
from budgetgen.values.text import caption, in_words, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from budgetgen.edition.declarations import Edition

SHORTEST: Final = 2
"""The fewest Chinese signs that make a name; of letters one more."""
CHINESE: Final = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
SIGN: Final = r"(?![0-9A-Za-z])"
JOINT: Final = "_"
"""Between texts that are asked as one: neither a letter nor a figure, nor a sign that may stand before a code."""


def marked(name: str, edition: Edition) -> bool:
    """Whether a name is that of a secret item, whatever stands before, between or behind mark and code."""
    mark, form = edition.house.secret, caption(name)
    return re.match(rf"\W*{mark}", form) is not None or _coded(form, mark) is not None


def spoken(text: str, edition: Edition) -> bool:
    """Whether a text holds mark and code of a secret item; 特定目标类 without a code is no item."""
    return _coded(caption(text), edition.house.secret) is not None


def _search(form: str, mark: str) -> re.Match[str] | None:
    """Mark and code; a code is figures with a letter at most at either end, so that no word is taken for one."""
    return re.search(rf"{mark}\W*(?=[0-9A-Za-z])([A-Za-z]?[0-9]+[A-Za-z]?|)", form)


_coded = lru_cache(maxsize=1 << 14)(_search)
"""Kept, for every text of a file is asked again and again."""


def _telling(texts: Iterable[str], tells: Callable[[str], bool]) -> Iterator[str]:
    """Those of some texts of which something is true, as they are compared."""
    forms = {text: caption(text) for text in dict.fromkeys(texts)}
    found = frozenset(_telling_forms(tuple(dict.fromkeys(forms.values())), tells))
    return (text for text, form in forms.items() if form in found)


def _telling_forms(forms: Sequence[str], tells: Callable[[str], bool]) -> Iterator[str]:
    """The same, asked of all as one, and of each half only where it is true of them.

    A file has thousands of texts, and of most sheets none speaks of a secret item. What is asked must be true of texts
    as one wherever it is true of one of them.
    """
    if not forms or not tells(JOINT.join(forms)):
        return
    half = len(forms) // 2
    yield from (*_telling_forms(forms[:half], tells), *_telling_forms(forms[half:], tells)) if half else forms


@dataclass(frozen=True)
class Secrets:
    """The secret items of a file.

    Attributes:
        edition: whose mark.
        codes: their codes, as they stand behind the mark; empty for one without a code.
        said: what else was said of them in their names, in the form of `words` → code.
        loose: codes in names that lack the mark; it is not known whether these items are secret.
    """

    edition: Edition
    codes: frozenset[str] = frozenset()
    said: Mapping[str, str] = field(default_factory=dict)
    loose: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls, edition: Edition, items: Iterable[str], texts: Iterable[str], units: Iterable[str] = ()
    ) -> Secrets:
        """What a file tells.

        Args:
            edition: its format.
            items: the names of its items.
            texts: all its texts.
            units: the names of its units: where they stand beside a code, they name no item.
        """
        known = tuple(dict.fromkeys(items))
        mark = edition.house.secret
        coded = _telling((*known, *texts), lambda form: _search(form, mark) is not None)
        codes = {found[1] for text in coded if (found := _coded(caption(text), mark))}
        codes |= {"" for text in known if marked(text, edition) and not spoken(text, edition)}
        bare = (re.findall(edition.house.secret_code, text) for text in known if not marked(text, edition))
        named = (pair for text in known if spoken(text, edition) for pair in _names(text, edition))
        own = tuple(map(words, units))
        return cls(
            edition,
            frozenset(codes),
            {name: code for name, code in named if not any(name in unit for unit in own)},
            frozenset(code for found in bare for code in found if code not in codes),
        )

    def joined(self, other: Secrets) -> Secrets:
        """The secret items of two files."""
        said = {**self.said, **other.said}
        return Secrets(self.edition, self.codes | other.codes, said, self.loose | other.loose)

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self.codes or self.loose)

    def speaks(self, text: str) -> bool:
        """Whether a text speaks of a secret item, by its mark, its code or its name."""
        return spoken(text, self.edition) or self.betrays(text)

    def speaking(self, texts: Iterable[str]) -> frozenset[str]:
        """Those of some texts that speak of a secret item."""
        return frozenset(_telling(texts, self._told))

    def _told(self, form: str) -> bool:
        """Whether a text, or one of several as one, speaks of a secret item."""
        coded = _search(form, self.edition.house.secret) is not None
        return coded or self._within(form, in_words(form) if self.said else "") is not None

    def names(self, name: str) -> bool:
        """Whether the name of an item is that of a secret one."""
        return marked(name, self.edition) or self.speaks(name)

    def betrays(self, text: str) -> bool:
        """Whether a text without the mark speaks of a secret item, by its code or its name."""
        return not spoken(text, self.edition) and self._found(text) is not None

    def echoes(self, text: str) -> bool:
        """Whether a text without the mark speaks of an item that is marked elsewhere."""
        return self.betrays(text) and self._found(text) not in self.loose

    def code(self, text: str) -> str:
        """What may be told of the name of a secret item: mark and code; the code alone where the mark is nowhere."""
        mark, found = self.edition.house.secret, _coded(caption(text), self.edition.house.secret)
        if found:
            return f"{mark}{found[1]}"
        code = self._found(text)
        return mark if code is None else code if code in self.loose else f"{mark}{code}"

    def withheld(self, text: str) -> str:
        """What may be told of a text that speaks of a secret item."""
        return f"涉及{self.code(text)}，{self.edition.house.withheld}"

    def file(self, name: str) -> str:
        """The name of a file: where it speaks of a secret item, the code and what kind of file it is, if it is a known one."""
        ending = PurePath(name).suffix.lower()
        return (
            f"{self.code(name)}{ending if ending in DOCUMENTS | WORKBOOKS else ''}"
            if self.speaks(name)
            else name
        )

    def _found(self, text: str) -> str | None:
        """The code of the item that a text speaks of without its mark."""
        return self._within(caption(text), words(text) if self.said else "")

    def _within(self, form: str, said: str) -> str | None:
        """The same of a text as it is compared, and of what it says in words."""
        if self._codes and (found := self._codes.search(form)):
            return found[0]
        return next((code for name, code in self.said.items() if name in said), None)

    @cached_property
    def _codes(self) -> re.Pattern[str] | None:
        """The codes by themselves: those that look like one and not like any number."""
        shape = re.compile(self.edition.house.secret_code)
        codes = "|".join(sorted(code for code in self.codes | self.loose if shape.fullmatch(code)))
        return re.compile(rf"(?<![0-9A-Za-z])(?:{codes}){SIGN}") if codes else None


def _names(text: str, edition: Edition) -> Iterator[tuple[str, str]]:
    """What the name of a secret item says besides its code, with that code; what the format says itself is no name."""
    form = caption(text)
    found = _coded(form, edition.house.secret)
    if found is None:
        return
    pieces = map(words, re.split(r"[\W_]+", f"{form[: found.start()]} {form[found.end() :]}"))
    long = [piece for piece in pieces if _long(piece)]
    said = "\n".join(edition.said) if long else ""
    yield from ((piece, found[1]) for piece in long if piece not in said)


def _long(piece: str) -> bool:
    """Whether a word is long enough to know an item by it."""
    return len(CHINESE.findall(piece)) >= SHORTEST or len(re.findall("[A-Z]", piece)) > SHORTEST


def ordinary(text: str, edition: Edition) -> bool:
    """Whether a text is one that the format itself says, whatever figures stand in it: a caption, a choice, a name."""
    return words(text) in edition.said
