"""The proof: the document as it is against the one that its workbook makes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from budgetgen.book.figures import with_figures
from budgetgen.values.model import PrintedTable
from budgetgen.values.text import fold
from budgetgen.verification.origins import origins
from budgetgen.verification.passages import Passages
from budgetgen.verification.residue import Inspection
from budgetgen.verification.telling import Teller, short
from budgetgen.verification.texts import numbers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from budgetgen.edition.declarations import Edition
    from budgetgen.reading.document.manuscript import Manuscript
    from budgetgen.reading.secrets import Secrets
    from budgetgen.values.findings import Finding
    from budgetgen.values.model import Book, Disclosure

UNTIED = frozenset({"verify-number", "verify-untied", "verify-secret"})
"""The rules whose findings are about numbers that the document has and should not."""


@dataclass(frozen=True)
class Verified:
    """What a proof found.

    Attributes:
        findings: in the order of the document.
        numbers: how many numbers in digits the document has.
        tied: how many of these stand in the workbook, follow from it, or are the format's own.
    """

    findings: tuple[Finding, ...]
    numbers: int
    tied: int


def verify(
    disclosure: Disclosure,
    book: Book,
    edition: Edition,
    wanted: Manuscript,
    found: Manuscript,
    secrets: Secrets | None = None,
) -> Verified:
    """Prove a document.

    Args:
        disclosure: what the workbook says, not as a draft.
        book: the derived workbook.
        edition: its format.
        wanted: the disclosure as written.
        found: the document.
        secrets: the secret items that either tells of; None for none.
    """
    teller = Teller(with_figures(book, edition), edition, secrets)
    known = origins(disclosure, edition, wanted.passages)
    comparison = Passages(teller, wanted.passages, known, found.passages)
    inspection = Inspection(teller, disclosure.unit, wanted, found, comparison.sections)
    findings = tuple(dict.fromkeys((*comparison.findings(), *inspection.findings())))
    total = sum(numbers(fold(text).form) for text in _texts(found))
    wrong = sum(numbers(fold(f.spots[0].value).form) for f in findings if f.rule in UNTIED)
    return Verified(findings, total, total - wrong)


def _texts(found: Manuscript) -> Iterator[str]:
    for passage in found.passages:
        yield from passage.cells
    yield from (aside.text for aside in found.asides)


def stranger(disclosure: Disclosure, found: Manuscript) -> str:
    """Why a document is not that of the workbook at all: of another unit or year; empty where it is.

    One line with the right name, and one with the right year, is enough: the others may have been changed by hand. The
    year may stand anywhere on the cover.
    """
    forms = {fold(passage.text).form for passage in found.passages}
    cover = "".join(passage.text for passage in found.passages[: len(disclosure.cover)])
    blocks = [block for part in disclosure.parts for block in part.blocks]
    preparers = [block.preparer for block in blocks if isinstance(block, PrintedTable)]
    headings = [part.heading for part in disclosure.parts]
    if not _some((*disclosure.cover, *preparers, *disclosure.signature), disclosure.unit, forms):
        return f"封面是“{short(cover)}”，填报表是“{disclosure.unit}”的"
    if f"{disclosure.year}年" not in fold(cover).form and not _some(
        (*disclosure.cover, *headings), str(disclosure.year), forms
    ):
        return f"封面是“{short(cover)}”，填报表是 {disclosure.year} 年的"
    return ""


def _some(lines: Iterable[str], word: str, forms: set[str]) -> bool:
    """Whether some line with that word begins a passage; true where there is none to look for."""
    wanted = [fold(line).form for line in lines if word and word in line]
    return not wanted or any(form.startswith(line) for line in wanted for form in forms)
