"""Which files make a department together, and why others do not."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, TypeAlias

from budgetgen.checking.rules import told_rule
from budgetgen.model import Cell, Row, Table
from budgetgen.reading.text import caption

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence

    from budgetgen.declarations import Consolidation, Edition
    from budgetgen.findings import Finding

State: TypeAlias = Literal["missing", "unfit", "failed", "open", "explained", "passed"]
"""Not submitted; not of this department, year …; with errors; with something to explain; explained; clean."""


@dataclass(frozen=True)
class Submission:
    """A file as far as it decides whether it can be consolidated.

    Attributes:
        file: as it is told, from the folder that holds all files.
        unit: its name, empty where it is not given.
        year, edition, money, kind, authority: as the file says, as text.
        content: tells two files with the same figures, whatever they are called; empty where there are none.
        errors, explains, notes: how many findings of each severity.
        explained: whether everything that wants an explanation has one.
        first: the first errors in words.
        problem: why it cannot be read at all.
    """

    file: str
    unit: str = ""
    year: str = ""
    edition: str = ""
    money: str = ""
    kind: str = ""
    authority: str = ""
    content: str = ""
    errors: int = 0
    explains: int = 0
    notes: int = 0
    explained: bool = True
    first: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True)
class Status:
    """What became of a unit, or of a file.

    Attributes:
        unit: its name.
        submission: its file; None where it has submitted none.
        state: how it stands.
        taken: whether its figures are in the department's.
        foreign: it is no unit of this department, and not missing.
        remark: why not.
    """

    unit: str
    submission: Submission | None
    state: State
    taken: bool
    foreign: bool = False
    remark: str = ""


@dataclass(frozen=True)
class Admission:
    """What can be consolidated.

    Attributes:
        taken: the files, in the order of the department's list, its own office first.
        statuses: of every listed unit and every file.
        faults: what keeps files out, every one of them.
        missing: the names of the units that are not in it.
        edition: id of the format that the files share; that of most.
        name: of the department, as the files tell it; empty where they do not.
    """

    taken: tuple[Submission, ...]
    statuses: tuple[Status, ...]
    faults: tuple[Finding, ...]
    missing: tuple[str, ...]
    edition: str
    name: str


FOREIGN = frozenset({"unit-unlisted", "unit-of-another", "unit-is-department"})
"""The rules that keep out what is no unit of the department."""


def admit(
    submissions: Sequence[Submission], edition: Edition, *, name: str = "", listed: Sequence[str] = ()
) -> Admission:
    """Judge the files of a department.

    Args:
        submissions: in the order in which they were named.
        edition: the format whose words are used; that of most of the files.
        name: of the department; by default what the files tell.
        listed: the names of all its units in order, where it has such a list.
    """
    return _Judge(edition, tuple(submissions), name, tuple(listed)).admission()


def common_edition(submissions: Sequence[Submission]) -> str:
    """The format of most of the files, empty where none could be read."""
    return _commonest(submission.edition for submission in submissions)


def _commonest(values: Iterator[str]) -> str:
    counts = Counter(value for value in values if value)
    return counts.most_common(1)[0][0] if counts else ""


@dataclass(frozen=True)
class _Judge:
    edition: Edition
    submissions: tuple[Submission, ...]
    given_name: str
    listed: tuple[str, ...]

    @property
    def declared(self) -> Consolidation:
        return self.edition.consolidation

    def admission(self) -> Admission:
        faults: dict[int, list[tuple[str, str]]] = {}
        for judge in (self._unreadable, self._different, self._strange, self._repeated, self._failed):
            for index, rule, message in judge():
                faults.setdefault(index, []).append((rule, message))
        kept = [s for i, s in enumerate(self.submissions) if i not in faults]
        taken = tuple(sorted(kept, key=self._place))
        foreign = {i for i, found in faults.items() if FOREIGN & {rule for rule, _ in found}}
        absent = self._absent(taken, foreign)
        findings = [
            told_rule(self.edition.rules[rule], f"{self.submissions[i].file}：{message}", ())
            for i in sorted(faults)
            for rule, message in faults[i]
        ]
        sent = {caption(s.unit) for s in self.submissions}
        unsent = [name for name in self.listed if caption(name) not in sent]
        findings += [
            told_rule(self.edition.rules["unit-missing"], f"名单中的“{n}”没有报送", ()) for n in unsent
        ]
        return Admission(
            taken,
            tuple(self._statuses(faults, unsent)),
            tuple(findings),
            absent,
            self.edition.id,
            self._name(),
        )

    # --- the department ---

    def _name(self) -> str:
        """As given, else as the units say, else that of the own office without its mark."""
        said = _commonest(s.authority for s in self.submissions)
        own = next((s.unit for s in self.submissions if self._own(s)), "")
        bare = own
        for mark in (f"（{self.declared.own}）", f"({self.declared.own})", self.declared.own):
            bare = bare.removesuffix(mark)
        return self.given_name or said or bare

    def _own(self, submission: Submission) -> bool:
        return self.declared.own in submission.unit

    def _place(self, submission: Submission) -> tuple[bool, int]:
        """The own office first, then as listed, then as named."""
        names = [caption(name) for name in self.listed]
        name = caption(submission.unit)
        office = self._own(submission) or name == caption(self._name())
        return not office, names.index(name) if name in names else self.submissions.index(submission)

    # --- what keeps a file out ---

    def _unreadable(self) -> Iterator[tuple[int, str, str]]:
        for index, submission in enumerate(self.submissions):
            if submission.problem:
                yield index, "unit-unreadable", submission.problem

    def _readable(self) -> Iterator[tuple[int, Submission]]:
        return ((i, s) for i, s in enumerate(self.submissions) if not s.problem)

    def _different(self) -> Iterator[tuple[int, str, str]]:
        """Another year, format or unit of money than most."""
        for rule, attribute, called in (
            ("unit-year", "year", "预算年度"),
            ("unit-edition", "edition", "版式"),
            ("unit-money", "money", "金额单位"),
        ):
            most = _commonest(getattr(s, attribute) for _, s in self._readable())
            for index, submission in self._readable():
                own = getattr(submission, attribute)
                if own != most:
                    yield index, rule, f"{called}是“{own or '空'}”，其他单位是“{most}”"

    def _strange(self) -> Iterator[tuple[int, str, str]]:
        """No unit of this department."""
        names = {caption(name) for name in self.listed}
        department = caption(self._name())
        for index, submission in self._readable():
            if not submission.unit:
                yield index, "unit-unnamed", "没有填单位名称"
                continue
            if submission.kind == self.declared.kind:
                yield index, "unit-is-department", f"“{submission.unit}”是部门汇总后的表，不是单位的表"
            if names and caption(submission.unit) not in names:
                yield index, "unit-unlisted", f"“{submission.unit}”不在单位名单里"
            elif submission.authority and caption(submission.authority) != department:
                told = f"“{submission.unit}”的{self.declared.authority}是“{submission.authority}”"
                yield index, "unit-of-another", f"{told}，不是“{self._name()}”"

    def _repeated(self) -> Iterator[tuple[int, str, str]]:
        """The same unit twice, or the same figures under two names; of equal files the first stays."""
        for indexes in self._groups(lambda s: caption(s.unit)):
            first = self.submissions[indexes[0]]
            same = all(self.submissions[i].content == first.content for i in indexes)
            for index in indexes[1:] if same else indexes:
                others = "、".join(self.submissions[i].file for i in indexes if i != index)
                told = "内容相同" if same else "内容不同，不知道以哪一份为准"
                yield index, "unit-twice", f"“{first.unit}”还有一份：{others}（{told}）"
        for indexes in self._groups(lambda s: s.content):
            first = self.submissions[indexes[0]]
            for index in indexes[1:]:
                other = self.submissions[index]
                if caption(other.unit) != caption(first.unit):
                    message = f"“{other.unit}”的数与 {first.file}（“{first.unit}”）完全相同"
                    yield index, "unit-copied", message

    def _groups(self, key: Callable[[Submission], Hashable]) -> Iterator[list[int]]:
        """The indexes of readable files that share something, where several do."""
        groups: dict[Hashable, list[int]] = {}
        for index, submission in self._readable():
            if value := key(submission):
                groups.setdefault(value, []).append(index)
        return (indexes for indexes in groups.values() if len(indexes) > 1)

    def _failed(self) -> Iterator[tuple[int, str, str]]:
        for index, submission in self._readable():
            if submission.errors:
                shown = "；".join(submission.first)
                more = "等" if submission.errors > len(submission.first) else ""
                yield index, "unit-errors", f"“{submission.unit}”有 {submission.errors} 处错误：{shown}{more}"

    # --- how everyone stands ---

    def _absent(self, taken: Sequence[Submission], foreign: Collection[int]) -> tuple[str, ...]:
        """The units whose figures are not in it: of the list, or of the files."""
        there = {caption(s.unit) for s in taken}
        own = (s for i, s in enumerate(self.submissions) if i not in foreign)
        names = self.listed or tuple(dict.fromkeys(s.unit or s.file for s in own))
        return tuple(name for name in names if caption(name) not in there)

    def _statuses(
        self, faults: Mapping[int, Sequence[tuple[str, str]]], unsent: Sequence[str]
    ) -> Iterator[Status]:
        order = sorted(range(len(self.submissions)), key=lambda i: self._place(self.submissions[i]))
        for index in order:
            submission = self.submissions[index]
            found = faults.get(index, ())
            remark = "；".join(message for _, message in found)
            foreign = bool(FOREIGN & {rule for rule, _ in found})
            state = _state(submission, found)
            yield Status(submission.unit, submission, state, not found, foreign, remark)
        yield from (Status(name, None, "missing", taken=False) for name in unsent)


def _state(submission: Submission, faults: Sequence[tuple[str, str]]) -> State:
    if submission.errors and all(rule == "unit-errors" for rule, _ in faults):
        return "failed"
    if faults:
        return "unfit"
    if submission.explains:
        return "explained" if submission.explained else "open"
    return "passed"


# --- the sheet ----------------------------------------------------------------------------------------------


def statuses_table(statuses: Sequence[Status], edition: Edition) -> Table:
    """The department's sheet of its units."""
    declared = edition.consolidation.traces
    rows = (_row(status, ordinal, edition) for ordinal, status in enumerate(statuses, start=1))
    return Table(declared.statuses, tuple(rows))


def _row(status: Status, ordinal: int, edition: Edition) -> Row:
    declared = edition.consolidation.traces
    sent = status.submission
    texts = {
        declared.unit: status.unit,
        declared.file: sent.file if sent else "",
        declared.state: declared.states[status.state],
        declared.taken: declared.foreign if status.foreign else declared.yes if status.taken else declared.no,
        declared.remark: status.remark,
    }
    cells = {column: Cell(text, given=True) for column, text in texts.items() if text}
    if sent and not sent.problem:
        counts = {declared.errors: sent.errors, declared.explains: sent.explains, declared.notes: sent.notes}
        cells |= {column: Cell(Decimal(count), given=True) for column, count in counts.items()}
    return Row(f"第{ordinal}行", "", None, cells)


def incomplete(table: Table, edition: Edition) -> tuple[str, ...]:
    """The units that a department's sheet tells to be missing; one that is there in another file is not."""
    declared = edition.consolidation.traces
    rows = tuple(table.lines())
    there = {caption(row.text(declared.unit)) for row in rows if row.text(declared.taken) == declared.yes}
    left = (row for row in rows if row.text(declared.taken) == declared.no)
    names = (row.text(declared.unit) or row.text(declared.file) for row in left)
    return tuple(dict.fromkeys(name for name in names if caption(name) not in there))
