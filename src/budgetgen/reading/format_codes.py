"""The parts of a number format: the sections between its semicolons, each a row of tokens (ECMA-376, Part 1, 18.8.31)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

_COLOURS: Final = re.compile(r"black|blue|cyan|green|magenta|red|white|yellow|color\s*\d+", re.IGNORECASE)
_LOCALE: Final = re.compile(r"\$([^\-]*)(?:-([0-9A-Fa-f]{1,4}|[A-Za-z]{2}-[A-Za-z]{2}))?")
_SYSTEM: Final = frozenset({"F800", "F400"})
_CONDITION: Final = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_ELAPSED: Final = re.compile(r"h+|m+|s+", re.IGNORECASE)
_LITERAL: Final = re.compile(r"[ $+\-():^&'~{}<>=]|[^\x00-\x7f]")
"""Signs that show themselves without quotes."""
_TOKEN: Final = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|!(?P<kept>.)|_(?P<pad>.)|\*(?P<fill>.)|\[(?P<bracket>[^\[\]]*)\]'
    r"|(?P<general>General|G/通用格式)|(?P<half>AM/PM|A/P|上午/下午)|(?P<exponent>E[+-])"
    r"|(?P<date>y+|m+|d+|h+|s+|a+|e+|b+|g+)|(?P<digit>[0#?])|(?P<sign>[.,%/@;])|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)


class UnknownFormatError(Exception):
    """What a format shows is not known for certain."""


@dataclass(frozen=True, slots=True)
class FormatToken:
    """A piece of a format.

    Attributes:
        kind: literal, pad, digit, sign, exponent, date, elapsed, half, general or text.
        text: itself; of a literal what it shows.
    """

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class FormatSection:
    """One of the parts between the semicolons.

    Attributes:
        tokens: its pieces.
        condition: comparison and number, None for none.
    """

    tokens: tuple[FormatToken, ...] = ()
    condition: tuple[str, Decimal] | None = None

    def has(self, *kinds: str) -> bool:
        """Whether it has a piece of one of these kinds."""
        return any(token.kind in kinds for token in self.tokens)


@lru_cache(maxsize=256)
def sections_of(code: str) -> tuple[FormatSection, ...]:
    """The sections of a format.

    Raises:
        UnknownFormatError: it holds what is not known.
    """
    parts: list[list[re.Match[str]]] = [[]]
    for found in _TOKEN.finditer(code):
        if found["sign"] == ";":
            parts.append([])
        else:
            parts[-1].append(found)
    return tuple(map(_section, parts))


def _section(found: Sequence[re.Match[str]]) -> FormatSection:
    tokens: list[FormatToken] = []
    condition = None
    for one in found:
        if one["bracket"] is None:
            tokens.append(_token(one))
        elif compared := _CONDITION.fullmatch(one["bracket"].strip()):
            condition = (compared[1], Decimal(compared[2]))
        else:
            tokens += _bracket(one["bracket"])
    return FormatSection(tuple(tokens), condition)


def _token(found: re.Match[str]) -> FormatToken:
    kind, text = str(found.lastgroup), str(found[found.lastgroup or 0])
    if kind == "other":
        kind = "literal" if _LITERAL.fullmatch(text) else "stray"
    shows = {"pad": " ", "fill": "", "date": text.lower()}
    named = {"quoted": "literal", "escaped": "literal", "kept": "literal", "fill": "pad"}
    if text == "@" and kind == "sign":
        return FormatToken("text", text)
    return FormatToken(named.get(kind, kind), shows.get(kind, text))


def _bracket(text: str) -> Iterator[FormatToken]:
    """A colour is not seen in a text, a currency is; of locales only those that change nothing are known."""
    if _ELAPSED.fullmatch(text):
        yield FormatToken("elapsed", text.lower())
    elif (found := _LOCALE.fullmatch(text)) and (found[2] or "").upper() not in _SYSTEM:
        yield FormatToken("literal", found[1])
    elif not _COLOURS.fullmatch(text.strip()):
        raise UnknownFormatError


def section_of(number: Decimal, sections: Sequence[FormatSection]) -> tuple[FormatSection, bool]:
    """The section of a number, and whether the number keeps its sign there."""
    if any(section.condition for section in sections):
        return _conditional(number, sections), False
    usual = [section for section in sections[:3] if not section.has("text")] or [*sections[:1]]
    if number < 0 and len(usual) > 1:
        return usual[1], False
    if number == 0 and len(usual) > 2:  # noqa: PLR2004 - positive, negative, zero
        return usual[2], False
    return usual[0], True


def _conditional(number: Decimal, sections: Sequence[FormatSection]) -> FormatSection:
    """The first section whose condition holds; the last one needs none."""
    if number < 0 or any(not section.condition for section in sections[:-1]):
        raise UnknownFormatError
    for section in sections:
        if section.condition is None or _holds(number, *section.condition):
            return section
    raise UnknownFormatError


def _holds(number: Decimal, comparison: str, bound: Decimal) -> bool:
    held: Mapping[str, Callable[[Decimal], bool]] = {
        "<": bound.__gt__,
        "<=": bound.__ge__,
        ">": bound.__lt__,
        ">=": bound.__le__,
        "=": bound.__eq__,
        "<>": bound.__ne__,
    }
    return held[comparison](number)
