"""What the board keeps when its server is killed again and again while its units send.

    python -m benchmarks.board [--units N] [--kills N] [--at-once N] [--wait SECONDS] [--postgresql] [--seed N]

The real server is started on a board in a temporary folder, with a database in SQLite or in a PostgreSQL of its own.
So many units sign in at once and each sends its workbook (made of the sample's, its name changed) until it is
acknowledged; in between the server gets SIGKILL at a random moment and is started again. At the end every unit has
sent, the last server checks what no other has, and everything is compared: each acknowledged file has to be there
with the bytes that were sent, each submission with its file, its number and its line in the audit log, and no file
by half. Told are how many were acknowledged, how long that took, and what was lost: the exit code is 1 where anything was.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING

import httpx2
from argon2 import PasswordHasher
from tests.postgresql import cluster, new_database

from budgetgen.app.board.store import Opening, Store, Visitor, opened_store
from budgetgen.writing.archive import pack

if TYPE_CHECKING:
    from collections.abc import Iterator

SAMPLE = Path(__file__).parents[1] / "samples" / "xinjiang-2026-unit.xlsx"
NAME, STRINGS = "乌鲁木齐科技信息服务中心", "xl/sharedStrings.xml"
WORD = "right-password"
PATIENCE = 60.0
STARTS = 5
"""So often it may not start."""
BETWEEN = (1.0, 6.0)
"""Seconds that a server lives before it is killed."""


@dataclass
class Server:
    """The program as it is started; another one after each kill."""

    folder: Path
    database: str
    origin: str = ""
    process: subprocess.Popen[str] | None = None
    ready: Event = field(default_factory=Event)
    refused: list[str] = field(default_factory=list)
    """What the program said where it did not start."""

    def start(self) -> None:
        """As an office would: where it does not start, again a little later."""
        while not self._started():
            if len(self.refused) > STARTS:
                os._exit(1)  # whoever waits for it would wait for ever
            time.sleep(1)
        self.ready.set()

    def _started(self) -> bool:
        command = [sys.executable, "-m", "budgetgen", "serve", "--department", str(self.folder)]
        command += ["--database", self.database] if self.database else []
        env = {**os.environ, "PYTHONUNBUFFERED": "1", "XDG_CACHE_HOME": str(self.folder.parent)}
        log = self.folder.parent / "stderr.txt"
        with log.open("w") as errors:
            self.process = subprocess.Popen(
                command,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=env,
                text=True,
                encoding="utf-8",
                start_new_session=True,
            )
        found = re.search(r"http://\S+", self.process.stdout.readline() if self.process.stdout else "")
        self.origin = found[0] if found else ""
        if not found:
            self.refused.append(log.read_text()[-1000:])
            print("did not start:", self.refused[-1], flush=True)
        return found is not None

    def kill(self) -> None:
        self.ready.clear()
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(PATIENCE)


@dataclass
class Sent:
    """What units have sent: unit and hash of each that was acknowledged, and how long that took."""

    acknowledged: list[tuple[str, str]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    tried: int = 0


def workbooks(names: list[str]) -> Iterator[tuple[str, bytes]]:
    """A workbook for each unit."""
    with zipfile.ZipFile(SAMPLE) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name in names:
        yield name, pack({**parts, STRINGS: parts[STRINGS].replace(NAME.encode(), name.encode())})


def send(server: Server, sent: Sent, name: str, data: bytes) -> None:
    """Sign in and send, again and again, until it is acknowledged."""
    while True:
        server.ready.wait()
        begun = time.monotonic()
        sent.tried += 1
        with suppress(httpx2.HTTPError):
            origin = server.origin
            with httpx2.Client(base_url=origin, headers={"origin": origin}, timeout=PATIENCE) as browser:
                browser.post("/sign-in", data={"name": name, "password": WORD})
                home = browser.get("/").headers["location"]
                answer = browser.post(f"{home}/submissions", files={"file": ("填报.xlsx", BytesIO(data))})
            if answer.status_code == HTTPStatus.SEE_OTHER:
                sent.acknowledged.append((name, sha256(data).hexdigest()))
                sent.seconds.append(time.monotonic() - begun)
                return
        time.sleep(0.05)


def made_board(folder: Path, database: str, names: list[str]) -> None:
    store = opened_store(folder, database, new=True)
    kept = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(WORD)
    store.list_units(dict.fromkeys(names, ""), Visitor())
    store.open_accounts([Opening(name, "unit", kept, name) for name in names], Visitor())
    store.engine.dispose()


def killed_again(server: Server, kills: int, seed: int, done: Event) -> int:
    """Kill the server at random moments; how often."""
    chance, number = random.Random(seed), 0  # noqa: S311 - the same each time
    while number < kills and not done.wait(chance.uniform(*BETWEEN)):
        server.kill()
        number += 1
        server.start()
    return number


def lost(store: Store, sent: Sent) -> Iterator[str]:
    """What is not as it has to be."""
    units = {unit.id: unit.name for unit in store.units()}
    dockets = [docket for unit in units for docket in store.history(unit)]
    kept = {(units[docket.arrival.unit_id], docket.arrival.sha256) for docket in dockets}
    yield from (f"lost: {name} {digest}" for name, digest in sent.acknowledged if (name, digest) not in kept)
    for digest in {docket.arrival.sha256 for docket in dockets}:
        if sha256(store.vault.path(digest).read_bytes()).hexdigest() != digest:
            yield f"not what was sent: {digest}"
    for unit, name in units.items():
        numbers = [docket.arrival.number for docket in store.history(unit)]
        if numbers != list(range(len(numbers), 0, -1)):
            yield f"numbers of {name}: {numbers}"
    lines = sum(line.event == "sent" for line in store.audit(most=10**6))
    if lines != len(dockets):
        yield f"{len(dockets)} submissions, {lines} lines in the log"
    yield from (f"by half: {path.name}" for path in store.vault.folder.iterdir() if path.name.startswith("."))


def unchecked(store: Store, seconds: float) -> int:
    """How many are not checked after a time."""
    until = time.monotonic() + seconds
    while (left := len(store.unchecked())) and time.monotonic() < until:
        time.sleep(1)
    return left


def main() -> int:
    options = _options()
    names = [f"示例市第{number:03}中心" for number in range(options.units)]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "board"
        database = new_database(stack.enter_context(cluster(lasting=True))) if options.postgresql else ""
        made_board(folder, database, names)
        server, sent, done = Server(folder, database), Sent(), Event()
        server.start()
        kills: list[int] = []
        killer = Thread(target=lambda: kills.append(killed_again(server, options.kills, options.seed, done)))
        killer.start()
        begun = time.monotonic()
        with ThreadPoolExecutor(options.at_once) as pool:
            list(pool.map(lambda each: send(server, sent, *each), workbooks(names)))
        took = time.monotonic() - begun
        done.set()
        killer.join()
        server.kill()
        server.start()
        store = opened_store(folder, database)
        begun = time.monotonic()
        left = unchecked(store, options.wait)
        rest = time.monotonic() - begun
        server.kill()
        counts = Counted(kills[0], len(server.refused), left)
        return _told(options, sent, counts, (took, rest), list(lost(store, sent)))


@dataclass(frozen=True)
class Counted:
    """How often the server was killed, and did not start at once; how many submissions wait to be checked at the end."""

    killed: int
    refused: int
    unchecked: int


def _told(
    options: argparse.Namespace,
    sent: Sent,
    counts: Counted,
    took: tuple[float, float],
    faults: list[str],
) -> int:
    seconds = sorted(sent.seconds)
    name = "PostgreSQL" if options.postgresql else "SQLite"
    print(
        f"{name}: {options.units} units, {options.at_once} at once; killed {counts.killed} times and once more; "
        f"{len(sent.acknowledged)} acknowledged of {sent.tried} tried in {took[0]:.0f} s "
        f"(half within {seconds[len(seconds) // 2]:.2f} s, 19 of 20 within {seconds[len(seconds) * 19 // 20]:.2f} s); "
        f"{counts.unchecked} not checked {took[1]:.0f} s later; did not start at once: {counts.refused}; faults: {len(faults)}"
    )
    print("\n".join(faults))
    return 1 if faults else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--units", type=int, default=200)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--wait", type=float, default=1800.0, help="seconds to wait until all are checked")
    parser.add_argument("--at-once", type=int, default=5)
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
