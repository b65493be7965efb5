"""What the commands that take many files have in common: their options, and what is shown at the end."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from budgetgen.app import console, progress
from budgetgen.app.cli import CLEAN, FAILED, UNFINISHED, UNUSABLE
from budgetgen.app.cli.arguments import scheduler_option, workers_option

if TYPE_CHECKING:
    from collections.abc import Callable

    from budgetgen.app.batch.jobs import Command, Job


@dataclass(frozen=True)
class How:
    """How many files are done.

    Attributes:
        workers, scheduler, retry: as of `batch.engine.BatchRun`.
        form: how the table is shown: text or json.
    """

    workers: int | None
    scheduler: str | None
    retry: bool
    form: str


def batch_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a command that takes many files, but for the format."""
    retry = click.option("--retry", is_flag=True, help="多个文件时只重做上次没有通过的")
    return workers_option(scheduler_option(retry(function)))


def required(output: Path | None) -> Path:
    """The folder for the outputs of many files.

    Raises:
        click.UsageError: it is not given.
    """
    if output is None:
        raise click.UsageError("多个文件要用 -o 给出写到哪个文件夹")
    return output


def do(command: Command, jobs: tuple[Job, ...], folder: Path, how: How) -> int:
    """Do a command on many files, and show the table."""
    from budgetgen.app.batch.engine import BatchRun, run  # noqa: PLC0415 - start-up time counts
    from budgetgen.app.batch.records import as_json  # noqa: PLC0415
    from budgetgen.app.batch.tables import shown  # noqa: PLC0415

    wanted = BatchRun(command, jobs, folder, how.workers, how.scheduler, how.retry)
    with progress.shown():
        entries = run(wanted)
    if how.form == "json":
        click.echo(as_json(command, entries, ascii_only=not console.shows_everything()))
    else:
        click.echo("\n".join(shown(entries)))
        click.echo(f"写在 {wanted.record.with_suffix('.xlsx')} 和 {wanted.record.name}")
    states = {one.state for one in entries}
    if states & {"unusable", "broken"}:
        return UNUSABLE
    return UNFINISHED if "unfinished" in states else FAILED if "failed" in states else CLEAN
