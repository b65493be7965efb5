"""What units have sent is checked as the page checks a file: by the same workers; what comes of it goes to the board."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from shutil import copyfile
from threading import Lock
from typing import TYPE_CHECKING

from budgetgen.app.board.dockets import examination_of
from budgetgen.app.board.store import RefusedError, Visitor
from budgetgen.app.pipeline.outputs import file_name
from budgetgen.app.serve.messages import Order
from budgetgen.app.serve.orders import LEFT, SENT
from budgetgen.values.findings import Blame, UnusableInputError
from budgetgen.values.text import caption

if TYPE_CHECKING:
    from pathlib import Path

    from budgetgen.app.board.dockets import Docket
    from budgetgen.app.board.store import Store
    from budgetgen.app.board.tables import Examination, UnitEntry
    from budgetgen.app.serve.messages import BoardKind, Kind
    from budgetgen.app.serve.orders import Handling, Orders


@dataclass(frozen=True)
class Checks:
    """Checks submissions.

    Attributes:
        store: the board.
        orders: have it done.
        going: what is being checked: submission, and how many answers it has.
    """

    store: Store
    orders: Orders
    going: set[tuple[int, int]] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)

    def resume(self) -> None:
        """Check what came before the server was ended, however it was ended.

        People send meanwhile: each is looked at once more. What cannot be begun waits for the next start, or for
        whoever sends it again; the others are begun.
        """
        for waiting in self.store.unchecked():
            with suppress(UnusableInputError, OSError):
                docket = self.store.again(waiting.arrival.id)
                if docket.check is None:
                    self.begin(docket, LEFT)

    def begin(self, docket: Docket, turn: int = SENT) -> None:
        """Check a submission with all answers that are there, unless that is being done."""
        key = docket.arrival.id, len(docket.replies)
        with self._lock:
            if key in self.going:
                return
            self.going.add(key)
        placed = False
        try:
            placed = self._placed(docket, turn)
        finally:
            if not placed:
                self.going.discard(key)

    def _placed(self, docket: Docket, turn: int) -> bool:
        """Whether it will be checked."""
        unit = self.store.unit(docket.arrival.unit_id)
        if unit is None:
            return False
        try:
            order = self.order("judge", docket, unit)
        except UnusableInputError:  # it is checked once it is restored
            self.store.note(Visitor(address=""), "file-lost", title_of(docket, unit))
            self.store.checked(examination_of(docket, "unfinished"))
            return False
        except OSError:  # there is no room for the copies
            self.store.checked(examination_of(docket, "unfinished"))
            return False
        self.orders.place(order, lambda handling: self._ended(handling, docket, unit), turn)
        return True

    def order(self, kind: Kind | BoardKind, docket: Docket, unit: UnitEntry, owner: str = "") -> Order:
        """An order about a submission, on copies of what was sent.

        Raises:
            UnusableInputError: what was sent is not there any more.
        """
        with self.orders.folder() as folder:
            files = {"file": (self.copy(docket, unit, folder),)}
            if docket.arrival.basis_id and (basis := self.store.docket(docket.arrival.basis_id)):
                files["base"] = (self.copy(basis, unit, folder),)
            names = self.store.names()
            options, answers = {}, []
            for number, reply in enumerate(docket.replies, start=1):
                target = folder / f"问题单{number}.xlsx"
                copyfile(self.store.vault.path(reply.sha256), target)
                answers.append(target)
                when = reply.received.astimezone()
                options[target.name] = f"{names[reply.account_id]} {when:%Y-%m-%d %H:%M}"
            return Order(kind, folder, {**files, "answers": tuple(answers)}, options, owner=owner)

    def copy(self, docket: Docket, unit: UnitEntry, folder: Path) -> Path:
        """A copy of what was sent, under a name that tells whose it is.

        Raises:
            UnusableInputError: it is not there any more.
        """
        target = folder / title_of(docket, unit)
        copyfile(self.store.vault.path(docket.arrival.sha256), target)
        return target

    def _ended(self, handling: Handling, docket: Docket, unit: UnitEntry) -> None:
        # First: who sends it again as soon as it is told how it stands is not to be taken for the check that has ended.
        self.going.discard((docket.arrival.id, len(docket.replies)))
        try:
            if handling.state != "stopped":  # the server is being ended: it is checked when it begins again
                self._judged(handling, docket, unit)
        finally:
            self.orders.discard(handling.order.folder.name)

    def _judged(self, handling: Handling, docket: Docket, unit: UnitEntry) -> None:
        examination, made = _examined(handling, docket, unit), None
        # First: once it is told how a submission stands, nothing that belongs to it is still to come.
        if handling.view and handling.view.corrected:
            made, kept = self._corrected(handling.order.folder / handling.view.corrected, docket)
            examination.standing = examination.standing if kept else "unfinished"
        self.store.checked(examination)
        if made:
            self.begin(made)

    def _corrected(self, path: Path, docket: Docket) -> tuple[Docket | None, bool]:
        """The submission with the figures of the list that came back last; whether nothing is to be tried again.

        There is none where the list is not about the newest any more, or where it cannot be kept.
        """
        last = docket.replies[-1]
        who = Visitor(last.account_id, self.store.names()[last.account_id], "")
        try:
            return self.store.correct(docket.arrival.id, path, len(docket.replies), who), True
        except RefusedError as error:
            self.store.note(who, "not-corrected", f"{path.name}：{error}")
            return None, True
        except UnusableInputError as error:  # the disk is full
            self.store.note(who, "not-corrected", f"{path.name}：{error.problem}。{error.fix}")
            return None, False


def _examined(handling: Handling, docket: Docket, unit: UnitEntry) -> Examination:
    """What came of checking."""
    judged = handling.view.judged if handling.view else None
    if judged is None:
        refused = handling.refusal.blame if handling.refusal else Blame.PROGRAM
        return examination_of(docket, "unreadable" if refused is Blame.FILE else "unfinished")
    return examination_of(
        docket,
        judged.state if caption(judged.unit) == caption(unit.name) else "unfit",
        errors=judged.errors,
        explains=judged.explains,
        notes=judged.notes,
    )


def title_of(docket: Docket, unit: UnitEntry) -> str:
    """What a submission is called; the name that the file had may speak of a secret item."""
    return f"{file_name(unit.name)}（第{docket.arrival.number}次报送）{docket.arrival.suffix}"
