"""Every kind of file that a clerk gets, made by the command that makes it, when a test first asks for it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from openpyxl import Workbook

from budgetgen.app.cli import program
from budgetgen.edition import available
from tests.conftest import FULL, SAMPLES, some
from tests.outputs.packages import Package
from tests.workbooks import opened

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

UNIT = SAMPLES / "xinjiang-2026-unit.xlsx"
UNITS = SAMPLES / "department-2024"
DEPARTMENT = SAMPLES / "xinjiang-2024-department.xlsx"
ACCOUNTS = SAMPLES / "xinjiang-2024-accounts-unit.xlsx"
TAKEN = ("乌鲁木齐市科学技术局（本级）", "乌鲁木齐科技信息服务中心")

SOME, LISTED, WITHOUT_REASONS, APPROVED = "缺报", "名单.txt", "没有原因的填报表", "控制数"
"""Arguments that stand for files made for them."""
DRAFT = ("--draft", "-o")
ALONE = ("--workers", 1)
LACKING = ("consolidate", SOME, "--units", LISTED, *ALONE)


@dataclass(frozen=True)
class Recipe:
    """How a file is made.

    Attributes:
        command: its arguments; a text that ends in .docx or .xlsx is another of the files.
        told: the file that it is told to write, where it writes another.
        written: the file that it writes; where it is told a folder, all that is there.
    """

    command: tuple[object, ...]
    told: str = ""
    written: str = ""


def _recipes() -> Mapping[str, Recipe]:
    """Recipes by what they make, for the editions where each has one of its own."""
    recipes = {
        "单位": Recipe(("build", UNIT, "-o")),
        "部门草稿": Recipe(("build", DEPARTMENT, *DRAFT)),
        "沿用上年": Recipe(("new", "--from", DEPARTMENT, "-o"), written="填报.xlsx"),
        "沿用草稿": Recipe(("build", "沿用上年.xlsx", *DRAFT)),
        "汇总": Recipe(("consolidate", UNITS, *ALONE, "-o"), written="部门.xlsx"),
        "部分汇总": Recipe((*LACKING, "--partial", "-o"), written="部门.xlsx"),
        "没有汇总": Recipe((*LACKING, "-o"), "部门.xlsx", "部门（汇总情况）.xlsx"),
        "部分草稿": Recipe(("build", "部分汇总.xlsx", *DRAFT)),
        "读入": Recipe(("import", "单位.docx", "-o"), written="读入.xlsx"),
        "建议": Recipe(("reasons", WITHOUT_REASONS, "-o"), written="建议.xlsx"),
        "批注填报表": Recipe(("check", "沿用上年.xlsx", "--annotate")),
        "批注文本": Recipe(("check", "部门草稿.docx", "--annotate")),
        "核对情况": Recipe(("check", SOME, *ALONE, "-o"), "核对", "核对/核对情况.xlsx"),
        "控制数差异": Recipe(("control", APPROVED, SOME, *ALONE, "-o"), written="差异.xlsx"),
        "比较": Recipe(("diff", "部门草稿.docx", "单位.docx", "-o"), written="比较.xlsx"),
        "比较批注": Recipe(("diff", "部门草稿.docx", "单位.docx", "-o"), written="批注.docx"),
        "预决算对照": Recipe(("diff", DEPARTMENT, ACCOUNTS, "-o"), written="对照.xlsx"),
    }
    for name in some(available(), 1):
        own = ("--edition", name)
        recipes |= {
            f"空白填报表 {name}": Recipe(("new", *own, "--name", "某中心", "-o"), written="填报.xlsx"),
            f"模板 {name}": Recipe(("template", *own, "-o"), written="模板.docx"),
            f"底稿 {name}": Recipe(("template", "--base", *own, "-o"), written="底稿.docx"),
            f"空白草稿 {name}": Recipe(("build", f"空白填报表 {name}.xlsx", *DRAFT)),
        }
    return recipes


RECIPES = _recipes()
COMPLETED = ("单位", "部分草稿")
"""Of what `build` makes, the completed workbooks that are looked at too."""
ALIKE = () if FULL else ("沿用草稿", "读入", "建议")
"""Kinds that another is like, made by the same writer of other figures: looked at only where all cases are."""
WORD = [
    f"{name}.docx"
    for name, recipe in RECIPES.items()
    if recipe.written.endswith(".docx") or recipe.command[0] == "build" or name == "批注文本"
]
EXCEL = [f"{name}.xlsx" for name in RECIPES if f"{name}.docx" not in WORD or name in COMPLETED]
WORD_TRIED, EXCEL_TRIED = (
    [file for file in files if file.rpartition(".")[0] not in ALIKE] for files in (WORD, EXCEL)
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
            kind = name.rpartition(".")[0]
            self._run(kind, RECIPES[kind])
        return self.made[name]

    def _run(self, name: str, recipe: Recipe) -> None:
        """Run a command whose last argument is what it is to write."""
        folder = self.folder / name
        folder.mkdir()
        target = folder / (recipe.told or recipe.written)
        arguments = [str(self._argument(one)) for one in (*recipe.command, target)]
        done = CliRunner().invoke(program, arguments, standalone_mode=False)
        assert done.exception is None, repr(done.exception) + done.output
        files = [folder / recipe.written] if recipe.written else list(folder.iterdir())
        assert files, done.output
        self.made |= {f"{name}{path.suffix}": path for path in files}

    def _argument(self, one: object) -> object:
        """An argument, or the file that stands for it."""
        if one == SOME:
            return some_units(self.folder / SOME)
        if one == LISTED:
            return listed_units(self.folder / LISTED)
        if one == WITHOUT_REASONS:
            return without_reasons(self.folder / "无原因.xlsx")
        if one == APPROVED:
            return approved(self.folder / "控制数.xlsx")
        return self[one] if isinstance(one, str) and one in (*WORD, *EXCEL) else one


def some_units(folder: Path) -> Path:
    """The workbooks of the units but one."""
    shutil.copytree(UNITS, folder, ignore=shutil.ignore_patterns("*.txt", "*transfer*"), dirs_exist_ok=True)
    return folder


def listed_units(path: Path) -> Path:
    """The names of these units, and of one that has not sent anything."""
    path.write_text("\n".join((*TAKEN, "某缺报单位")), encoding="utf-8")
    return path


def without_reasons(path: Path) -> Path:
    """The unit's workbook before anyone wrote why its figures changed."""
    workbook = opened(UNIT)
    for row in workbook["增减原因"].iter_rows(min_row=5):
        row[4].value = None
    workbook.save(path)
    return path


def approved(path: Path) -> Path:
    """A sheet of approved figures, none of which is as in the workbooks."""
    workbook = Workbook()
    for row in (("单位", "科目编码", "合计"), *((name, "2060501", 1) for name in TAKEN)):
        workbook.active.append(row)
    workbook.save(path)
    return path


@pytest.fixture(scope="session")
def workshop(tmp_path_factory):
    """Makes the files that are asked for."""
    return Workshop(tmp_path_factory.mktemp("输出"))


@pytest.fixture(scope="session", params=(*WORD_TRIED, *EXCEL_TRIED))
def output(request, workshop):
    """Each kind of file in turn; no test changes one."""
    return workshop[request.param]


@pytest.fixture(scope="session", params=WORD_TRIED)
def document(request, workshop):
    """The parts of each kind of document in turn."""
    return Package(workshop[request.param])


@pytest.fixture(scope="session", params=EXCEL_TRIED)
def book(request, workshop):
    """The parts of each kind of workbook in turn."""
    return Package(workshop[request.param])
