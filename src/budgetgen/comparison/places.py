"""Where paragraphs stand that differ: the heading above them and their place, in the old file and in the new one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from budgetgen.comparison.paragraphs import form
from budgetgen.saying.disclosure import compose, headed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from budgetgen.comparison.matching import Both
    from budgetgen.comparison.values import Side, WordingChange
    from budgetgen.values.places import FilePlace


def placed(both: Both, texts: Iterable[WordingChange]) -> Iterator[WordingChange]:
    """The texts, each with its places, and a paragraph with the heading that it stands under."""
    old, new = DocumentHeadings(both.old), DocumentHeadings(both.new)
    for one in texts:
        nth = new.nth(one.new_sentence, one.place)
        before, _ = old.of(one.old_sentence, nth)
        after, above = new.of(one.new_sentence, nth)
        above = above if one.new_sentence else old.of(one.old_sentence)[1]
        loose = not (one.table or one.section)
        yield replace(
            one,
            place=one.place or after,
            old_place=one.old_place or before,
            section=above if loose else one.section,
        )


@dataclass(frozen=True)
class DocumentHeadings:
    """The paragraphs of a file under their headings."""

    side: Side

    def of(self, text: str, nth: int = -1) -> tuple[FilePlace | None, str]:
        """The place of a paragraph and the heading above it; empty where no document has it.

        Args:
            text: of the paragraph.
            nth: which of those that say the same, the last where there are fewer: the contents repeat the headings.
        """
        met = self._under.get(form(text), ()) if text else ()
        return met[nth if nth < len(met) else -1] if met else (None, "")

    @cached_property
    def sections(self) -> Mapping[str, Sequence[tuple[FilePlace | None, str]]]:
        """The paragraphs, place and text, by the heading that they stand under, which is the first of them."""
        found: dict[str, list[tuple[FilePlace | None, str]]] = {}
        for paragraph, heading in self._headed:
            found.setdefault(heading, []).append(paragraph)
        return found

    def nth(self, text: str, place: FilePlace | None) -> int:
        """Which of the paragraphs that say the same stands at a place; the last where none does."""
        places = [known for known, _ in self._under.get(form(text), ())]
        return places.index(place) if place in places else -1

    @cached_property
    def _under(self) -> Mapping[str, Sequence[tuple[FilePlace | None, str]]]:
        under: dict[str, list[tuple[FilePlace | None, str]]] = {}
        for (place, text), heading in self._headed:
            under.setdefault(form(text), []).append((place, heading))
        return under

    @cached_property
    def _headed(self) -> Sequence[tuple[tuple[FilePlace | None, str], str]]:
        """The paragraphs, each with its heading."""
        known = self._known if self.side.paragraphs else frozenset()
        headed: list[tuple[tuple[FilePlace | None, str], str]] = []
        heading = ""
        for place, text in self.side.paragraphs or ():
            heading = text if form(text) in known else heading
            headed.append(((place, text), heading))
        return headed

    @property
    def _known(self) -> frozenset[str]:
        parts = compose(self.side.book, self.side.edition).parts
        return frozenset(
            form(heading) for part in parts for heading, _ in (*headed(part), (part.heading, None))
        )
