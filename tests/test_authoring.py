"""What the author of a format is told: what its files change, which example is wrong and where, what a rule is."""

from __future__ import annotations

import shutil

import pytest

from budgetgen.edition import FOLDERS, load
from budgetgen.edition.origins import Doing, Origins
from budgetgen.specimen.specimen import specimen
from tests.commands import run
from tests.conftest import ROOT

EXAMPLE = ROOT / "docs" / "example" / "sample-2025"
OWN = """\
[[rule]]
id = "three-public"
fix = "再核对"

[[rule]]
id = "summary-balance"
title = "收入总计等于支出总计"

[[rule]]
id = "expenditure-floor"
title = "合计不小于基本支出"
each = ["支出总体"]
rows = "lines"
holds = "合计 >= 基本支出"
basis = "合计含基本支出"
fix = "核对"
passes = \"\"\"
支出总体 | 科目代码 | 合计 | 基本支出

 | 2050201 | 10 | 4
 | 2050202 | 10 | 14.5
\"\"\"
fails = \"\"\"
支出总体 | 科目代码 | 合计 | 基本支出
 | 2050201 | 10 | 4
\"\"\"

[[rule]]
id = "summary-expenditure-table"
remove = true

[layout]
cover = ["封面"]
"""


@pytest.fixture
def home(tmp_path):
    """An edition of next year that extends the complete small one."""
    shutil.copytree(EXAMPLE, tmp_path / "版式" / "sample-2025")
    home = tmp_path / "版式" / "sample-2026"
    home.mkdir()
    settings = 'extends = "sample-2025"\n[edition]\nid = "sample-2026"\ntitle = "示例"\nyear = 2026\n'
    (home / "edition.toml").write_text(settings, encoding="utf-8")
    (home / "rules.toml").write_text(OWN, encoding="utf-8")
    return home


def line_of(path, text):
    return 1 + path.read_text(encoding="utf-8").splitlines().index(text)


def place_of(rule):
    """Where a rule of the small edition is declared, as it is told."""
    named = f'id = "{rule}"'
    (file,) = (f for f in EXAMPLE.rglob("*.toml") if f"[[rule]]\n{named}\n" in f.read_text(encoding="utf-8"))
    return f"{file.relative_to(EXAMPLE.parent).as_posix()}:{line_of(file, named) - 1}"


def test_check_tells_what_is_new_what_changes_and_what_is_taken_away(home):
    cover = line_of(home.parent / "sample-2025" / "edition.toml", "[layout]")
    told = run("edition", "check", home)[1]
    assert told[told.index("与原版式相比") :].replace("\r", "").strip().splitlines() == [
        "与原版式相比，新增 1 处：",
        "  rule“expenditure-floor”（sample-2026/rules.toml:9）",
        "",
        "与原版式相比，改了原有的 2 处：",
        f"  rule“three-public”（sample-2026/rules.toml:1；原在 {place_of('three-public')}）：fix",
        f"  layout.cover（sample-2026/rules.toml:33；原在 sample-2025/edition.toml:{cover + 1}）",
        "",
        "与原版式相比，与原来一样，可以不写 1 处：",
        f"  rule“summary-balance”（sample-2026/rules.toml:5；原在 {place_of('summary-balance')}）",
        "",
        "与原版式相比，去掉 1 处：",
        f"  rule“summary-expenditure-table”（sample-2026/rules.toml:28；原在 {place_of('summary-expenditure-table')}）",
    ]


def test_an_example_that_is_wrong_tells_both_sides_and_its_line(home):
    code, told = run("edition", "check", home)
    assert code == 1
    assert [line.strip() for line in told.splitlines() if "expenditure-floor：" in line] == [
        "expenditure-floor：正例（passes）没有通过：“2050202”：合计 10.00 | 基本支出 14.50 | 差 -4.50（sample-2026/rules.toml:21）",
        "expenditure-floor：反例（fails）通过了：“2050201”：合计 10.00 | 基本支出 4.00 | 差 6.00（sample-2026/rules.toml:23）",
    ]


MORE = """\
[[table]]
name = "支出总体"
[[table.block]]
key = ["科目代码"]
columns = [{ name = "专项支出", type = "money" }]
[[table]]
name = "收支总体"
[[table.block]]
name = "收入"
rows = [
  { key = "上级补助收入" },
  { key = "代管资金", counted = false },
]
[[rule]]
id = "bare"
title = "基本支出不小于零"
each = ["支出总体"]
holds = "基本支出 >= 0"
derives = false
basis = "支出"
fix = "核对"
"""


def test_money_that_no_total_counts_and_rules_without_examples_are_told(home):
    (home / "rules.toml").unlink()
    (home / "more.toml").write_text(MORE, encoding="utf-8")
    row, total = (place_of(rule) for rule in ("expenditure-row", "summary-income"))
    code, told = run("edition", "check", home)
    assert code == 1
    assert told.replace("\r", "").splitlines()[2:8] == [
        "没有计入合计的金额（填错了核对不出，合计也不含它） 2 处：",
        (
            "  收支总体[上级补助收入].预算数：同一列的合计没有计它（sample-2026/more.toml:11）。计了别的的有“summary-income”"
            f"（{total}，收支总体[收入总计].预算数 == 收支总体[财政拨款收入].预算数 + 收支总体[其他收入].预算数）："
            "在它该计入的那一条的 holds 里加上它；本来就不计的，这一行写 counted = false"
        ),
        (
            "  支出总体.专项支出：同一行的合计没有计它（sample-2026/more.toml:5）。计了别的的有“expenditure-row”"
            f"（{row}，合计 == 基本支出 + 项目支出）：在 holds 里加上它；本来就不计的，这一列写 counted = false"
        ),
        "",
        "缺正例或反例的规则（passes、fails 缺一不可） 1 处：",
        "  bare（sample-2026/more.toml:14）",
    ]


CITING = """\
[[statement]]
id = "pensions"
section = "收支"
cases = [
  { when = "有(支出总体[2050201].合计)", says = "学前教育{支出总体[2050201].合计}万元。" },
  { says = "特殊教育{支出总体[2050798].合计}万元，其他{支出总体[20598].合计}万元。" },
]
"""


@pytest.mark.parametrize("label", ["合计", "合计（万元）"])
def test_a_total_that_no_relation_works_out_is_told_whatever_unit_stands_behind_its_label(home, label):
    home.joinpath("rules.toml").write_text(
        f"""
[[rule]]
id = "three-public"
remove = true
[[table]]
name = "三公经费"
[[table.block]]
rows = [{{ key = "总计", label = "{label}" }}]
""",
        encoding="utf-8",
    )
    assert "三公经费[总计].预算数" in run("edition", "check", home)[1].split("没有关系推算的合计")[1]


def test_a_code_that_a_sentence_cites_and_no_list_has_is_told_with_its_line(home):
    (home / "rules.toml").write_text(CITING, encoding="utf-8")
    told = run("edition", "check", home)[1].replace("\r", "").splitlines()
    at = next(n for n, line in enumerate(told) if line.startswith("公式按科目代码取数"))
    assert told[at : at + 3] == [
        "公式按科目代码取数，科目表里没有这个科目（写错了，或科目表要加） 2 处：",
        "  pensions（sample-2026/rules.toml:1）：支出总体[2050798]",
        "  pensions（sample-2026/rules.toml:1）：支出总体[20598]",
    ]


def test_an_example_without_a_row_that_its_rule_is_about_is_told_so(home):
    rules = home / "rules.toml"
    floor = OWN.replace(" | 2050202 | 10 | 14.5\n", "").replace(
        'rows = "lines"', 'rows = "sums"\nwhere = "合计 == 99"'
    )
    rules.write_text(floor, encoding="utf-8")
    told = run("edition", "check", home)[1]
    assert "反例（fails）通过了：没有适用的行" in told


@pytest.mark.parametrize(
    ("rule", "lines"),
    [
        (
            "expenditure-row",
            [
                '填报表里的公式（如 支出总体!C5）：=IF(COUNT(D5:E5)=0,"",SUM(D5:E5))',
                "怎么改：核对这一行的三格",
            ],
        ),
        ("three-public", ["怎么改：再核对", "依据：合计是三项之和"]),
    ],
)
def test_explain_shows_the_formula_of_the_workbook_and_where_a_rule_is_declared(
    home, monkeypatch, rule, lines
):
    monkeypatch.setenv(FOLDERS, str(home.parent))
    shown = run("explain", rule, "--edition", "sample-2026")[1].splitlines()
    assert [line for line in lines if line not in shown] == []
    own = "sample-2026/rules.toml:1，改的是 " if rule == "three-public" else ""
    assert shown[-1] == f"版式：sample-2026（{own}{place_of(rule)}）"


def test_explain_shows_what_a_rule_says_and_where_the_figure_of_one_stands():
    shown = run("explain", "prior-rate", "--edition", "xinjiang-2026")[1]
    assert (
        "\n提示时说：填写的增减率 {增减率}% 与增减额 {增减额}、上年预算数 {上年预算数} 不符\n依据：" in shown
    )
    assert "依据：" in shown
    figure = run("explain", "figure:三公：合计", "--edition", "xinjiang-2026")[1]
    assert "（xinjiang-2026/sheets/03-comparisons.toml:" in figure.splitlines()[-1]


def test_an_edition_repeats_what_all_share_only_where_it_says_so():
    kinds = {one.doing for one in Origins.of(load("xinjiang-2025")).overridings()}
    assert kinds == {Doing.NEW, Doing.CHANGED, Doing.REMOVED}, "nothing is written again that is the same"


@pytest.mark.parametrize("given", ["--editions", FOLDERS])
def test_the_folder_of_one_edition_is_no_folder_of_editions(home, monkeypatch, given):
    call = ["--editions", home] if given == "--editions" else []
    if not call:
        monkeypatch.setenv(FOLDERS, str(home))
    code, told = run(*call, "rules")
    assert (code, told.splitlines()) == (
        2,
        [
            f"{home}：这是一个版式自己的文件夹（里面有 edition.toml），不是放各版式的文件夹。",
            f"  请：在 {given if call else f'环境变量 {FOLDERS}'} 里写它的上一级：{home.parent}。",
        ],
    )


def test_a_folder_that_is_not_there_is_refused_and_one_without_editions_told(tmp_path, monkeypatch):
    monkeypatch.setenv(FOLDERS, str(tmp_path / "没有"))
    code, told = run("rules")
    assert (code, f"核对 环境变量 {FOLDERS} 里的路径" in told) == (2, True)
    monkeypatch.setenv(FOLDERS, str(tmp_path))
    code, told = run("explain", "text-unsaid")
    assert (code, f"{tmp_path}：里面还没有版式" in told) == (0, True)


def test_one_renaming_in_many_headers_is_told_once(tmp_path):
    run("edition", "new", "--from", "xinjiang-2026", "--year", "2027", "-o", tmp_path)
    home = tmp_path / "xinjiang-2027"
    renamed = (
        f'[[table]]\nname = "{table}"\n[[table.block]]\nkey = ["科目代码"]\n'
        f'columns = [{{ name = "基本支出", header = ["{outer}", "基本的支出"] }}]\n'
        for table, outer in (("支出总体", "支出预算"), ("一般公共预算支出", "一般公共预算支出"))
    )
    (home / "tables.toml").write_text("".join(renamed), encoding="utf-8")
    told = run("edition", "diff", "xinjiang-2026", home)[1]
    heads = told[told.index("── 表头") :].splitlines()
    assert heads[:2] == [
        "── 表头 1 处 ──",
        "  支出总体、一般公共预算支出：改为“基本的支出”，原为“基本支出”",
    ]


def test_the_lines_of_a_preview_have_the_codes_that_were_asked_for(tmp_path):
    book = specimen(load("shanghai-2025"), "单位", ("208", "2210201", "30201"))
    assert [row.key for row in book["支出总体"].rows if row.line and len(row.key) == 7] == [
        "2080101",
        "2210201",
    ]
    assert {row.key for row in book["基本支出"].rows if row.line} >= {"30201"}
    code, told = run("edition", "preview", "shanghai-2025", "--codes", "2080555", "-o", tmp_path / "样例")
    assert (code, "科目表里没有这个代码，您是否指“2080505”" in told, (tmp_path / "样例").exists()) == (
        2,
        True,
        False,
    )
