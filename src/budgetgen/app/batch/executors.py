"""Where jobs run: in processes on this machine, or on the workers of a Dask cluster. The code is the same."""

from __future__ import annotations

import os
import signal
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import cache
from itertools import islice
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from budgetgen.app.batch.fingerprints import program_fingerprint
from budgetgen.app.garbage import collect_seldom
from budgetgen.edition import FOLDERS
from budgetgen.values.findings import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Executor

    from distributed import Client

J = TypeVar("J")
R = TypeVar("R")

AHEAD = 4
"""Jobs that wait for each worker: enough that none is idle, few enough that what they bring back stays small."""
PATIENCE = 30
"""Seconds that a cluster has to show its first worker."""


class LostError(Exception):
    """The process that did a job has died of it, again and again."""


class Runner(Generic[J, R]):
    """Does a function on many jobs."""

    def __init__(self, function: Callable[[J], R]) -> None:
        self.function = function

    def each(self, jobs: Iterable[J], count: int) -> Iterator[tuple[int, R | LostError]]:
        """The result of each job with its number, in the order in which they are ready.

        Args:
            jobs: each is asked for when there is a place for it.
            count: how many there are.
        """
        raise NotImplementedError


class Here(Runner[J, R]):
    """Processes on this machine; a lone worker is this process itself."""

    def __init__(self, function: Callable[[J], R], workers: int) -> None:
        super().__init__(function)
        self.workers = workers

    def each(self, jobs: Iterable[J], count: int) -> Iterator[tuple[int, R | LostError]]:
        """As `Runner`. Where the system ends a process, what was on its way is done again, each by itself."""
        workers, waiting = min(self.workers, count), enumerate(jobs)
        if workers <= 1:
            yield from ((number, self.function(job)) for number, job in waiting)
            return
        running: dict[int, J] = {}
        done = False
        while not done:
            try:
                with _pool(workers) as pool:
                    yield from _ready(pool, self.function, waiting, workers * AHEAD, running)
                done = True
            except BrokenProcessPool:
                for number, job in tuple(running.items()):
                    yield number, self._alone(job)
                running.clear()

    def _alone(self, job: J) -> R | LostError:
        if not _starts():  # no process at all can be had here: what remains is this one
            return self.function(job)
        try:
            with _pool(1) as pool:
                return pool.submit(self.function, job).result()
        except BrokenProcessPool:
            return LostError()


class There(Runner[J, R]):
    """The workers of a Dask cluster, which does again what a lost worker had to do."""

    def __init__(self, function: Callable[[J], R], address: str) -> None:
        super().__init__(function)
        self.address = address

    def each(self, jobs: Iterable[J], count: int) -> Iterator[tuple[int, R | LostError]]:
        """As `Runner`."""
        if not count:
            return
        with _connected(self.address) as client:
            ahead = sum(client.nthreads().values()) * AHEAD
            yield from _ready(client.get_executor(pure=False), self.function, enumerate(jobs), ahead, {})


def runner(
    function: Callable[[J], R], *, workers: int | None = None, scheduler: str | None = None
) -> Runner[J, R]:
    """What does a function on many jobs.

    Args:
        function: that a worker can import.
        workers: how many processes of this machine; by default one for each processor.
        scheduler: the address of a cluster that does it instead.
    """
    return There(function, scheduler) if scheduler else Here(function, workers or os.cpu_count() or 1)


def _ready(
    pool: Executor,
    function: Callable[[J], R],
    waiting: Iterator[tuple[int, J]],
    ahead: int,
    running: dict[int, J],
) -> Iterator[tuple[int, R | LostError]]:
    """What is ready, while not more than so many jobs are on their way; those are known to the caller."""
    futures: dict[Future[R], int] = {}
    try:
        while True:
            for number, job in islice(waiting, ahead - len(futures)):
                running[number] = job
                futures[pool.submit(function, job)] = number
            if not futures:
                return
            ready, _ = wait(futures, return_when=FIRST_COMPLETED)
            for future in sorted(ready, key=futures.__getitem__):
                result = _result(future)
                number = futures.pop(future)
                del running[number]
                yield number, result
    finally:
        for future in futures:
            future.cancel()


def _result(future: Future[Any]) -> Any:
    try:
        return future.result()
    except BrokenProcessPool:
        raise
    except Exception as error:
        if type(error).__name__ == "KilledWorker":  # of Dask: several workers have died of it
            return LostError()
        raise


@cache
def _starts() -> bool:
    """Whether a process can be started that does as it is told."""
    try:
        with _pool(1) as pool:
            return pool.submit(int, "1").result() == 1
    except BrokenProcessPool:
        return False


@contextmanager
def _pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    """Processes that leave an interruption to this one."""
    pool = ProcessPoolExecutor(
        workers,
        mp_context=get_context("spawn"),
        initializer=_begin,
    )
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _begin() -> None:
    """A process leaves an interruption to the one that started it, and looks for garbage as seldom as that."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    collect_seldom()


@contextmanager
def _connected(address: str) -> Iterator[Client]:
    """A cluster whose workers have this same program."""
    try:
        from distributed import Client  # noqa: PLC0415 - an extra, and takes a second to import
    except ModuleNotFoundError as error:
        raise UnusableInputError(
            address, "没有安装连接集群的组件", "运行 pip install 'budgetgen[cluster]'，或去掉 --scheduler"
        ) from error
    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        fix = "核对地址（例如 tcp://10.0.0.5:8786）和网络，看调度程序 dask scheduler 是否在运行"
        raise UnusableInputError(address, "连不上集群的调度程序", fix) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError as error:
            raise UnusableInputError(address, "集群里没有计算节点", "先启动 dask worker") from error
        _require_same(client, address)
        yield client


def _require_same(client: Client, address: str) -> None:
    own = os.environ.get(FOLDERS, "")
    told: dict[str, str] = client.run(_fingerprint_with, own)
    strange = [worker for worker, program in told.items() if program != program_fingerprint()]
    if strange:
        problem = f"集群节点 {'、'.join(sorted(strange))} 上的程序或版式与本机不同"
        raise UnusableInputError(address, problem, "各节点安装同一版本，自有版式放在各节点都能读到的同一路径")


def _fingerprint_with(folders: str) -> str:
    """The program of a worker, which from now on knows these editions too."""
    os.environ[FOLDERS] = folders
    return program_fingerprint()
