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

    from budgetgen.pipeline import Built, Checked

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

    第一步 budgetgen new 生成空白填报表；第二步 budgetgen check 核对；第三步 budgetgen build 生成公开文本。
    """


@program.command(short_help="生成空白填报表")
@click.option("-o", "--output", "output", type=FILE, metavar="文件", help="写到哪个文件，默认在当前文件夹")
@click.option("--edition", metavar="版式", help="公开版式，默认最新的一版")
@click.option("--name", "name", metavar="单位名称", help="预先填好单位名称")
def new(output: Path | None, edition: str | None, name: str | None) -> None:
    """生成一份空白填报表（.xlsx），用 WPS 或 Excel 填写。不会覆盖已有的文件。"""
    from budgetgen import pipeline

    declared = pipeline.edition_of(edition)
    target = output or Path(f"{declared.edition.year}年预算公开填报表.xlsx")
    values = {declared.house.unit: name} if name else {}
    click.echo(f"已生成 {pipeline.new(target, edition=declared.id, values=values)}")


@program.command(short_help="核对填好的填报表")
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
@click.option("--edition", metavar="版式", help="按哪个版式读，默认看填报表自己写的")
def check(files: tuple[Path, ...], form: str, edition: str | None, *, everything: bool) -> int:
    """核对一份或多份填报表（也可以给文件夹），列出错误、需说明和提示。

    没有错误返回 0，有错误返回 1，文件不能用返回 2。
    """
    from budgetgen import pipeline, report

    results: list[Checked] = []
    unusable = False
    for file in _workbooks(files):
        try:
            results.append(pipeline.examine(file, edition=edition))
        except UnusableInputError as error:
            unusable = True
            click.echo(str(error), err=True)
    if form == "json":
        click.echo(report.as_json(results, ascii_only=not console.shows_everything()))
    else:
        click.echo("\n\n".join(report.printed(result, everything=everything) for result in results))
    return UNUSABLE if unusable else FAILED if any(result.failed for result in results) else CLEAN


@program.command(short_help="生成 Word 公开文本")
@click.argument("file", type=FILE, metavar="文件")
@click.option(
    "-o", "--output", "folder", type=FILE, metavar="文件夹", help="写到哪个文件夹，默认与填报表同一文件夹"
)
@click.option("--draft", is_flag=True, help="有错误也生成草稿：每页标明草稿，待补之处突出显示")
@click.option("--template", type=FILE, metavar="模板.docx", help="用本单位自己的 Word 模板")
@click.option("--edition", metavar="版式", help="按哪个版式读，默认看填报表自己写的")
@click.option("--all", "everything", is_flag=True, help="全部列出，不限每张表的条数")
def build(
    file: Path,
    folder: Path | None,
    template: Path | None,
    edition: str | None,
    *,
    draft: bool,
    everything: bool,
) -> int:
    """由填好的填报表生成 Word 公开文本，并写出一份补全了推算数的填报表副本。

    有错误时不生成（除非加 --draft）。不改动填报表本身；同名的旧文件改名保留。
    """
    from budgetgen import pipeline, report

    built = pipeline.build(file, folder or file.parent, draft=draft, edition=edition, template=template)
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
    """The files named; of a folder its workbooks, without the lock files of open ones."""
    for file in files:
        if not file.is_dir():
            yield file
            continue
        found = sorted(p for p in file.glob("*.xlsx") if not p.name.startswith("~$"))
        if not found:
            raise UnusableInputError(file, "文件夹里没有 .xlsx 填报表", "换一个文件夹，或直接给出文件名")
        yield from found


def _told(built: Built) -> Iterator[str]:
    """What a build did."""
    if not built.written:
        errors = sum(f.severity == Severity.ERROR for f in built.checked.findings)
        yield f"有 {errors} 处错误，没有生成公开文本。改正后再试；想先看样子，加 --draft 生成草稿。"
    for name, renamed in built.kept:
        yield f"原有的 {name} 与本次不同，已改名保留为 {renamed}"
    for path in built.written:
        yield f"已写出 {path}"
