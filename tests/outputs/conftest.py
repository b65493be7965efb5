"""Every kind of file that a clerk gets, made by the command that makes it, when a test first asks for it."""

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
from tests.outputs.packages import Package

if TYPE_CHECKING:
    from pathlib import Path

UNIT = SAMPLES / "xinjiang-2026-unit.xlsx"
UNITS = SAMPLES / "department-2024"
DEPARTMENT = SAMPLES / "xinjiang-2024-department.xlsx"
TAKEN = ("乌鲁木齐市科学技术局（本级）", "乌鲁木齐科技信息服务中心")

WORD = (
    *(f"{kind} {edition}.docx" for edition in available() for kind in ("模板", "空白草稿")),
    "单位.docx",
    "部门草稿.docx",
    "沿用草稿.docx",
    "部分草稿.docx",
    "批注文本.docx",
    "比较.docx",
)
EXCEL = (
    *(f"空白填报表 {edition}.xlsx" for edition in available()),
    "单位.xlsx",
    "部分草稿.xlsx",
    "沿用上年.xlsx",
    "汇总.xlsx",
    "没有汇总.xlsx",
    "读入.xlsx",
    "建议.xlsx",
    "批注填报表.xlsx",
    "比较.xlsx",
)


@dataclass
class Workshop:
    """Makes files; what is made once is kept.

    Attributes:
        folder: where they are written, those of each command in a folder of their own.
        made: the files by name.
    """

    folder: Path
    made: dict[str, Path] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Path:
        """The file of a name in `WORD` or `EXCEL`."""
        if name not in self.made:
            self._make(*name.rpartition(".")[::2])
        return self.made[name]

    def _make(self, name: str, suffix: str) -> None:
        match name.split():
            case ["空白填报表", edition]:
                self._run(name, "new", "--edition", edition, "--name", "某中心", "-o", written="填报.xlsx")
            case ["模板", edition]:
                self._run(name, "template", "--edition", edition, "-o", written="模板.docx")
            case ["空白草稿", edition]:
                self._run(name, "build", self[f"空白填报表 {edition}.xlsx"], "--draft", "-o")
            case ["单位"]:
                self._run(name, "build", UNIT, "-o")
            case ["部门草稿"]:
                self._run(name, "build", DEPARTMENT, "--draft", "-o")
            case ["沿用上年"]:
                self._run(name, "new", "--from", DEPARTMENT, "-o", written="填报.xlsx")
            case ["沿用草稿"]:
                self._run(name, "build", self["沿用上年.xlsx"], "--draft", "-o")
            case ["汇总"]:
                self._run(name, "consolidate", UNITS, "--workers", 1, "-o", written="部门.xlsx")
            case ["部分汇总"]:
                self._run(name, *self._lacking, "--partial", "-o", written="部门.xlsx")
            case ["没有汇总"]:
                self._run(name, *self._lacking, "-o", told="部门.xlsx", written="部门（汇总情况）.xlsx")
            case ["部分草稿"]:
                self._run(name, "build", self["部分汇总.xlsx"], "--draft", "-o")
            case ["读入"]:
                self._run(name, "import", self["单位.docx"], "-o", written="读入.xlsx")
            case ["建议"]:
                self._run(name, "reasons", self._without_reasons, "-o", written="建议.xlsx")
            case ["批注填报表"]:
                self._run(name, "check", self["沿用上年.xlsx"], "--annotate")
            case ["批注文本"]:
                self._run(name, "check", self["部门草稿.docx"], "--annotate")
            case ["比较"]:
                files = self["部门草稿.docx"], self["单位.docx"]
                self._run(name, "diff", *files, "-o", written=f"比较.{suffix}")

    def _run(self, name: str, *arguments: object, told: str = "", written: str = "") -> None:
        """Run a command whose last argument is what it is to write.

        Args:
            name: of what is made.
            arguments: all but that last one.
            told: the file that it is told to write, where it writes another.
            written: the file that it writes; where it is told a folder, all that is there.
        """
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        target = folder / (told or written)
        done = CliRunner().invoke(program, [str(a) for a in (*arguments, target)], standalone_mode=False)
        assert done.exception is None, repr(done.exception) + done.output
        files = [folder / written] if written else list(folder.iterdir())
        assert files, done.output
        self.made |= {f"{name}{path.suffix}": path for path in files}

    @property
    def _lacking(self) -> tuple[object, ...]:
        """How to consolidate units of which one has not sent anything."""
        some, listed = self.folder / "缺报", self.folder / "名单.txt"
        shutil.copytree(UNITS, some, ignore=shutil.ignore_patterns("*.txt", "*transfer*"), dirs_exist_ok=True)
        listed.write_text("\n".join((*TAKEN, "某缺报单位")), encoding="utf-8")
        return "consolidate", some, "--units", listed, "--workers", 1

    @property
    def _without_reasons(self) -> Path:
        """The unit's workbook before anyone wrote why its figures changed."""
        path = self.folder / "无原因.xlsx"
        workbook = load_workbook(UNIT)
        for row in workbook["增减原因"].iter_rows(min_row=5):
            row[4].value = None
        workbook.save(path)
        return path


@pytest.fixture(scope="session")
def workshop(tmp_path_factory):
    """Makes the files that are asked for."""
    return Workshop(tmp_path_factory.mktemp("输出"))


@pytest.fixture(scope="session", params=(*WORD, *EXCEL))
def output(request, workshop):
    """Each kind of file in turn; no test changes one."""
    return workshop[request.param]


@pytest.fixture(scope="session", params=WORD)
def document(request, workshop):
    """The parts of each kind of document in turn."""
    return Package(workshop[request.param])


@pytest.fixture(scope="session", params=EXCEL)
def book(request, workshop):
    """The parts of each kind of workbook in turn."""
    return Package(workshop[request.param])
