"""The command line: arguments, exit codes, printing; no logic.

One module for each command, imported when it is called: start-up time counts. Exit codes: 0 clean, 1 findings
of severity error, or outputs that are not what they should be, 2 unusable input or usage, 3 not done for want of memory, room or time: nothing is said of the
input, and another time it may go well.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from budgetgen.app import console
from budgetgen.app.garbage import collect_seldom
from budgetgen.values.findings import Blame
from budgetgen.values.troubles import unusable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from budgetgen.values.findings import UnusableInputError

CLEAN, FAILED, UNUSABLE, UNFINISHED = 0, 1, 2, 3

SUMMARIES: Mapping[str, str] = {
    "serve": "打开本机的网页，不用写命令",
    "board": "建立部门看板，管理它的单位和账户",
    "new": "生成填报表：空白的，或由去年的文件带入",
    "import": "把公开文本读成填报表",
    "check": "核对填报表或公开文本",
    "build": "生成 Word 公开文本",
    "consolidate": "把各单位的填报表汇总成部门的",
    "control": "与财政下达的控制数、批复数比对",
    "why": "说明一个数是怎么来的",
    "reasons": "为没有写原因的增减提出建议",
    "verify": "核对手工改过的公开文本",
    "rules": "列出全部规则",
    "diff": "比较两份文件：两年之间，或修改前后",
    "explain": "解释一条规则",
    "template": "导出 Word 模板",
    "edition": "检查、新建、预览、比较版式（声明格式的人用）",
}
"""The commands in the order of their use, as the help lists them."""


def main() -> NoReturn:
    """Run the command line; no traceback reaches the user."""
    if getattr(sys, "frozen", False):
        import multiprocessing  # noqa: PLC0415 - takes time, and only a packed program starts itself anew

        multiprocessing.freeze_support()  # a process that reads unit workbooks stays in here
    collect_seldom()
    console.prepare()
    call = console.Invocation()
    try:
        code = program.main(standalone_mode=False, obj=call)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else "")
        code = UNUSABLE
    except click.UsageError as error:
        path = error.ctx.command_path if error.ctx else "budgetgen"
        click.echo(f"{console.usage_message(error)}。\n输入 {path} --help 查看用法。", err=True)
        code = UNUSABLE
    except (click.Abort, KeyboardInterrupt) as error:
        click.echo(str(error) or "已中断，没有写出文件。", err=True)
        code = UNUSABLE
    except Exception as error:  # noqa: BLE001 - the last net: a clerk gets words, not a traceback
        told = unusable(error)
        said = str(told) if told else _broken_edition(error) or _unexpected(error, debug=call.debug)
        click.echo(said, err=True)
        code = code_of(told) if told else UNUSABLE
    sys.exit(code or CLEAN)


def code_of(error: UnusableInputError) -> int:
    """The exit code for what nothing came of."""
    return UNFINISHED if error.blame is Blame.MACHINE else UNUSABLE


def _broken_edition(error: Exception) -> str:
    """What is wrong with the declarations of an edition that the file or the call names; empty for any other error."""
    from budgetgen.edition.errors import EditionError  # noqa: PLC0415 - only where something has failed

    if not isinstance(error, EditionError):
        return ""
    return f"版式的声明有错，没有写出文件：\n{error}\n  请：改正这些文件（budgetgen edition check 列出全部错误），或改用别的版式。"


def _unexpected(error: Exception, *, debug: bool) -> str:
    """A defect of the program, told with what is needed to report it."""
    from budgetgen.app.incidents import keep  # noqa: PLC0415 - only where the program has failed

    incident = keep(error, sys.argv[1:], SUMMARIES)
    told = [f"程序内部出错，没有写出文件（{incident.summary}）。"]
    if incident.log:
        told.append(f"  记录写在 {incident.log}，其中没有文件的内容。")
        told.append("  请：把这份记录和出错的文件交给软件维护人员。")
    else:
        told.append("  记录没有地方写。")
        told.append("  请：加 --debug 再运行一次，把显示的文字和出错的文件交给软件维护人员。")
    if debug:
        told += ["", incident.text]
    return "\n".join(told)


@click.group(
    cls=console.LazyGroup,
    package=__name__,
    summaries=SUMMARIES,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(
    package_name="budgetgen", prog_name="budgetgen", message="%(prog)s %(version)s", help="显示版本号后退出"
)
@click.option(
    "--editions",
    "folders",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="文件夹",
    help="另有版式的文件夹，可以给几个；其中的版式先于程序自带的",
)
@click.pass_context
def program(context: click.Context, folders: tuple[Path, ...]) -> None:
    """预算公开文本生成：填好标准的 Excel 填报表，核对勾稽关系，生成完整的 Word 公开文本。

    第一步 budgetgen new 生成填报表（有去年的公开文本时加 --from）；第二步 budgetgen check 核对；
    第三步 budgetgen build 生成公开文本。
    """
    if folders or os.environ.get("BUDGETGEN_EDITIONS"):
        from budgetgen.app.pipeline.asked import look_for_editions  # noqa: PLC0415 - start-up time counts

        for folder in look_for_editions(folders):
            click.echo(f"{folder}：里面还没有版式（每个版式一个文件夹），只用程序自带的。", err=True)
    _use_settings(context)


def _use_settings(context: click.Context) -> None:
    """Let the office's own defaults stand for what was not typed."""
    from budgetgen.app.settings import settings  # noqa: PLC0415 - start-up time counts

    found, name = settings(SUMMARIES), context.invoked_subcommand
    command = program.get_command(context, name) if found and name else None
    if found and name and command:
        context.default_map = {name: found.of(command)}
