"""What units have sent is checked as the page checks a file: by the same workers; what comes of it goes to the board."""

from __future__ import annotations

from dataclasses import dataclass
from shutil import copyfile
from typing import TYPE_CHECKING

from budgetgen.app.board.store import Visitor
from budgetgen.app.board.tables import Examination
from budgetgen.app.pipeline.outputs import file_name
from budgetgen.app.serve.messages import Order
from budgetgen.values.findings import UnusableInputError
from budgetgen.values.text import caption

if TYPE_CHECKING:
    from pathlib import Path

    from budgetgen.app.board.dockets import Docket
    from budgetgen.app.board.store import Store
    from budgetgen.app.board.tables import UnitEntry
    from budgetgen.app.serve.messages import BoardKind, Kind
    from budgetgen.app.serve.orders import Handling, Orders


@dataclass(frozen=True)
class Checks:
    """Checks submissions.

    Attributes:
        store: the board.
        orders: have it done.
    """

    store: Store
    orders: Orders

    def resume(self) -> None:
        """Check what came before the server was ended, however it was ended."""
        for docket in self.store.unchecked():
            self.begin(docket)

    def begin(self, docket: Docket) -> None:
        """Check a submission with all answers that are there."""
        unit = self.store.unit(docket.arrival.unit_id)
        if unit is None:
            return
        try:
            order = self.order("judge", docket, unit)
        except UnusableInputError:  # it stays unchecked, and is checked once it is restored
            self.store.note(Visitor(address=""), "file-lost", title_of(docket, unit))
            return
        self.orders.place(order, lambda handling: self._ended(handling, docket, unit))

    def order(self, kind: Kind | BoardKind, docket: Docket, unit: UnitEntry, owner: str = "") -> Order:
        """An order about a submission, on copies of what was sent.

        Raises:
            UnusableInputError: what was sent is not there any more.
        """
        folder = self.orders.new_folder()
        file = self.copy(docket, unit, folder)
        names = self.store.names()
        options, answers = {}, []
        for number, reply in enumerate(docket.replies, start=1):
            target = folder / f"问题单{number}.xlsx"
            copyfile(self.store.vault.path(reply.sha256), target)
            answers.append(target)
            when = reply.received.astimezone()
            options[target.name] = f"{names[reply.account_id]} {when:%Y-%m-%d %H:%M}"
        return Order(kind, folder, {"file": (file,), "answers": tuple(answers)}, options, owner=owner)

    def copy(self, docket: Docket, unit: UnitEntry, folder: Path) -> Path:
        """A copy of what was sent, under a name that tells whose it is.

        Raises:
            UnusableInputError: it is not there any more.
        """
        target = folder / title_of(docket, unit)
        copyfile(self.store.vault.path(docket.arrival.sha256), target)
        return target

    def _ended(self, handling: Handling, docket: Docket, unit: UnitEntry) -> None:
        self.orders.discard(handling.order.folder.name)
        if handling.state == "stopped":  # the server is being ended: it is checked when it begins again
            return
        judged = handling.view.judged if handling.view else None
        standing = "unreadable"
        if judged:
            own = caption(judged.unit) == caption(unit.name)
            standing = judged.state if own else "unfit"
        examination = Examination(
            submission_id=docket.arrival.id,
            replies=len(docket.replies),
            standing=standing,
            errors=judged.errors if judged else 0,
            explains=judged.explains if judged else 0,
            notes=judged.notes if judged else 0,
        )
        self.store.checked(examination)


def title_of(docket: Docket, unit: UnitEntry) -> str:
    """What a submission is called; the name that the file had may speak of a secret item."""
    return f"{file_name(unit.name)}（第{docket.arrival.number}次报送）{docket.arrival.suffix}"
