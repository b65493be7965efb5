"""Lists of questions that came back, and what of them may be told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

    from budgetgen.app.pipeline.inputs import Checked

WITHHELD: Final = "（涉密内容，不显示）"


class Answers(NamedTuple):
    """A list that came back.

    Attributes:
        path: the file.
        by: who sent it, and when.
    """

    path: Path
    by: str


def harmless(text: str, checked: Checked) -> str:
    """A text that somebody wrote into a list, unless it speaks of a secret item."""
    return WITHHELD if checked.seal and checked.seal.secrets.speaks(text) else text
