"""What the board keeps, and the only place that writes it: first the file, then the database, then the answer.

Whoever is answered that something was taken can rely on it: a file is on the disk before the database speaks of it.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, TypeVar

from sqlalchemy import exists, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from budgetgen.app.board.database import WRITING, opened_database
from budgetgen.app.board.dockets import CLOSED, SOUND, UNSETTLED, Docket, UnitDocket, examination_of
from budgetgen.app.board.tables import (
    Account,
    Arrival,
    AuditLine,
    ControlSheet,
    Decision,
    Examination,
    Reply,
    UnitEntry,
)
from budgetgen.app.board.vault import PRIVATE_FOLDER, Vault
from budgetgen.values.findings import Blame, UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from sqlalchemy import Engine

    from budgetgen.app.board.tables import DecisionKind, Role
    from budgetgen.app.board.vault import Deposit

MARK: Final = "files"
"""The folder of the files, by which a board is known."""
LONGEST_NAME, LONGEST_CODE, LONGEST_ACCOUNT = 200, 40, 100
AUDITED: Final = 500
"""So many lines of the audit log are shown, the newest."""


_Entry = TypeVar("_Entry", Reply, Examination, Decision)


class RefusedError(Exception):
    """What cannot be done as things stand, in Chinese."""


@dataclass(frozen=True)
class Visitor:
    """On whose behalf something is done.

    Attributes:
        id: of the account; None of the command line.
        name: of the account.
        address: from where.
    """

    id: int | None = None
    name: str = ""
    address: str = "命令行"


@dataclass(frozen=True)
class Opening:
    """An account to be made.

    Attributes:
        name: one that is not taken.
        role: what it may do.
        password: hashed.
        unit: whose it is, by its name; where the role is that of a unit.
        temporary: whether the password only serves to choose another.
    """

    name: str
    role: Role
    password: str
    unit: str = ""
    temporary: bool = False


@dataclass(frozen=True)
class Store:
    """A board.

    Attributes:
        engine: of its database.
        vault: of its files.
    """

    engine: Engine
    vault: Vault

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        """All or nothing, and on the disk at the end.

        Raises:
            UnusableInputError: the database cannot be written to.
        """
        try:
            with (
                Session(self.engine.execution_options(**WRITING), expire_on_commit=False) as session,
                session.begin(),
            ):
                yield session
        except OperationalError as error:
            fix = "过一会儿再试；还是这样，请管理员检查磁盘空间和数据库"
            raise UnusableInputError("", "看板的数据库写不进去，没有保存", fix, Blame.MACHINE) from error

    # --- units and accounts ---

    def units(self) -> Sequence[UnitEntry]:
        """The units of the list, in its order."""
        with self._reading() as session:
            listed = select(UnitEntry).where(UnitEntry.listed).order_by(UnitEntry.position)
            return session.scalars(listed).all()

    def unit(self, key: int) -> UnitEntry | None:
        """A unit by its id."""
        with self._reading() as session:
            return session.get(UnitEntry, key)

    def list_units(self, names: Mapping[str, str], who: Visitor) -> None:
        """Take a list of units, name → code, for the list; what units that are not in it have sent stays.

        Raises:
            RefusedError: a name or a code is none.
        """
        for name, code in names.items():
            if len(name) > LONGEST_NAME or len(code) > LONGEST_CODE:
                raise RefusedError(
                    f"名称或编码太长：{name[:20]}…（名称至多 {LONGEST_NAME} 字，编码至多 {LONGEST_CODE} 字）"
                )
        with self._writing() as session:
            known = {unit.name: unit for unit in session.scalars(select(UnitEntry))}
            for unit in known.values():
                unit.listed = False
            for position, (name, code) in enumerate(names.items()):
                unit = known.get(name) or UnitEntry(name=name)
                unit.code, unit.position, unit.listed = code, position, True
                session.add(unit)
            _note(session, who, "units-listed", f"{len(names)} 个")

    def accounts(self) -> Sequence[Account]:
        """All accounts."""
        with self._reading() as session:
            return session.scalars(select(Account).order_by(Account.name)).all()

    def account(self, name: str) -> Account | None:
        """An account by its name."""
        with self._reading() as session:
            return session.scalar(select(Account).where(Account.name == name))

    def open_accounts(self, wanted: Sequence[Opening], who: Visitor) -> None:
        """Make accounts: all of them, or none.

        Raises:
            RefusedError: a name is none or is taken, or there is no such unit.
        """
        with self._writing() as session:
            for one in wanted:
                session.add(_opened(session, one))
                _note(session, who, "account-opened", one.name)

    def change_account(
        self,
        name: str,
        who: Visitor,
        *,
        password: str | None = None,
        active: bool = True,
        temporary: bool = False,
        verified: str | None = None,
    ) -> None:
        """Give an account another password, or close it.

        Args:
            name: its name.
            who: does it.
            password: hashed.
            active: whether it may sign in from now on.
            temporary: whether the password only serves to choose another.
            verified: the password, hashed, by which its owner asks for it; None of an administrator.

        Raises:
            RefusedError: there is none of that name, or it has been closed or got another password meanwhile.
        """
        with self._writing() as session:
            account = session.scalar(select(Account).where(Account.name == name).with_for_update())
            if account is None:
                raise RefusedError(f"没有账户 {name}")
            if verified is not None and not (account.active and account.password == verified):
                raise RefusedError("账户刚刚停用，或管理员刚刚重新设置了密码，没有改")
            account.password, account.active = password or account.password, active
            account.temporary = temporary if password else account.temporary
            _note(session, who, "password-changed" if password else "account-closed", name)

    # --- what comes and what is said to it ---

    def send(self, unit: int, source: Path, who: Visitor) -> Docket:
        """Take a unit's file; a form that is sent twice brings one submission.

        Raises:
            RefusedError: what is there is approved.
            UnusableInputError: the file cannot be kept.
        """
        deposit = self.vault.keep(source)
        with self._writing() as session:
            newest = _newest(session, unit)
            if newest and newest.state in CLOSED:
                raise RefusedError("已经批准，没有收。要改的，请部门先退回")
            if newest and newest.arrival.sha256 == deposit.sha256 and newest.state != "returned":
                return _again(session, newest)
            arrival = _arrival(deposit, who, newest, unit_id=unit, suffix=_ending(source))
            session.add(arrival)
            session.flush()
            _note(session, who, "sent", _subject(session, arrival))
        return Docket(arrival, due=True)

    def answer(self, submission: int, source: Path, who: Visitor) -> Docket:
        """Take a list of questions that comes back; a form that is sent twice brings one.

        Raises:
            RefusedError: it is not about the newest submission, or that is approved.
            UnusableInputError: the file cannot be kept.
        """
        deposit = self.vault.keep(source)
        with self._writing() as session:
            docket = _current(session, submission)
            if docket.state in CLOSED:
                raise RefusedError("已经批准，没有收。要改的，请部门先退回")
            if docket.replies and docket.replies[-1].sha256 == deposit.sha256:
                return _again(session, docket)
            reply = Reply(
                submission_id=submission,
                account_id=who.id,
                received=_now(),
                sha256=deposit.sha256,
                size=deposit.size,
            )
            session.add(reply)
            _note(session, who, "answered", _subject(session, docket.arrival))
        return replace(docket, replies=(*docket.replies, reply), due=True)

    def correct(self, submission: int, source: Path, replies: int, who: Visitor) -> Docket:
        """Take a submission with the figures that lists of questions brought, as a new one, with these lists.

        Args:
            submission: of which it was made, and which stays as it was sent.
            source: the file.
            replies: how many lists are in it.
            who: sent the last of them.

        Raises:
            RefusedError: something newer is there, or it is approved.
            UnusableInputError: the file cannot be kept.
        """
        deposit = self.vault.keep(source)
        with self._writing() as session:
            basis = _current(session, submission)
            if basis.state in CLOSED:
                raise RefusedError("已经批准，没有改数。要改的，请部门先退回")
            if len(basis.replies) != replies:
                raise RefusedError("又交回了问题单，按新的一份改数")
            unit, suffix = basis.arrival.unit_id, basis.arrival.suffix
            arrival = _arrival(deposit, who, basis, unit_id=unit, suffix=suffix, basis_id=submission)
            session.add(arrival)
            session.flush()
            taken = [_passed_on(reply, arrival) for reply in basis.replies]
            session.add_all(taken)
            _note(session, who, "corrected", _subject(session, arrival))
        return Docket(arrival, taken, due=True)

    def take_control(self, source: Path, who: Visitor) -> ControlSheet:
        """Take a table of approved figures; the newest one that comes again brings no other.

        Raises:
            UnusableInputError: the file cannot be kept.
        """
        deposit = self.vault.keep(source)
        with self._writing() as session:
            newest = session.scalar(select(ControlSheet).order_by(ControlSheet.id.desc()).limit(1))
            if newest and newest.sha256 == deposit.sha256:
                return newest
            sheet = ControlSheet(
                account_id=who.id,
                received=_now(),
                sha256=deposit.sha256,
                size=deposit.size,
                suffix=_ending(source),
            )
            session.add(sheet)
            _note(session, who, "control-kept", f"SHA-256 {deposit.sha256[:12]}…")
        return sheet

    def checked(self, examination: Examination) -> None:
        """Keep what checking said."""
        examination.checked = _now()
        with self._writing() as session:
            session.add(examination)

    def decide(self, submission: int, kind: DecisionKind, remark: str, who: Visitor) -> None:
        """Keep a decision.

        Raises:
            RefusedError: as it stands, that cannot be decided.
        """
        with self._writing() as session:
            docket = _current(session, submission)
            if problem := _objection(docket, kind, remark):
                raise RefusedError(problem)
            decision = Decision(
                submission_id=submission,
                account_id=who.id,
                replies=len(docket.replies),
                kind=kind,
                decided=_now(),
                remark=remark,
            )
            session.add(decision)
            _note(session, who, kind, _subject(session, docket.arrival))

    def note(self, who: Visitor, event: str, subject: str = "") -> None:
        """Add a line to the audit log."""
        with self._writing() as session:
            _note(session, who, event, subject)

    # --- how things stand ---

    def board(self) -> Sequence[UnitDocket]:
        """Every unit of the list with its newest submission."""
        last = select(func.max(Arrival.id)).group_by(Arrival.unit_id)
        with self._reading() as session:
            newest = session.scalars(select(Arrival).where(Arrival.id.in_(last))).all()
            dockets = {docket.arrival.unit_id: docket for docket in _dockets(session, newest)}
        return [UnitDocket(unit, dockets.get(unit.id)) for unit in self.units()]

    def history(self, unit: int) -> Sequence[Docket]:
        """All that a unit has sent, the newest first."""
        with self._reading() as session:
            sent = select(Arrival).where(Arrival.unit_id == unit).order_by(Arrival.number.desc())
            return _dockets(session, session.scalars(sent).all())

    def docket(self, submission: int) -> Docket | None:
        """A submission by its id."""
        with self._reading() as session:
            arrival = session.get(Arrival, submission)
            return _dockets(session, [arrival])[0] if arrival else None

    def unchecked(self) -> Sequence[Docket]:
        """What checking has not seen yet, or not to the end."""
        with self._reading() as session:
            there = select(func.count()).where(Reply.submission_id == Arrival.id).correlate(Arrival)
            last = select(func.max(Examination.id)).correlate(Arrival)
            last = last.where(
                Examination.submission_id == Arrival.id, Examination.replies == there.scalar_subquery()
            )
            seen = exists().where(
                Examination.id == last.scalar_subquery(), Examination.standing.not_in(UNSETTLED)
            )
            return _dockets(session, session.scalars(select(Arrival).where(~seen).order_by(Arrival.id)).all())

    def again(self, submission: int) -> Docket:
        """A submission that is to be checked once more where checking did not come to its end, as it stands by now."""
        with self._writing() as session:
            arrival = session.get_one(Arrival, submission)
            session.execute(select(UnitEntry).where(UnitEntry.id == arrival.unit_id).with_for_update())
            return _again(session, _dockets(session, [arrival])[0])

    def controls(self) -> Sequence[ControlSheet]:
        """All tables of approved figures, the newest first."""
        with self._reading() as session:
            return session.scalars(select(ControlSheet).order_by(ControlSheet.id.desc())).all()

    def audit(self, most: int = AUDITED) -> Sequence[AuditLine]:
        """The newest lines of the audit log, the newest first."""
        with self._reading() as session:
            return session.scalars(select(AuditLine).order_by(AuditLine.id.desc()).limit(most)).all()

    def names(self) -> Mapping[int, str]:
        """The names of the accounts, by their ids."""
        return {account.id: account.name for account in self.accounts()}


def opened_store(folder: Path, address: str = "", *, new: bool = False) -> Store:
    """The board of a folder.

    Args:
        folder: which.
        address: of its database; by default that in the folder.
        new: make one where there is none.

    Raises:
        UnusableInputError: there is none, or something else; or its database cannot be opened.
    """
    vault = Vault(folder / MARK)
    if not new and not vault.folder.is_dir():
        raise UnusableInputError(folder, "这个文件夹里没有看板", "先用 budgetgen board init 建一个")
    if new and folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UnusableInputError(folder, "已经有内容，看板要放在空的文件夹里", "换一个新的文件夹")
    try:
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        folder.chmod(PRIVATE_FOLDER)
        store = Store(opened_database(folder, address), vault)
        vault.folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
    except OSError as error:
        fix = "核对文件夹的权限和磁盘空间"
        raise UnusableInputError(folder, "看板的文件夹不能写", fix, Blame.MACHINE) from error
    return store


def _opened(session: Session, one: Opening) -> Account:
    """An account that is made.

    Raises:
        RefusedError: it cannot be.
    """
    if not 0 < len(one.name) <= LONGEST_ACCOUNT:
        raise RefusedError(f"账户的名称要有 1 至 {LONGEST_ACCOUNT} 个字")
    if session.scalar(select(Account).where(Account.name == one.name)):
        raise RefusedError(f"已有账户 {one.name}")
    owner = session.scalar(select(UnitEntry).where(UnitEntry.name == one.unit, UnitEntry.listed))
    if (one.role == "unit") != (owner is not None):
        raise RefusedError(f"名单里没有单位“{one.unit}”" if one.unit else "单位的账户要写明单位")
    return Account(
        name=one.name,
        role=one.role,
        unit_id=owner.id if owner else None,
        password=one.password,
        active=True,
        temporary=one.temporary,
    )


def _objection(docket: Docket, kind: DecisionKind, remark: str) -> str:
    """Why something cannot be decided as it stands; empty where it can."""
    match kind:
        case "returned":
            if docket.state == "returned":
                return "已经退回了，等单位交回问题单或重新报送"
            return "" if remark else "没有写退回的理由或要问的问题"
        case "approved":
            return "" if docket.state in SOUND else "只能批准已经通过、或需说明的都已说明的报送"
        case "published":
            return "" if docket.state == "approved" else "只有批准了的才能标为已公开"


def _dockets(session: Session, arrivals: Sequence[Arrival]) -> Sequence[Docket]:
    keys = [arrival.id for arrival in arrivals]
    replies = _by_submission(session, Reply, keys)
    checks = _by_submission(session, Examination, keys)
    decisions = _by_submission(session, Decision, keys)
    return [Docket(one, replies[one.id], checks[one.id], decisions[one.id]) for one in arrivals]


def _by_submission(session: Session, table: type[_Entry], keys: Sequence[int]) -> Mapping[int, list[_Entry]]:
    found: dict[int, list[_Entry]] = {key: [] for key in keys}
    for entry in session.scalars(select(table).where(table.submission_id.in_(keys)).order_by(table.id)):
        found[entry.submission_id].append(entry)
    return found


def _newest(session: Session, unit: int) -> Docket | None:
    """The newest submission of a unit; until the end nobody else writes to that unit."""
    session.execute(select(UnitEntry).where(UnitEntry.id == unit).with_for_update())
    sent = select(Arrival).where(Arrival.unit_id == unit).order_by(Arrival.number.desc()).limit(1)
    newest = session.scalar(sent)
    return _dockets(session, [newest])[0] if newest else None


def _current(session: Session, submission: int) -> Docket:
    """A submission that is the newest of its unit."""
    arrival = session.get(Arrival, submission)
    newest = _newest(session, arrival.unit_id) if arrival else None
    if newest is None or newest.arrival.id != submission:
        raise RefusedError("这个单位又有新的报送，请看新的一份")
    return newest


def _again(session: Session, docket: Docket) -> Docket:
    """What came a second time: it is checked once more where checking did not come to its end."""
    if docket.state != "unfinished":
        return docket
    begun = examination_of(docket, "received")
    begun.checked = _now()
    session.add(begun)
    return replace(docket, checks=(*docket.checks, begun), due=True)


def _arrival(
    deposit: Deposit,
    who: Visitor,
    before: Docket | None,
    *,
    unit_id: int,
    suffix: str,
    basis_id: int | None = None,
) -> Arrival:
    """A submission that has just come, behind the one before it."""
    return Arrival(
        unit_id=unit_id,
        account_id=who.id,
        number=before.arrival.number + 1 if before else 1,
        received=_now(),
        sha256=deposit.sha256,
        size=deposit.size,
        suffix=suffix,
        basis_id=basis_id,
    )


def _passed_on(reply: Reply, arrival: Arrival) -> Reply:
    """A list of questions that belongs to a further submission, too."""
    return Reply(
        submission_id=arrival.id,
        account_id=reply.account_id,
        received=reply.received,
        sha256=reply.sha256,
        size=reply.size,
    )


def _ending(source: Path) -> str:
    return source.suffix.lower()[:10]


def _subject(session: Session, arrival: Arrival) -> str:
    unit = session.get_one(UnitEntry, arrival.unit_id)
    return f"{unit.name} 第 {arrival.number} 次，SHA-256 {arrival.sha256[:12]}…"


def _note(session: Session, who: Visitor, event: str, subject: str) -> None:
    line = AuditLine(
        at=_now(), account=who.name[:100], address=who.address[:100], event=event, subject=subject[:300]
    )
    session.add(line)


def _now() -> datetime:
    return datetime.now(UTC)
