"""Inputs of offices that once went wrong, as they were sent: each does what its office needed."""

from __future__ import annotations

from budgetgen.app.pipeline.diff import side_of
from budgetgen.app.pipeline.inputs import derived
from budgetgen.comparison import compare
from budgetgen.comparison.values import Kind
from tests.commands import run
from tests.conftest import PUBLISHED

MISHAPS = PUBLISHED.parent / "cases"


def test_a_required_paragraph_and_a_term_that_are_gone_are_told_once_each():
    old, new = (side_of(derived(MISHAPS / "diff-lost-paragraph" / f"{one}.docx")) for one in ("old", "new"))
    changes = compare(old, new)
    assert [one.old[:17] for one in changes.wording if one.kind is Kind.WENT] == [
        "乌鲁木齐科技信息服务中心2024年",
        "三、财政专户管理资金：包括专户管理",
    ]
    assert (changes.leading, changes.linkage) == ((), ())


def test_units_in_yuan_and_in_wan_yuan_are_added_up_and_the_difference_is_told(tmp_path):
    code, told = run(
        "consolidate", *sorted((MISHAPS / "mixed-yuan-wan").glob("*.xlsx")), "-o", "o.xlsx", cwd=tmp_path
    )
    assert code == 0
    assert "天山市图书馆用“万元”；其余 1 个单位用“元”" in told


def test_projects_of_one_name_keep_it_beside_their_units(tmp_path):
    files = sorted((MISHAPS / "same-name-projects").glob("*.xlsx"))
    code, _ = run("consolidate", *files, "-o", "o.xlsx", cwd=tmp_path)
    named = [_projects(derived(file).book) for file in files]
    assert (code, len(frozenset.union(*named)) < sum(map(len, named))) == (0, True)
    assert _projects(derived(tmp_path / "o.xlsx").book) == frozenset.union(*named)


def _projects(book):
    return frozenset(row.text("项目名称") for row in book["项目支出"].rows) - {""}


def test_a_department_below_another_is_added_up_but_not_beside_its_own_units(tmp_path):
    nested = MISHAPS / "nested-department" / "06c.xlsx"
    others = [MISHAPS / "same-name-projects" / f"{name}.xlsx" for name in ("03博物馆", "05文物")]
    own = MISHAPS / "nested-department" / "67.xlsx"
    assert run("consolidate", nested, *others, "-o", "o.xlsx", cwd=tmp_path)[0] == 0
    code, told = run("consolidate", nested, *others, own, "-o", "p.xlsx", cwd=tmp_path)
    assert (code != 0, "单位已经包括在另一份汇总表里" in told, (tmp_path / "p.xlsx").exists()) == (
        True,
        True,
        False,
    )


def test_the_year_that_has_no_format_yet_is_made_on_the_newest(tmp_path):
    code, told = run(
        "new", "--from", MISHAPS / "next-year-refused" / "sample.docx", "-o", "o.xlsx", cwd=tmp_path
    )
    assert (code, (tmp_path / "o.xlsx").exists()) == (0, True), told
