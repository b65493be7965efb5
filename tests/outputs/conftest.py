"""Every kind of file that a clerk gets, made once by the commands that make it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from budgetgen.cli import program
from budgetgen.edition import available
from tests.conftest import SAMPLES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

UNIT = SAMPLES / "xinjiang-2026-unit.xlsx"
UNITS = SAMPLES / "department-2024"
DEPARTMENT = SAMPLES / "xinjiang-2024-department.xlsx"


@dataclass
class Workshop:
    """Runs commands and keeps what they write.

    Attributes:
        folder: where the files are written, each command's in a folder of its own.
        made: the files by what they are.
    """

    folder: Path
    made: dict[str, Path] = field(default_factory=dict)

    def run(
        self, name: str, *arguments: object, output: str = "", written: str = "", kinds: Mapping[str, str] = {}
    ) -> None:  # noqa: B006 - never changed
        """Run a command that is told the file to write, or a folder.

        Args:
            name: of what is made.
            arguments: of the command, all but the last.
            output: the file that it is told to write.
            written: the file that it writes, where it is another.
            kinds: what the files of the folder are, by their ends.
        """
        target = self.folder / name / output
        target.parent.mkdir(parents=True, exist_ok=True)
        done = CliRunner().invoke(program, [str(a) for a in (*arguments, target)], standalone_mode=False)
        assert done.exception is None or isinstance(done.exception, SystemExit), repr(done.exception) + done.output
        found = {name: target.with_name(written or output)} if output else {f"{name}：{kinds[p.suffix]}": p for p in target.iterdir()}
        assert all(path.is_file() for path in found.values()), done.output
        self.made |= found


def without_reasons(path: Path) -> Path:
    """The unit's workbook before anyone wrote why its figures changed."""
    workbook = load_workbook(UNIT)
    for row in workbook["增减原因"].iter_rows(min_row=5):
        row[4].value = None
    workbook.save(path)
    return path


def make_all(folder: Path) -> Mapping[str, Path]:
    """One file of every kind, for every edition where it has one of its own."""
    shop = Workshop(folder)
    both = {".docx": "公开文本", ".xlsx": "补全的填报表"}
    for edition in available():
        blank = f"空白填报表 {edition}"
        shop.run(blank, "new", "--edition", edition, "--name", "某中心", "-o", output="填报.xlsx")
        shop.run(f"模板 {edition}", "template", "--edition", edition, "-o", output="模板.docx")
        shop.run(f"空白草稿 {edition}", "build", shop.made[blank], "--draft", "-o", kinds=both)
    shop.run("单位", "build", UNIT, "-o", kinds=both)
    shop.run("部门草稿", "build", DEPARTMENT, "--draft", "-o", kinds=both)
    shop.run("沿用上年", "new", "--from", DEPARTMENT, "-o", output="填报.xlsx")
    shop.run("沿用草稿", "build", shop.made["沿用上年"], "--draft", "-o", kinds=both)
    shop.run("汇总", "consolidate", UNITS, "--workers", 1, "-o", output="部门.xlsx")
    some = folder / "缺报"
    shutil.copytree(UNITS, some, ignore=shutil.ignore_patterns("*.txt", "*transfer*"))
    units = ("乌鲁木齐市科学技术局（本级）", "乌鲁木齐科技信息服务中心", "某缺报单位")
    (folder / "名单.txt").write_text("\n".join(units), encoding="utf-8")
    lacking = ("consolidate", some, "--units", folder / "名单.txt", "--workers", 1)
    shop.run("部分汇总", *lacking, "--partial", "-o", output="部门.xlsx")
    shop.run("没有汇总", *lacking, "-o", output="部门.xlsx", written="部门（汇总情况）.xlsx")
    shop.run("部分草稿", "build", shop.made["部分汇总"], "--draft", "-o", kinds=both)
    document = shop.made["单位：公开文本"]
    shop.run("读入", "import", document, "-o", output="读入.xlsx")
    shop.run("建议", "reasons", without_reasons(folder / "无原因.xlsx"), "-o", output="建议.xlsx")
    shop.run("批注填报表", "check", shop.made["沿用上年"], "--annotate", kinds={".xlsx": "副本"})
    shop.run("批注文本", "check", shop.made["部门草稿：公开文本"], "--annotate", kinds={".docx": "副本"})
    older = shop.made["部门草稿：公开文本"]
    for suffix in ("docx", "xlsx"):
        shop.run(f"比较 {suffix}", "diff", older, document, "-o", output=f"比较.{suffix}")
    return shop.made


@pytest.fixture(scope="session")
def outputs(tmp_path_factory):
    """The files by what they are; no test changes them."""
    return make_all(tmp_path_factory.mktemp("输出"))
