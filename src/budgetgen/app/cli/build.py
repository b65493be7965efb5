"""budgetgen build"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from budgetgen.app.batch.inputs import is_many, jobs_of
from budgetgen.app.batch.jobs import Options, sent
from budgetgen.app.cli import CLEAN, FAILED
from budgetgen.app.cli.arguments import FILE, edition_option, everything_option, format_option, prior_option
from budgetgen.app.cli.batches import How, batch_options, do, required
from budgetgen.app.console import ChineseCommand
from budgetgen.app.pipeline.build import build
from budgetgen.app.progress import shown
from budgetgen.app.reports import findings as report
from budgetgen.values.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from budgetgen.app.pipeline.build import Built
    from budgetgen.app.pipeline.publish import Publication


@click.command(cls=ChineseCommand)
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="文件或文件夹...")
@click.option(
    "-o",
    "--output",
    "folder",
    type=FILE,
    metavar="文件夹",
    help="写到哪个文件夹，默认与填报表同一文件夹；多个文件时必须给出",
)
@click.option("--draft", is_flag=True, help="有错误也生成草稿：每页标明草稿，待补之处突出显示")
@click.option("--template", type=FILE, metavar="模板.docx", help="用本单位自己的 Word 模板")
@click.option("--pdf", is_flag=True, help="同时生成 PDF（PDF/A-2，带书签和标记），需要 LibreOffice")
@click.option("--html", is_flag=True, help="同时生成一个网页，表格可以朗读，不用联网")
@click.option("--data", is_flag=True, help="同时生成公开表的数据包（csv 和说明，Frictionless 格式）")
@click.option("--brief", is_flag=True, help="同时生成一页看懂：给公众看的一页网页，几句话和三张图")
@click.option(
    "--release", is_flag=True, help="生成公开包：以上全部，加核对报告、公开检查表和各文件的 SHA-256"
)
@prior_option
@edition_option
@everything_option
@batch_options
@format_option
def command(  # noqa: PLR0913 - one for each option
    files: tuple[Path, ...],
    folder: Path | None,
    template: Path | None,
    prior: Path | None,
    edition: str | None,
    *,
    draft: bool,
    everything: bool,
    workers: int | None,
    scheduler: str | None,
    retry: bool,
    form: str,
    pdf: bool,
    html: bool,
    data: bool,
    brief: bool,
    release: bool,
) -> int:
    """由填好的填报表（或已有的公开文本）生成 Word 公开文本，并写出一份补全了推算数的填报表副本。

    有错误时不生成（除非加 --draft）。不改动给出的文件本身；同名的旧文件改名保留。

    给出几个文件或文件夹时，每份写到 -o 的文件夹里各自的文件夹，一份出错不影响其他的；情况列表写成“生成情况”
    工作簿和 JSON；再次运行只做有变化的。
    """
    if release and draft:
        raise click.UsageError("--release 和 --draft 不能同时用：草稿不得公开")
    asked: dict[Publication, bool] = {
        "pdf": pdf,
        "html": html,
        "data": data,
        "brief": brief,
        "release": release,
    }
    also = tuple(kind for kind, wanted in asked.items() if wanted)
    if is_many(files):
        options = Options(edition, draft, sent(prior), sent(template), also)
        out = required(folder)
        return do("build", jobs_of("build", files, options, out), out, How(workers, scheduler, retry, form))
    file = files[0]
    target = folder or file.parent
    with shown():
        built = build(file, target, draft=draft, edition=edition, template=template, prior=prior, also=also)
    click.echo(report.printed(built.checked, everything=everything))
    click.echo("\n".join(_told(built)))
    return FAILED if built.checked.failed or built.doubts else CLEAN


def _told(built: Built) -> Iterator[str]:
    """What a build did."""
    if not built.written:
        errors = sum(f.severity == Severity.ERROR for f in built.checked.findings)
        yield f"有 {errors} 处错误，没有生成公开文本。改正后再试；想先看样子，加 --draft 生成草稿。"
    if built.drafted and built.drafted.proposals:
        yield report.understood(built.drafted.checked.findings, built.checked.edition)
    for name, renamed in built.kept:
        yield f"原有的 {name} 与本次不同，已改名保留为 {renamed}"
    if built.doubtful:
        yield built.doubtful
    for path in built.written:
        yield f"已写出 {path}"
