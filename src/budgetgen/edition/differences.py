"""What changes between two formats, as those who fill them in see it: by what each format shows of every thing."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING, Final

from budgetgen.values.findings import NAMES
from budgetgen.values.likeness import likest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from budgetgen.edition.declarations import Case, Edition, TableDeclaration

LEAST: Final = Decimal("0.5")
"""How alike two sentences are at least to be one that was changed."""


@dataclass(frozen=True, slots=True)
class FormatChange:
    """One thing that the two formats show differently.

    Attributes:
        subject: what kind of thing it is.
        where: what it belongs to: a table, a section, several of them; may be empty.
        old: as it was, empty where it is new.
        new: as it is, empty where it was dropped.
    """

    subject: str
    where: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class _Shown:
    """A thing that a format shows.

    Attributes:
        subject, where: as told.
        key: by which it is known in the other format.
        text: as it is told.
        seen: what of it is compared; the text by default.
        more: what tells it apart where the texts are the same.
    """

    subject: str
    where: str
    key: str
    text: str
    seen: str = ""
    more: str = ""

    @property
    def compared(self) -> tuple[str, str]:
        """What differs where the format has changed."""
        return self.seen or self.text, self.more


def differences(old: Edition, new: Edition) -> tuple[FormatChange, ...]:
    """What changes from one format to the other; what belongs to a whole table that comes or goes is not told apart."""
    sides = [{(one.subject, one.where, one.key): one for one in _shown(edition)} for edition in (old, new)]
    whole = old.tables.keys() ^ new.tables.keys()
    gone, come = (
        [
            one
            for key, one in side.items()
            if key not in other and not (one.subject in _OWNED and one.where in whole)
        ]
        for side, other in (sides, sides[::-1])
    )
    before, after = sides
    changed = (
        _change(one, after[key])
        for key, one in before.items()
        if key in after and one.compared != after[key].compared
    )
    order = list(dict.fromkeys(one.subject for side in sides for one in side.values()))
    found = sorted(chain(changed, _apart(gone, come)), key=lambda change: order.index(change.subject))
    return tuple(_once(found))


def _once(changes: Sequence[FormatChange]) -> Iterator[FormatChange]:
    """The changes, each renaming once however many headers it is in, and whatever is the same of several tables."""
    counts = Counter(map(_renaming, changes))
    told = [_renaming(change) if counts[_renaming(change)] > 1 else change for change in changes]
    where: dict[FormatChange, list[str]] = {}
    for change, one in zip(changes, told, strict=True):
        where.setdefault(replace(one, where=""), []).append(change.where)
    yield from (replace(one, where="、".join(dict.fromkeys(places))) for one, places in where.items())


def _renaming(change: FormatChange) -> FormatChange:
    """What is renamed wherever it stands: of headers of several steps the one that differs, if there is but one."""
    old, new = change.old.split(STEP), change.new.split(STEP)
    differing = [pair for pair in zip(old, new, strict=False) if pair[0] != pair[1]]
    if change.subject != COLUMN or len(old) != len(new) or len(differing) != 1:
        return replace(change, where="")
    return FormatChange(change.subject, "", *differing[0])


def _apart(gone: Sequence[_Shown], come: Sequence[_Shown]) -> Iterator[FormatChange]:
    """What only one format has: what the other shows word for word under another key is the same to everybody."""
    same = Counter(map(_seen, gone)) & Counter(map(_seen, come))
    olds, news = ([one for one in side if not same[_seen(one)]] for side in (gone, come))
    paired: set[_Shown] = set()
    for subject in _WORDED:
        before, after = ([one for one in side if one.subject == subject] for side in (olds, news))
        for a, b, _ in likest([one.text for one in before], [one.text for one in after], LEAST):
            paired |= {before[a], after[b]}
            yield _change(before[a], after[b])
    yield from (FormatChange(one.subject, one.where, one.text, "") for one in olds if one not in paired)
    yield from (FormatChange(one.subject, one.where, "", one.text) for one in news if one not in paired)


def _change(old: _Shown, new: _Shown) -> FormatChange:
    texts = (old.text, new.text)
    if old.text == new.text:
        texts = (old.text + old.more, new.text + new.more)
    return FormatChange(new.subject, new.where, *texts)


def _seen(one: _Shown) -> tuple[str, str, tuple[str, str]]:
    return one.subject, one.where, one.compared


# --- what a format shows ------------------------------------------------------------------------------------

TABLE, COLUMN, ROW, MONEY, NOTE = "公开的表", "表头", "行", "金额的写法", "表下的注"
SHEET, RELATION, COMPARED, GOALS = "填报页", "核对的关系", "与上年比较的数", "绩效目标表"
SECTION, SENTENCE, TERM, AROUND = "部分和章节", "固定语句", "名词解释", "封面和目录"
CODES: Final[Mapping[str, str]] = {"function": "功能分类科目", "economic": "经济分类科目"}
STEP: Final = "／"
"""Between the steps of a header."""
_OWNED: Final = frozenset({COLUMN, ROW, MONEY, NOTE})
"""What belongs to a table, and comes and goes with it."""
_WORDED: Final = (SENTENCE, GOALS, RELATION)
"""What is known by its words alone: pieces that come and go are one that was changed where they are alike."""
WORDS: Final = 4
"""The signs that a sentence says by itself at least: fewer only join what it is about."""


def _shown(edition: Edition) -> Iterator[_Shown]:
    for table in sorted(edition.table, key=lambda table: (not table.printed, table.number)):
        if not (table.generated or table.optional):
            yield from _table(table)
    for title, cells in _goals(edition):
        yield from (_Shown(GOALS, title, cell, cell) for cell in cells)
    yield from _money(edition)
    yield from (
        _Shown(RELATION, "", rule.id, f"{rule.title}（{NAMES[rule.severity]}）", more=_formula(rule.holds))
        for rule in edition.rule
        if rule.title
    )
    yield from (
        _Shown(COMPARED, f.group, f.id, f"{f.each}各项" if f.each else f.name)
        for f in edition.figure
        if f.compared
    )
    yield from _document(edition)
    for kind, subject in CODES.items():
        yield from (_Shown(subject, "", code, f"{code} {name}") for code, name in edition.codes(kind).items())


def _table(table: TableDeclaration) -> Iterator[_Shown]:
    title = f"表{table.number} {_slotted(table.title)}" if table.printed else table.name
    yield _Shown(TABLE if table.printed else SHEET, "", table.name, title)
    for block in table.block:
        outer = (block.name,) if len(table.block) > 1 else ()
        for column in block.columns:
            path = STEP.join((*outer, *column.captions))
            yield _Shown(COLUMN, table.name, f"{block.name}.{column.name}", path)
        for row in block.rows:
            yield _Shown(ROW, table.name, row.key, row.caption)
    for place, note in enumerate(filter(None, (table.note, table.empty))):
        yield _Shown(NOTE, table.name, str(place), _slotted(note), _bare(note))


def _goals(edition: Edition) -> Iterator[tuple[str, tuple[str, ...]]]:
    for table in edition.performance:
        head = (field.label or field.says for line in table.head for field in line)
        labels = filter(None, (*head, *(field.label for field in table.columns)))
        yield _slotted("".join(table.title)), tuple(dict.fromkeys(map(_slotted, labels)))


def _money(edition: Edition) -> Iterator[_Shown]:
    for table in edition.printed:
        scale = edition.scale(table.name)
        zero = f"，零印作“{scale.zero}”" if scale.zero else ""
        yield _Shown(MONEY, table.name, "", f"{scale.label}，{scale.places} 位小数{zero}")


def _document(edition: Edition) -> Iterator[_Shown]:
    layout = edition.layout
    around = {
        "封面": layout.cover,
        "目录": (layout.contents,),
        "编制": (layout.preparer,),
        "落款": layout.signature,
    }
    for where, lines in around.items():
        yield _Shown(AROUND, where, "", "／".join(map(_slotted, lines)))
    for part in edition.part:
        yield _Shown(SECTION, "", f"部分 {part.number}", _slotted(part.heading or part.entry))
    for section in edition.section:
        yield _Shown(SECTION, "", section.id, _slotted(section.heading))
    for statement in edition.statement:
        cases = chain(statement.cases, *statement.lines, *(own.cases for own in statement.list.values()))
        yield from _sentences(statement.section, cases)
    for name, phrase in edition.phrase.items():
        yield from _sentences(name, phrase.cases)
    yield from (_Shown(TERM, "", term.name, f"{term.name}：{_slotted(term.text)}") for term in edition.term)


def _sentences(where: str, cases: Iterable[Case]) -> Iterator[_Shown]:
    for case in cases:
        bare = _bare(case.says)
        if len(re.findall(r"\w", bare)) >= WORDS:
            yield _Shown(SENTENCE, where, bare, _slotted(case.says), bare)


def _formula(text: str) -> str:
    return f"：{text}" if text else ""


def _slotted(pattern: str) -> str:
    """A wording as people read it: its slots as 〔…〕, those that are formulas without a name."""
    return _SLOT.sub(lambda slot: f"〔{slot[1] if slot[1].isidentifier() else '……'}〕", pattern)


def _bare(pattern: str) -> str:
    """What a wording says whatever its slots hold."""
    return _SLOT.sub("〔〕", pattern)


_SLOT: Final = re.compile(r"\{([^{}]*)\}")
