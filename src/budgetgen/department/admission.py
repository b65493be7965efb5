"""Which files make a department together, and why others do not."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from budgetgen.department.submissions import Admission, State, Status, Submission
from budgetgen.department.units import bare_name, is_own_office
from budgetgen.values.findings import Blame, Finding
from budgetgen.values.sayings import ONLY, listed, saying
from budgetgen.values.text import caption

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence

    from budgetgen.edition.declarations import Consolidation, Edition
    from budgetgen.values.sayings import Stated

FOREIGN = frozenset({"unit-unlisted", "unit-of-another", "unit-is-department", "unit-within"})
"""The rules that keep out what is no unit of the department."""


def admit(
    submissions: Sequence[Submission], edition: Edition, *, name: str = "", listed: Sequence[str] = ()
) -> Admission:
    """Judge the files of a department; what an earlier consolidation of it wrote is left aside.

    Args:
        submissions: in the order in which they were named.
        edition: the format whose words are used; that of most of the files.
        name: of the department; by default what the files tell.
        listed: the names of all its units in order, where it has such a list.
    """
    sent = tuple(submission for submission in submissions if not submission.result) or tuple(submissions)
    own = caption(_Judge(edition, sent, name, tuple(listed)).name)
    there = set(map(id, sent))
    skipped = [s for s in submissions if id(s) not in there and caption(s.unit) == own]
    judged = tuple(s for s in submissions if s not in skipped)
    return replace(
        _Judge(edition, judged, name, tuple(listed)).admission(), skipped=tuple(s.file for s in skipped)
    )


def common_edition(submissions: Sequence[Submission]) -> str:
    """The format of most of the files, empty where none could be read."""
    return _commonest(submission.edition for submission in submissions if not submission.result)


def _commonest(values: Iterable[str]) -> str:
    counts = Counter(value for value in values if value)
    return counts.most_common(1)[0][0] if counts else ""


@dataclass(frozen=True, slots=True)
class _Fault:
    """Why a file is kept out.

    Attributes:
        index: of the file, as it was named.
        rule: id.
        stated: what is told of it, without the file.
    """

    index: int
    rule: str
    stated: Stated


@dataclass(frozen=True)
class _Judge:
    """The files of a department under judgement; files are known by their indexes, for two may say the same."""

    edition: Edition
    submissions: tuple[Submission, ...]
    given_name: str
    listed: tuple[str, ...]

    @property
    def declared(self) -> Consolidation:
        return self.edition.consolidating

    def admission(self) -> Admission:
        faults = self._faults()
        taken = tuple(self.submissions[index] for index in self._order if index not in faults)
        return Admission(
            taken,
            tuple(self._statuses(faults)),
            tuple(self._findings(faults)),
            tuple(self._absent(taken, faults)),
            self.edition.id,
            self.name,
        )

    def _faults(self) -> Mapping[int, tuple[_Fault, ...]]:
        """What keeps files out, by file."""
        faults: dict[int, tuple[_Fault, ...]] = {}
        for judge in (
            self._unreadable,
            self._different,
            self._strange,
            self._within,
            self._repeated,
            self._copied,
            self._failed,
        ):
            for fault in judge():
                faults[fault.index] = (*faults.get(fault.index, ()), fault)
        return faults

    def _findings(self, faults: Mapping[int, Sequence[_Fault]]) -> Iterator[Finding]:
        """All of that, file after file, and who has not sent any."""
        rules = self.edition.rules
        for index in sorted(faults):
            for fault in faults[index]:
                own = fault.stated.worded(rules[fault.rule].says)
                told = saying("file", 文件=self.submissions[index].file, 情况=own)
                yield Finding.of(rules[fault.rule], told.worded(self.edition.stating))
        for name in self._unsent:
            yield Finding.of(rules["unit-missing"], saying(单位=name))
        for submission in (s for index, s in enumerate(self.submissions) if index not in faults):
            if submission.lacking:
                told = saying(
                    "lacking", 文件=submission.file, 单位=submission.unit, 缺=listed(submission.lacking)
                )
                yield Finding.of(rules["unit-missing"], told)

    # --- the department and its units ---

    @cached_property
    def name(self) -> str:
        """Of the department: as given, else as the units say, else that of the own office without its mark."""
        upper = min((len(s.code) for s in self.submissions if s.code and s.authority), default=0)
        said = _commonest(s.authority for s in self.submissions if not upper or len(s.code) == upper)
        own = next((s.unit for s in self.submissions if is_own_office(s.unit, self.edition)), "")
        return self.given_name or said or bare_name(own, self.edition)

    @cached_property
    def _code(self) -> str:
        """Of the department, as most of its units' codes begin; empty where they have none."""
        own = (s for s in self.submissions if s.code and caption(s.authority) == caption(self.name))
        return _commonest(s.code[: -self.declared.step] for s in own)

    @cached_property
    def _positions(self) -> Mapping[str, int]:
        """The place of each unit of the list, by caption of its name."""
        return {caption(name): position for position, name in enumerate(self.listed)}

    @cached_property
    def _order(self) -> Sequence[int]:
        """The files: that of the own office first, then as listed, then as named."""

        def place(index: int) -> tuple[bool, bool, int]:
            unit = self.submissions[index].unit
            own = caption(bare_name(unit, self.edition)) == caption(self.name)
            later = not is_own_office(unit, self.edition, self.name)
            return not own, later, self._positions.get(caption(unit), len(self.listed) + index)

        return sorted(range(len(self.submissions)), key=place)

    @cached_property
    def _unsent(self) -> Sequence[str]:
        """The units of the list that have sent no file."""
        sent = {caption(s.unit) for s in self.submissions}
        return [name for name in self.listed if caption(name) not in sent]

    # --- what keeps a file out ---

    def _unreadable(self) -> Iterator[_Fault]:
        for index, submission in enumerate(self.submissions):
            if submission.problem:
                rule = "unit-unreadable" if submission.blame is Blame.FILE else "unit-unfinished"
                yield _Fault(index, rule, saying(问题=submission.problem))

    def _readable(self) -> Iterator[tuple[int, Submission]]:
        return ((i, s) for i, s in enumerate(self.submissions) if not s.problem)

    def _different(self) -> Iterator[_Fault]:
        """Another year or format than most; units of money may differ, for all is added up in 万元."""
        readable = tuple(self._readable())
        for rule, attribute, called in (
            ("unit-year", "year", self.edition.house.year),
            ("unit-edition", "edition", "版式"),
        ):
            most = _commonest(getattr(s, attribute) for _, s in readable)
            for index, submission in readable:
                own = getattr(submission, attribute)
                if own != most:
                    told = saying(名称=called, 是=own or saying("blank"), 其他=most)
                    yield _Fault(index, rule, told)

    def _strange(self) -> Iterator[_Fault]:
        """No unit of this department."""
        department = caption(self.name)
        for index, submission in self._readable():
            if not submission.unit:
                yield _Fault(index, "unit-unnamed", saying())
                continue
            alone = len(self.submissions) == 1 or caption(submission.unit) == department
            if submission.kind == self.declared.kind and alone:
                yield _Fault(index, "unit-is-department", saying(单位=submission.unit))
            if self.listed:
                if caption(submission.unit) not in self._positions:
                    yield _Fault(index, "unit-unlisted", saying(单位=submission.unit))
            elif told := self._of_another(submission):
                yield _Fault(index, "unit-of-another", told)

    def _of_another(self, submission: Submission) -> Stated | None:
        """What tells that it is a unit of another department; None where nothing does.

        Its code, where both have one; else the department that it names, which may be a unit itself.
        """
        if submission.code and self._code:
            if submission.code.startswith(self._code):
                return None
            return saying(
                "code", 单位=submission.unit, 名称=self.declared.code, 代码=submission.code, 部门=self._code
            )
        above = {caption(self.name), *(caption(s.unit) for s in self.submissions)}
        if not submission.authority or caption(submission.authority) in above:
            return None
        told = self.declared.authority
        return saying(单位=submission.unit, 名称=told, 主管=submission.authority, 部门=self.name)

    def _within(self) -> Iterator[_Fault]:
        """What a department that is a unit of this one has already added up."""
        within = {caption(name): s for s in self.submissions if s.unit for name in s.units}
        for index, submission in self._readable():
            outer = within.get(caption(submission.unit))
            if outer and outer is not submission and caption(outer.unit) != caption(submission.unit):
                told = saying(单位=submission.unit, 文件=outer.file, 部门=outer.unit)
                yield _Fault(index, "unit-within", told)

    def _repeated(self) -> Iterator[_Fault]:
        """The same unit twice; of files with the same figures the first stays."""
        for indexes in self._groups(lambda s: caption(s.unit)):
            first = self.submissions[indexes[0]]
            same = all(self.submissions[i].content == first.content for i in indexes)
            for index in indexes[1:] if same else indexes:
                others = listed(self.submissions[i].file for i in indexes if i != index)
                told = saying(ONLY if same else "different", 单位=first.unit, 文件=others)
                yield _Fault(index, "unit-twice", told)

    def _copied(self) -> Iterator[_Fault]:
        """The same figures under several names: nobody knows whose they are, but for the only one of the list."""
        for indexes in self._groups(lambda s: s.content if s.unit else ""):
            units = {index: caption(self.submissions[index].unit) for index in indexes}
            known = {unit for unit in units.values() if unit in self._positions}
            kept = known if len(known) == 1 else set()
            for index in indexes:
                others = [self.submissions[i] for i in indexes if units[i] != units[index]]
                if others and units[index] not in kept:
                    files = listed(saying("file", 文件=o.file, 单位=o.unit) for o in others)
                    which = "listed" if kept else ONLY
                    told = saying(which, 单位=self.submissions[index].unit, 各份=files)
                    yield _Fault(index, "unit-copied", told)

    def _groups(self, key: Callable[[Submission], Hashable]) -> Iterator[list[int]]:
        """The indexes of readable files that share something, where several do."""
        groups: dict[Hashable, list[int]] = {}
        for index, submission in self._readable():
            if value := key(submission):
                groups.setdefault(value, []).append(index)
        return (indexes for indexes in groups.values() if len(indexes) > 1)

    def _failed(self) -> Iterator[_Fault]:
        for index, submission in self._readable():
            if submission.errors:
                more = saying("more") if submission.errors > len(submission.first) else None
                shown = listed(submission.first, "；")
                told = saying(单位=submission.unit, 处=submission.errors, 各处=shown, 等=more)
                yield _Fault(index, "unit-errors", told)

    # --- how everyone stands ---

    def _absent(self, taken: Sequence[Submission], faults: Mapping[int, Sequence[_Fault]]) -> Iterator[str]:
        """The units whose figures are not in it: of the list, or of the files."""
        there = {caption(s.unit) for s in taken}
        own = (s for i, s in enumerate(self.submissions) if not _foreign(faults.get(i, ())))
        names = self.listed or tuple(dict.fromkeys(s.unit or s.file for s in own))
        yield from (name for name in names if caption(name) not in there)
        yield from (name for submission in taken for name in submission.lacking)

    def _statuses(self, faults: Mapping[int, Sequence[_Fault]]) -> Iterator[Status]:
        for index in self._order:
            submission, found = self.submissions[index], faults.get(index, ())
            rules = self.edition.rules
            remark = "；".join(fault.stated.told(rules[fault.rule].says) for fault in found)
            state = state_of(submission, found)
            yield Status(submission.unit, submission, state, not found, _foreign(found), remark)
            if not found:
                yield from (self._lacked(name, submission) for name in submission.lacking)
        yield from (Status(name, None, "missing", taken=False) for name in self._unsent)

    def _lacked(self, name: str, outer: Submission) -> Status:
        """A unit that a department within this one has not added up."""
        return Status(name, None, "missing", taken=False, remark=f"“{outer.unit}”汇总时缺报")


def _foreign(faults: Iterable[_Fault]) -> bool:
    """Whether a file is none of the department's units."""
    return not FOREIGN.isdisjoint(fault.rule for fault in faults)


def state_of(submission: Submission, faults: Sequence[_Fault] = ()) -> State:
    """How a file stands."""
    if submission.errors and all(fault.rule == "unit-errors" for fault in faults):
        return "failed"
    if faults:
        return "unfit"
    if submission.explains:
        return "explained" if submission.explained else "open"
    return "passed"
