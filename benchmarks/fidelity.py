"""What the draft made of a published document still says of it: the figures of its tables, and its sentences.

    python -m benchmarks.fidelity DOCUMENT … [--every]

Each document is built as `budgetgen build DOCUMENT --draft` builds it, and the draft is compared with the document's
own text. Prints how many figures of tables, figures of sentences and sentences are held, and lists each that is not
with its place, sorted by what it is:

    slip       the document contradicts itself there, or leaves out what it names: checking tells of it
    otherwise  the same figures in the format's own words
    lost       figures or words that the draft does not have

What is not compared: white space, the width of signs, the form of brackets, quotes and dashes, the sign that ends a
sentence, the numbers that items are counted by, thousands separators, and zeros at the end of a number with a point
(25万元 is 25.00万元). All else is, each figure with the sentence or the row and column that it stands in. Of a PDF
what stands on its pages is counted sign by sign as well, by the library and not by the reader: what no paragraph and
no table of it has is told.
"""

from __future__ import annotations

import argparse
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from budgetgen.app.pipeline.build import build
from budgetgen.reading.document.blocks import Grid, Text
from budgetgen.reading.document.published import published_blocks
from budgetgen.values.findings import Severity
from budgetgen.values.places import DocumentPlace

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from budgetgen.reading.document.blocks import Block
    from budgetgen.values.findings import Finding
    from budgetgen.values.places import FilePlace

SAME = str.maketrans(
    {
        **dict.fromkeys("“”„‟＂「」", '"'),
        "【": "[",
        "】": "]",
        "〔": "[",
        "〕": "]",
        **dict.fromkeys("—–－‑", "-"),
    }
)
FIGURE = re.compile(r"-?\d[\d,]*(?:\.\d+)?%?")
CELL = re.compile(r"-?[\d,]*\d(?:\.\d+)?%?")
ORDINAL = re.compile(
    r"(?:\(?[一二三四五六七八九十]+[、.)]|\(?\d{1,2}(?:[、)]|\.(?!\d))|第[一二三四五六七八九十]+[,、])+"
)
PAGE = re.compile(r"[.·…\-]{3,}\(?\d+\)?$")
"""The page at the end of an entry of the contents."""
END = re.compile(r"[。;!?]")
SENTENCE = re.compile(r"[。;:,!?]")
"""What has none of these is a heading, a line of the cover or a caption."""
NEAR = 0.5
SHOWN = 40


def said(text: str) -> str:
    """A text as it is compared, its numbers apart."""
    plain = "".join(unicodedata.normalize("NFKC", text).split()).translate(SAME)
    return FIGURE.sub(lambda found: figure(found[0]), re.sub("-+", "-", PAGE.sub("", plain)))


def figure(text: str) -> str:
    """A number as it is compared: 1,025.50 is 1025.5."""
    number, percent = text.replace(",", "").rstrip("%"), "%" * text.endswith("%")
    return (number.rstrip("0").rstrip(".") if "." in number else number) + percent


@dataclass(frozen=True)
class Sentence:
    """A sentence as it is compared.

    Attributes:
        form: its text.
        place: its paragraph.
    """

    form: str
    place: FilePlace | None

    @cached_property
    def figures(self) -> Counter[str]:
        """Its numbers."""
        return Counter(FIGURE.findall(self.form))


def sentences(found: Sequence[Block]) -> Iterator[Sentence]:
    """The sentences of the text, without headings, entries of the contents and what stands beside it."""
    for block in found:
        if isinstance(block, Grid) or block.beside:
            continue
        form = said(block.text)
        for piece in END.split(form) if SENTENCE.search(form) else ():
            if own := ORDINAL.sub("", piece, count=1) if ORDINAL.match(piece) else piece:
                yield Sentence(own, block.place)


@dataclass(frozen=True)
class Line:
    """A row of a table.

    Attributes:
        captions: its texts that are no figures.
        figures: those that are, blanks and zeros left out.
        place: of its first cell.
    """

    captions: tuple[str, ...]
    figures: tuple[str, ...]
    place: FilePlace | None

    def __str__(self) -> str:
        return " | ".join((*self.captions, *self.figures))


def lines(grid: Grid) -> Iterator[Line]:
    """The rows of a table that hold figures."""
    for line in grid.lines:
        texts = [said(str(raw.value)) for raw in line if raw.value not in {None, ""}]
        figures = tuple(text for text in texts if CELL.fullmatch(text) and text.strip("0.%-"))
        if figures:
            captions = tuple(text for text in texts if not CELL.fullmatch(text))
            yield Line(captions, figures, line[0].place)


@dataclass
class Held:
    """How many of a kind there are, how many are held, and which are not: what each is, and its words."""

    every: int = 0
    held: int = 0
    others: list[tuple[str, str]] = field(default_factory=list)

    def __str__(self) -> str:
        kinds = Counter(kind for kind, _ in self.others)
        told = "，".join(f"{kind} {number}" for kind, number in sorted(kinds.items()))
        return f"{self.held}/{self.every} ({self.held / max(self.every, 1):.1%}){': ' if told else ''}{told}"


@dataclass(frozen=True)
class Measured:
    """What of a document its draft holds.

    Attributes:
        tables: the figures of its tables.
        figures: those of its sentences.
        sentences: these.
        unread: signs of its pages that no paragraph and no table of it has, with their number.
    """

    tables: Held
    figures: Held
    sentences: Held
    unread: Mapping[str, int]


@dataclass(frozen=True)
class Comparison:
    """A document and its draft.

    Attributes:
        original, draft: their paragraphs and tables.
        findings: of the document.
    """

    original: Sequence[Block]
    draft: Sequence[Block]
    findings: Sequence[Finding]

    @cached_property
    def told(self) -> frozenset[tuple[int, int, int, int]]:
        """Paragraphs and rows that findings stand at, those that are notes left out."""
        wrong = (f for f in self.findings if f.severity != Severity.NOTE)
        return frozenset(_at(spot.place) for found in wrong for spot in found.spots if spot.place)

    def tables(self) -> Held:
        """The figures of the tables, each table beside the one of the draft that is most like it."""
        result = Held()
        left = [list(lines(block)) for block in self.draft if isinstance(block, Grid)]
        for grid in (block for block in self.original if isinstance(block, Grid)):
            rows = list(lines(grid))
            own = Counter((row.captions, row.figures) for row in rows)
            mate = max(
                left,
                key=lambda some: (own & Counter((r.captions, r.figures) for r in some)).total(),
                default=[],
            )
            self._rows(rows, list(mate), result)
        return result

    def _rows(self, rows: Sequence[Line], mate: list[Line], result: Held) -> None:
        rest = []
        for row in rows:
            result.every += len(row.figures)
            same = next((r for r in mate if (r.captions, r.figures) == (row.captions, row.figures)), None)
            if same is None:
                rest.append(row)
                continue
            mate.remove(same)
            result.held += len(row.figures)
        for row in rest:
            # Of the same figures in the same order, words apart; else what of them its own row has.
            near = max(
                mate,
                key=lambda r: (r.figures == row.figures, _likeness(r.captions, row.captions)),
                default=None,
            )
            lacking = Counter(row.figures) - Counter(near.figures if near else ())
            result.held += len(row.figures) - lacking.total()
            if near:
                mate.remove(near)
            kind = self._kind(row.place, lacking)
            beside = f"\n      + {near}" if near else ""
            result.others.append((kind, f"{row.place}\n      - {row}{beside}"))

    def narrative(self) -> tuple[Held, Held]:
        """The figures of the sentences, and these."""
        figures, whole = Held(), Held()
        left = list(sentences(self.draft))
        known = Counter(sentence.form for sentence in left)
        rest = []
        for sentence in sentences(self.original):
            whole.every += 1
            figures.every += sentence.figures.total()
            if known[sentence.form]:
                known[sentence.form] -= 1
                whole.held += 1
                figures.held += sentence.figures.total()
            else:
                rest.append(sentence)
        free = []
        for sentence in reversed(left):
            if known[sentence.form] > 0:
                known[sentence.form] -= 1
                free.append(sentence)
        for sentence in rest:
            ranked = sorted(free, key=lambda other: -_ratio(sentence.form, other.form))
            near = [other for other in ranked[:2] if _ratio(sentence.form, other.form) > NEAR]
            lacking = sentence.figures - sum((o.figures for o in near), Counter())
            figures.held += sentence.figures.total() - lacking.total()
            kind = self._kind(sentence.place, lacking) if near else "lost"
            beside = "".join(f"\n      + {other.form}" for other in near[:1])
            whole.others.append((kind, f"{sentence.place}\n      - {sentence.form}{beside}"))
            figures.others += [(kind, f"{sentence.place} {number}") for number in lacking.elements()]
        return figures, whole

    def _kind(self, place: FilePlace | None, lacking: Counter[str]) -> str:
        if not lacking:
            return "otherwise"
        return "slip" if _at(place) in self.told else "lost"


def _at(place: FilePlace | None) -> tuple[int, int, int, int]:
    """A paragraph or a row of a table, whichever of its cells or lines it is."""
    if not isinstance(place, DocumentPlace):
        return (0, 0, 0, 0)
    return (place.page, place.table, place.row, place.paragraph)


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _likeness(one: Sequence[str], other: Sequence[str]) -> float:
    return _ratio("".join(one), "".join(other))


def unread(path: Path, found: Sequence[Block]) -> Counter[str]:
    """The signs of the pages of a PDF that are in none of its paragraphs and tables, with how many they are.

    A sign that is printed again to look bold, or a header that is repeated on each page, counts as one too many.
    """
    if path.suffix.lower() != ".pdf":
        return Counter()
    import pdfplumber  # noqa: PLC0415 - only for a PDF

    with pdfplumber.open(path) as opened:
        printed = "".join(sign["text"] for page in opened.pages for sign in page.chars)
    texts = (block.text if isinstance(block, Text) else _joined(block) for block in found)
    return _signs(printed) - _signs("".join(texts))


def _joined(grid: Grid) -> str:
    return "".join(str(raw.value) for line in grid.lines for raw in line if raw.value is not None)


def _signs(text: str) -> Counter[str]:
    return Counter(sign for sign in unicodedata.normalize("NFKC", text).translate(SAME) if sign.isalnum())


def measured(path: Path) -> Measured:
    """What the draft of a document holds of it."""
    original = published_blocks(path)
    with TemporaryDirectory() as folder:
        built = build(path, Path(folder), draft=True)
        draft = published_blocks(next(p for p in built.written if p.suffix == ".docx"))
    compared = Comparison(original, draft, built.checked.findings)
    return Measured(compared.tables(), *compared.narrative(), unread(path, original))


def shown(name: str, held: Held, most: int) -> None:
    """Print what is held, and what is not."""
    print(f"  {name} {held}")
    for kind, words in sorted(held.others)[:most]:
        print(f"    {kind} {words}")


def main() -> None:
    """Print what the drafts of documents hold."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("documents", nargs="+", type=Path)
    parser.add_argument("--every", action="store_true", help="list all that is not held, not only the first")
    asked = parser.parse_args()
    for path in asked.documents:
        result = measured(path)
        print(path.name)
        most = 10**6 if asked.every else SHOWN
        shown("tables", result.tables, most)
        shown("figures", result.figures, most)
        shown("sentences", result.sentences, most)
        print(f"  signs read by nobody: {dict(result.unread)}")


if __name__ == "__main__":
    main()
