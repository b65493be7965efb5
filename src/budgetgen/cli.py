"""The command line: arguments, exit codes, printing; no logic.

Exit codes: 0 clean, 1 findings of severity error, 2 unusable input or usage.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from budgetgen import console
from budgetgen.findings import Severity, UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from budgetgen.pipeline import Built, Checked, Followed

CLEAN, FAILED, UNUSABLE = 0, 1, 2

FILE = click.Path(path_type=Path)


def main() -> NoReturn:
    """Run the command line; no traceback reaches the user."""
    console.prepare()
    try:
        code = program.main(standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else "")
        code = UNUSABLE
    except click.UsageError as error:
        path = error.ctx.command_path if error.ctx else "budgetgen"
        click.echo(f"{console.usage_message(error)}。\n输入 {path} --help 查看用法。", err=True)
        code = UNUSABLE
    except UnusableInputError as error:
        click.echo(str(error), err=True)
        code = UNUSABLE
    except (click.Abort, KeyboardInterrupt):
        click.echo("已中断，没有写出文件。", err=True)
        code = UNUSABLE
    except Exception as error:  # noqa: BLE001 - the last net: a clerk gets words, not a traceback
        click.echo(_unexpected(error), err=True)
        code = UNUSABLE
    sys.exit(code or CLEAN)


def _unexpected(error: Exception) -> str:
    """A defect of the program, told with what is needed to report it."""
    import traceback

    last = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(last.filename).name}:{last.lineno}"
    return (
        f"程序内部出错，没有写出文件（{type(error).__name__}：{error}，{where}）。\n"
        "  请：把这一行文字和出错的文件交给软件维护人员。"
    )


@click.group(
    cls=console.ChineseGroup, no_args_is_help=True, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(
    package_name="budgetgen", prog_name="budgetgen", message="%(prog)s %(version)s", help="显示版本号后退出"
)
def program() -> None:
    """预算公开文本生成：填好标准的 Excel 填报表，核对勾稽关系，生成完整的 Word 公开文本。

    第一步 budgetgen new 生成填报表（有去年的公开文本时加 --from）；第二步 budgetgen check 核对；
    第三步 budgetgen build 生成公开文本。
    """


@program.command(short_help="生成填报表：空白的，或由去年的文件带入")
@click.option("-o", "--output", "output", type=FILE, metavar="文件", help="写到哪个文件，默认在当前文件夹")
@click.option(
    "--from",
    "last",
    type=FILE,
    metavar="去年的文件",
    help="去年的公开文本（.docx）或填报表（.xlsx）：带入上年数和沿用的文字",
)
@click.option("--edition", metavar="版式", help="公开版式，默认最新的一版；有 --from 时默认去年的下一年")
@click.option("--name", "name", metavar="单位名称", help="预先填好单位名称；有 --from 时用去年的名称")
def new(output: Path | None, last: Path | None, edition: str | None, name: str | None) -> None:
    """生成一份填报表（.xlsx），用 WPS 或 Excel 填写。不会覆盖已有的文件。

    加 --from 时，去年的预算数填入“上年数”，职能、机构、政策依据等文字沿用并标记，核对后删去标记。
    """
    from budgetgen import pipeline

    if last and name:
        raise click.UsageError("--from 和 --name 不能同时用：单位名称取自去年的文件")
    if last:
        click.echo("\n".join(_followed(pipeline.follow(last, edition=edition, output=output))))
        return
    declared = pipeline.edition_of(edition)
    target = output or Path(pipeline.WORKBOOK_NAME.format(declared.edition.year))
    values = {declared.house.unit: name} if name else {}
    click.echo(f"已生成 {pipeline.new(target, edition=declared.id, values=values)}")


@program.command("import", short_help="把公开文本读成填报表")
@click.argument("file", type=FILE, metavar="公开文本.docx")
@click.option("-o", "--output", "output", type=FILE, metavar="文件", help="写到哪个文件，默认在当前文件夹")
@click.option("--edition", metavar="版式", help="按哪个版式读，默认看封面上的年份")
def import_(file: Path, output: Path | None, edition: str | None) -> None:
    """把一份公开文本（.docx）读成填好的填报表（.xlsx），并说明哪些没有读懂。不会覆盖已有的文件。"""
    from budgetgen import pipeline, report

    done = pipeline.import_document(file, edition=edition, output=output)
    click.echo(report.understood(done.checked.findings, done.checked.edition))
    click.echo(f"已生成 {done.written}")


@program.command(short_help="核对填报表或公开文本")
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="文件...")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    metavar="text|json",
    help="输出给人看（text，默认）还是给程序用（json）",
)
@click.option("--all", "everything", is_flag=True, help="全部列出，不限每张表的条数")
@click.option(
    "--prior",
    type=FILE,
    metavar="去年的文件",
    help="去年的公开文本或填报表：空着的上年数由它取，填了的与它核对",
)
@click.option("--edition", metavar="版式", help="按哪个版式读，默认看文件自己写的")
def check(
    files: tuple[Path, ...], form: str, prior: Path | None, edition: str | None, *, everything: bool
) -> int:
    """核对一份或多份填报表或公开文本（也可以给放填报表的文件夹），列出错误、需说明和提示。

    没有错误返回 0，有错误返回 1，文件不能用返回 2。
    """
    from budgetgen import pipeline, report

    results: list[Checked] = []
    refused: list[UnusableInputError] = []
    for file in _workbooks(files):
        try:
            results.append(pipeline.examine(file, edition=edition, prior=prior))
        except UnusableInputError as error:
            refused.append(error)
            click.echo(str(error), err=True)
    if form == "json":
        click.echo(report.as_json(results, refused, ascii_only=not console.shows_everything()))
    else:
        click.echo("\n\n".join(report.printed(result, everything=everything) for result in results))
    return UNUSABLE if refused else FAILED if any(result.failed for result in results) else CLEAN


@program.command(short_help="生成 Word 公开文本")
@click.argument("file", type=FILE, metavar="文件")
@click.option(
    "-o", "--output", "folder", type=FILE, metavar="文件夹", help="写到哪个文件夹，默认与填报表同一文件夹"
)
@click.option("--draft", is_flag=True, help="有错误也生成草稿：每页标明草稿，待补之处突出显示")
@click.option("--template", type=FILE, metavar="模板.docx", help="用本单位自己的 Word 模板")
@click.option(
    "--prior",
    type=FILE,
    metavar="去年的文件",
    help="去年的公开文本或填报表：空着的上年数由它取，填了的与它核对",
)
@click.option("--edition", metavar="版式", help="按哪个版式读，默认看文件自己写的")
@click.option("--all", "everything", is_flag=True, help="全部列出，不限每张表的条数")
def build(  # noqa: PLR0913 - one for each option
    file: Path,
    folder: Path | None,
    template: Path | None,
    prior: Path | None,
    edition: str | None,
    *,
    draft: bool,
    everything: bool,
) -> int:
    """由填好的填报表（或已有的公开文本）生成 Word 公开文本，并写出一份补全了推算数的填报表副本。

    有错误时不生成（除非加 --draft）。不改动给出的文件本身；同名的旧文件改名保留。
    """
    from budgetgen import pipeline, report

    target = folder or file.parent
    built = pipeline.build(file, target, draft=draft, edition=edition, template=template, prior=prior)
    click.echo(report.printed(built.checked, everything=everything))
    click.echo("\n".join(_told(built)))
    return FAILED if built.checked.failed else CLEAN


@program.command(short_help="解释一条规则")
@click.argument("rule", metavar="规则编号")
@click.option("--edition", metavar="版式", help="哪个版式的规则，默认最新的一版")
def explain(rule: str, edition: str | None) -> None:
    """说明一条规则核对什么、为什么、怎么改，并给出一个不通过的例子。"""
    from budgetgen import pipeline, report

    click.echo(report.explained(*pipeline.rule(rule, edition=edition)))


@program.command(short_help="导出 Word 模板")
@click.option("-o", "--output", "output", type=FILE, metavar="文件", help="写到哪个文件，默认在当前文件夹")
@click.option("--edition", metavar="版式", help="公开版式，默认最新的一版")
def template(output: Path | None, edition: str | None) -> None:
    """导出 Word 模板，改好字体、字号、列宽后用 budgetgen build --template 套用。不会覆盖已有的文件。"""
    from budgetgen import pipeline

    declared = pipeline.edition_of(edition)
    target = output or Path(f"{declared.id}.docx")
    click.echo(f"已导出 {pipeline.export_template(target, edition=declared.id)}")


def _workbooks(files: tuple[Path, ...]) -> Iterator[Path]:
    """The files named; of a folder its workbooks (its documents may be their output), no lock files of open ones."""
    for file in files:
        if not file.is_dir():
            yield file
            continue
        found = sorted(p for p in file.glob("*.xlsx") if not p.name.startswith("~$"))
        if not found:
            raise UnusableInputError(file, "文件夹里没有 .xlsx 填报表", "换一个文件夹，或直接给出文件名")
        yield from found


def _followed(done: Followed) -> Iterator[str]:
    """What was made of last year's file."""
    from budgetgen import report

    rolled, house = done.rolled, done.rolled.edition.house
    for findings, edition in ((done.last.findings, done.last.edition), (rolled.findings, rolled.edition)):
        if findings:
            yield report.understood(findings, edition)
    if rolled.marked:
        yield f"沿用上年的文字 {rolled.marked} 处，都标有“{house.carried}”，请逐处核对并删去标记。"
    yield f"已生成 {done.written}，上年数取自 {done.last.path}"


def _told(built: Built) -> Iterator[str]:
    """What a build did."""
    if not built.written:
        errors = sum(f.severity == Severity.ERROR for f in built.checked.findings)
        yield f"有 {errors} 处错误，没有生成公开文本。改正后再试；想先看样子，加 --draft 生成草稿。"
    for name, renamed in built.kept:
        yield f"原有的 {name} 与本次不同，已改名保留为 {renamed}"
    for path in built.written:
        yield f"已写出 {path}"
