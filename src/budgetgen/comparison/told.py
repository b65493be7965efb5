"""What is told already of two files' texts: asked by whatever else could tell the same once more."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from budgetgen.comparison.paragraphs import form
from budgetgen.comparison.values import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from budgetgen.comparison.values import WordingChange
    from budgetgen.values.places import FilePlace

Texts: TypeAlias = "tuple[frozenset[str], frozenset[str]]"
"""What the lines hold of the old file and of the new one."""


@dataclass(frozen=True)
class ToldTexts:
    """The lines that tell something of texts.

    Attributes:
        lines: all of them.
    """

    lines: Sequence[WordingChange]

    def of(self, kind: Kind) -> ToldTexts:
        """Those of one kind."""
        return ToldTexts([one for one in self.lines if one.kind is kind])

    @cached_property
    def changed(self) -> ToldTexts:
        """Those of texts that read otherwise."""
        return self.of(Kind.CHANGED)

    def tells(self, text: str) -> bool:
        """Whether a line tells all of a text, as it is printed in either file."""
        return bool(text) and any(text in own for own in self.texts)

    def touches(self, text: str, side: int) -> bool:
        """Whether a line tells of a text of one file: of more that holds it, or of a part."""
        own = form(text)
        return any(own in said or said in own for said in self.forms[side])

    @cached_property
    def texts(self) -> Texts:
        """What they tell, as printed."""
        return frozenset(one.old for one in self.lines), frozenset(one.new for one in self.lines)

    @cached_property
    def forms(self) -> Texts:
        """The same as it is compared."""
        old, new = (frozenset(map(form, filter(None, own))) for own in self.texts)
        return old, new

    @cached_property
    def sentences(self) -> Texts:
        """The sentences that hold it, likewise."""
        olds, news = (one.old_sentence for one in self.lines), (one.new_sentence for one in self.lines)
        return frozenset(map(form, olds)), frozenset(map(form, news))

    @cached_property
    def places(self) -> tuple[frozenset[FilePlace | None], frozenset[FilePlace | None]]:
        """Where it stands."""
        return frozenset(one.old_place for one in self.lines), frozenset(one.place for one in self.lines)
