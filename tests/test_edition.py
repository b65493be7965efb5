"""Declarations are resolved when they load: all slips at once, each with file, line and the nearest name."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, get_origin

import pytest
from openpyxl import load_workbook

from budgetgen.app.cli import main
from budgetgen.app.pipeline.build import build
from budgetgen.app.pipeline.new import new
from budgetgen.book.derivation import derive
from budgetgen.book.relations import relations
from budgetgen.edition import (
    FOLDERS,
    EditionError,
    available,
    declarations,
    folder,
    load,
    merged,
    parse,
    sound,
)
from budgetgen.edition.declarations.base import Declared
from budgetgen.edition.declarations.names import Inside, Named, TextKind
from budgetgen.edition.resolution import KNOWN, problems
from budgetgen.edition.walking import hints, texts
from budgetgen.reading.document import recognition
from budgetgen.reading.document.blocks import Grid, Text
from budgetgen.reading.document.reader import read_document
from budgetgen.reading.grid import read_grid
from budgetgen.values.findings import UnusableInputError
from budgetgen.writing.document.template import render_template
from budgetgen.writing.document.writer import default_template
from budgetgen.writing.workbook.writer import render_workbook
from tests.conftest import ROOT, SAMPLES, some

HEAD = """\
extends = "xinjiang-2026"
[edition]
id = "own-2027"
title = "本省单位（部门）预算公开（2027年）"
year = 2027
region = "本省"
"""
RULE = """\
[[rule]]
id = "new-rule"
title = "合计"
each = ["支出总体"]
holds = "合计 == 基本支出 + 项目支出"
basis = "编制要求"
fix = "核对"
"""


@pytest.fixture
def own(tmp_path, monkeypatch):
    """Writes an edition of the user's own, in a folder beside those of the program; gives its folder."""

    def write(text: str = "", head: str = HEAD, name: str = "own-2027"):
        home = tmp_path / "editions" / name
        home.mkdir(parents=True, exist_ok=True)
        (home / "edition.toml").write_text(head, "utf-8")
        (home / "more.toml").write_text(text, "utf-8")
        monkeypatch.setenv(FOLDERS, str(tmp_path / "editions"))
        return home

    return write


def test_every_edition_loads():
    assert [load(name).id for name in available()] == list(available())


SLIPS = {
    "a table": (
        RULE.replace('"支出总体"', '"支出总休"'),
        ["own-2027/more.toml:4: rule“new-rule”.each：没有表“支出总休”，您是否指“支出总体”"],
    ),
    "a column": (
        RULE.replace('项目支出"', '项目支处"'),
        ["own-2027/more.toml:5: “new-rule”：“项目支处”：没有叫这个名字的列或名称，您是否指“项目支出”"],
    ),
    "a row": (
        RULE.replace('each = ["支出总体"]\n', "").replace(
            "合计 == 基本支出 + 项目支出", "收支总体[单位资全].预算数 == 1"
        ),
        ["own-2027/more.toml:4: “new-rule”：“单位资全”：表“收支总体”没有这一行，您是否指“单位资金”"],
    ),
    "syntax": (
        RULE.replace(" == ", " = "),
        ["own-2027/more.toml:5: “new-rule”：公式“合计 = 基本支出 + 项目支出”写法有误（第 4 个字符附近）"],
    ),
    "Python": (
        RULE.replace("合计 == 基本支出 + 项目支出", "__import__('os').system('true')"),
        [
            "own-2027/more.toml:5: “new-rule”：公式中不能用“__import__('os').system('true')”：只用 docs/editions.md“公式”里的写法"
        ],
    ),
    "a slot": (
        '[[statement]]\nid = "functions"\ncases = [{ says = "{内榕}" }]\n',
        ["own-2027/more.toml:3: “functions”：“内榕”：没有叫这个名字的列或名称，您是否指“内容”"],
    ),
    "a brace": (
        '[[statement]]\nid = "expenditure.total"\ncases = [{ says = "{单位}支出{支出总体[总计].合计万元" }]\n',
        ["own-2027/more.toml:3: “expenditure.total”：花括号没有成对：“{单位}支出{支出总体[总计].合计万元”"],
    ),
    "a field": (
        RULE + 'severty = "note"\n',
        ["own-2027/more.toml:8: rule“new-rule”.severty：没有“severty”这一项，您是否指“severity”"],
    ),
    "a choice": (
        RULE + 'severity = "notes"\n',
        [
            "own-2027/more.toml:8: rule“new-rule”.severity：“notes”不能用，只能是 error、explain、note，您是否指“note”"
        ],
    ),
    "a type": (
        RULE.replace('["支出总体"]', '"支出总体"'),
        ['own-2027/more.toml:4: rule“new-rule”.each：应是一列，写在方括号里，例如 ["甲", "乙"]'],
    ),
    "a section": (
        '[[statement]]\nid = "new"\nsection = "收人"\ncases = [{ says = "。" }]\n',
        ["own-2027/more.toml:3: statement“new”.section：没有章节“收人”，您是否指“收支”"],
    ),
    "never said": (
        '[[statement]]\nid = "expenditure.total"\ncases = [{ says = "甲" }, { when = "有(年)", says = "乙" }]\n',
        ["own-2027/more.toml:3: “expenditure.total”：“甲”没有条件，它后面的说法永远用不到"],
    ),
    "after nothing": (
        '[[section]]\nid = "新"\nafter = "收入支出"\npart = 3\nheading = "新"\n',
        ["own-2027/more.toml:3: after 所指的“收入支出”不存在，您是否指“收支”"],
    ),
    "removed nothing": (
        '[[rule]]\nid = "basic-rwo"\nremove = true\n',
        ["own-2027/more.toml:2: remove 所指的“basic-rwo”不存在，您是否指“basic-row”"],
    ),
    "twice": (
        RULE + RULE.replace("基本支出 + ", ""),
        ["own-2027/more.toml:9: “new-rule”在这个版式里写了两次"],
    ),
    "a setting twice in two files": (
        "[edition]\nyear = 2028\n",
        ["own-2027/more.toml:2: “edition.year”在这个版式里写了两次"],
    ),
    "a column twice": (
        (
            '[[table]]\nname = "支出总体"\n[[table.block]]\nkey = ["科目代码"]\n'
            'columns = [{ name = "甲", type = "money" }, { name = "甲", type = "money" }]\n'
        ),
        ["own-2027/more.toml:5: “甲”在这个版式里写了两次"],
    ),
    "a precondition on what it fills": (
        RULE.replace("each =", 'where = "有(合计)"\neach ='),
        [
            (
                "own-2027/more.toml:1: 规则“new-rule”推算绕成了圈：支出总体[各明细行].合计 → 支出总体[各明细行].合计。"
                "填报表里会是循环引用；去掉前提（where）或右边里的这一格，只核对的写 derives = false"
            )
        ],
    ),
    "two relations that fill each other": (
        RULE.replace("合计 == 基本支出 + 项目支出", "基本支出 == 合计 - 项目支出"),
        [
            (
                "own-2027/more.toml:1: 规则“expenditure-row”、“new-rule”推算绕成了圈："
                "支出总体[各明细行].合计 → 支出总体[各明细行].基本支出 → 支出总体[各明细行].合计。"
                "填报表里会是循环引用；去掉前提（where）或右边里的这一格，只核对的写 derives = false"
            )
        ],
    ),
    "a circle over tables": (
        RULE.replace('each = ["支出总体"]\n', "").replace(
            "合计 == 基本支出 + 项目支出", "收支总体[单位资金].预算数 == 收支总体[收入总计].预算数 - 1"
        ),
        [
            (
                "own-2027/more.toml:1: 规则“summary-year”、“summary-income-total”、“new-rule”推算绕成了圈："
                "收支总体[本年收入].预算数 → 收支总体[单位资金].预算数 → 收支总体[收入总计].预算数 → 收支总体[本年收入].预算数。"
                "填报表里会是循环引用；去掉前提（where）或右边里的这一格，只核对的写 derives = false"
            )
        ],
    ),
    "a block without its name": (
        '[[table]]\nname = "支出总体"\n[[table.block]]\ncolumns = [{ name = "新列", type = "money" }]\n',
        ["own-2027/more.toml:3: 没有写明改的是哪一个（科目代码）：照抄原来的名称（id、name，块照抄 key）"],
    ),
    "a performance column": (
        '[[performance]]\nid = "项目绩效"\ncolumns = [{ label = "一级指标", column = "一级指表" }]\n',
        [
            "own-2027/more.toml:3: performance“项目绩效”.column：没有“项目绩效指标”的列“一级指表”，您是否指“一级指标”"
        ],
    ),
    "a sheet of consolidation": (
        '[consolidation.traces]\ndifferences = "差额表二"\n',
        ["own-2027/more.toml:2: consolidation.traces.differences：没有表“差额表二”，您是否指“差额表”"],
    ),
    "a filled-in word": (
        '[consolidation]\ntext = "{单位}：{内榕}"\n',
        ["own-2027/more.toml:2: consolidation.text：这里不能用 {内榕}，只能用 {单位}、{内容}"],
    ),
    "a number of a list": (
        '[[statement]]\nid = "projects.project"\nnumbered = "{项目编号}"\n',
        [
            "own-2027/more.toml:3: “projects.project”的序号“{项目编号}”：没有“项目编号”这个说法，您是否指“项目序号”"
        ],
    ),
    "a regular expression": (
        "[house]\nsecret_code = '[0-9'\n",
        [
            "own-2027/more.toml:2: house.secret_code：正则表达式“[0-9”写法有误：unterminated character set at position 0"
        ],
    ),
    "a density that no table can have": (
        '[[typography.grid]]\nname = "宽表"\ntables = ["支出总休"]\n',
        ["own-2027/more.toml:3: typography“宽表”.tables：没有表“支出总休”，您是否指“支出总体”"],
    ),
    "a shape": (
        '[[rule]]\nid = "hierarchy"\nlike = "逐级加总"\n',
        ["own-2027/more.toml:3: like 所指的“逐级加总”不存在，您是否指“逐级汇总”"],
    ),
    "a list of codes": (
        (
            '[[table]]\nname = "支出总体"\n[[table.block]]\nkey = ["科目代码"]\n'
            'columns = [{ name = "科目代码", of = "functional" }]\n'
        ),
        ["own-2027/more.toml:5: table“科目代码”.of：没有科目“functional”，您是否指“function”"],
    ),
    "a number of a table": (
        (
            '[[table]]\nname = "新表"\nnumber = 12\n[[table.block]]\n'
            'columns = [{ name = "项目", type = "label" }, { name = "金额（元）", type = "money" }]\n'
        ),
        [
            "xinjiang-2026/tables/12-carry-over.toml:4: 表“结转结余”的编号 12 与别的表相同",
            "own-2027/more.toml:2: 表“新表”的编号 12 与别的表相同",
            "own-2027/more.toml:5: 表“新表”的列“金额（元）”：名称里不能有括号、空格和标点，印出来的写在 header",
        ],
    ),
    "a rule that says nothing of itself": (
        '[[rule]]\nid = "bare"\nholds = "支出总体[总计].合计 == 收入总体[总计].总计"\n',
        [f"own-2027/more.toml:2: 规则“bare”没有写 {name}" for name in ("title", "basis", "fix")],
    ),
    "several at once": (
        '[review]\ncharts = ["支出总休"]\nignored = ["预算年渡"]\n',
        [
            "own-2027/more.toml:3: review.ignored：没有“单位信息”这一页的项目“预算年渡”，您是否指“预算年度”",
            "own-2027/more.toml:2: review.charts：没有表“支出总休”，您是否指“支出总体”",
        ],
    ),
}


@pytest.mark.parametrize(("text", "said"), SLIPS.values(), ids=SLIPS)
def test_a_slip_is_told_with_its_line_and_the_nearest_name(own, text, said):
    own(text)
    with pytest.raises(EditionError) as error:
        load("own-2027")
    assert str(error.value).splitlines() == said


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (
            HEAD.replace("xinjiang-2026", "xinjiang-2062"),
            (
                "own-2027/edition.toml：extends 所指的没有版式“xinjiang-2062”，现有："
                "own-2027、shanghai-2024、shanghai-2025、xinjiang-2024、xinjiang-2024-accounts、xinjiang-2025、xinjiang-2026，您是否指“xinjiang-2026”"
            ),
        ),
        (
            HEAD.replace('extends = "xinjiang-2026"', 'extends = "own-2027"'),
            "own-2027/edition.toml：extends 绕成了圈：own-2027 → own-2027",
        ),
        (
            HEAD.replace('"own-2027"', '"own-2072"'),
            "own-2027/edition.toml:3: [edition] 的 id 是“own-2072”，与文件夹的名称“own-2027”不同",
        ),
        (
            HEAD + "x = [1,\n",
            (
                f"own-2027/edition.toml:{len(HEAD.splitlines()) + 1}: 不是正确的 TOML："
                "“=”的右边、列表里的一项不是内容：文字要写在半角引号里，方括号要配对"
            ),
        ),
    ],
)
def test_a_slip_in_the_settings(own, head, said):
    own(head=head)
    with pytest.raises(EditionError) as error:
        load("own-2027")
    assert str(error.value) == said


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('a = "甲\nb = 1\n', 1, "这一行的文字少了右边的引号"),
        ('a = "甲', 1, "到文件末尾还少一个引号"),
        ("a = 甲\n", 1, "“=”的右边、列表里的一项不是内容"),
        ("a = “甲”\n", 1, "“=”的右边、列表里的一项不是内容"),
        ('a = """\n甲\n', 2, '到文件末尾还少一个引号：上面的文字少了右边的引号，或 """ 没有配对'),
        ("a = 1\n甲\n", 2, "名称写法有误|这一行不是“名称 = 内容”"),
        ("a ＝ 1\n", 1, "名称的后面不是半角的 ="),
        ("[a\n", 1, "表头的方括号没有配对"),
        ("[[a]\n", 1, "表头的方括号没有配对"),
        ('a = ["甲" "乙"]\n', 1, "方括号没有配对"),
        ('a = { b = "甲" c = 1 }\n', 1, "花括号没有配对"),
        ('a = { b = "甲",\n c = 1 }\n', 1, "名称写法有误|花括号没有配对"),
        ("a = 1\na = 2\n", 2, "已经写过"),
        ("[a]\n[a]\n", 2, "已经写过"),
        ("a = { b = 1, b = 2 }\n", 1, "已经写过"),
        ('a = "\\d"\n', 1, "反斜杠要写成两个"),
        ('a = "\\uD800"\n', 1, "反斜杠要写成两个"),
        ("a = 1 2\n", 1, "内容的后面还有别的字"),
        ("a = 2026-13-01\n", 1, "内容的后面还有别的字|日期、时间写法有误"),
        ('a = "\x01"\n', 1, "控制字符"),
        ("a.甲 = 1\n", 1, "名称写法有误"),
    ],
)
def test_a_file_that_is_no_toml_is_told_in_chinese_with_its_line(own, text, line, said):
    own(text)
    with pytest.raises(
        EditionError, match=rf"^own-2027/more\.toml:{line}: 不是正确的 TOML：.*({said})[^A-Za-z]*$"
    ):
        load("own-2027")


def test_all_files_that_are_no_toml_are_told_at_once(own):
    own("a = 甲\n", head=HEAD + "x = [1,\n")
    with pytest.raises(EditionError) as error:
        load("own-2027")
    assert [line.split(":")[0] for line in str(error.value).splitlines()] == [
        "own-2027/edition.toml",
        "own-2027/more.toml",
    ]


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ('term = ["x"]', "2: term第1项：应是一组“名称 = 内容”"),
        ('term = [{ name = "甲", text = 3 }]', "2: term“甲”.text：应是文字，写在引号里"),
        ("synonyms.ways = 3", "2: synonyms.ways：应是一组“名称 = 内容”"),
        ('names = ["x"]', "2: names：应是一组“名称 = 内容”"),
        ("consolidation = 3", "2: consolidation：应是一组“名称 = 内容”"),
        ("control = [3]", "2: control：应是一组“名称 = 内容”"),
        ("roles = 3", "2: roles：应是一组“名称 = 内容”"),
        ("roles.x = 3", "2: roles.x：应是文字，写在引号里"),
        ("shape = 3", "2: shape：应是一组“名称 = 内容”"),
        ("shape.x = 3", "2: shape.x：应是一组“名称 = 内容”"),
    ],
)
def test_a_slip_at_the_head_of_a_file_is_told_with_its_line_and_alone(own, head, said):
    own(f"# 说明\n{head}\n")
    with pytest.raises(EditionError) as error:
        load("own-2027")
    assert str(error.value) == f"own-2027/more.toml:{said}"


def test_names_are_told_with_keys_and_types(own):
    own(RULE.replace("basis", "basiss") + RULE.replace("new-rule", "b").replace("支出总体", "支出总休"))
    with pytest.raises(EditionError) as error:
        load("own-2027")
    assert str(error.value).splitlines() == [
        "own-2027/more.toml:6: rule“new-rule”.basiss：没有“basiss”这一项，您是否指“basis”",
        "own-2027/more.toml:11: rule“b”.each：没有表“支出总休”，您是否指“支出总体”",
    ]


KINDS = ("table", "part", "section", "figure", "statement", "term", "rule", "performance")
"""The lists of declarations."""


@pytest.mark.parametrize("name", ["xinjiang-2026", "shanghai-2025"])
def test_an_entry_that_is_spoilt_is_told_with_its_line_and_nothing_else_is(name):
    data = merged(folder(), name)
    places = [(kind, at) for kind in KINDS for at in some(range(len(data.get(kind, ()))), 1)]
    for kind, at in places:
        entry = data[kind][at]
        key = next(key for key in ("name", "id", "heading", "title") if key in entry)
        for spoilt in ({**entry, "titel": "x"}, {**entry, key: 5.5}, "某词"):
            with pytest.raises(EditionError) as error:
                parse({**data, kind: [*data[kind][:at], spoilt, *data[kind][at + 1 :]]})
            lines = str(error.value).splitlines()
            assert len(lines) == 1, (kind, at, spoilt, lines)
            wanted = (
                kind
                if isinstance(spoilt, str)
                else rf"{name}/\S+\.toml:\d+: {kind}|common/\S+\.toml:\d+: {kind}"
            )
            assert re.match(wanted, lines[0]), lines


def test_a_slip_in_the_table_about_the_unit_is_told_alone(own):
    own('[[table]]\nname = "单位信息"\ngide = "先填本页。"\n')
    with pytest.raises(EditionError) as error:
        load("own-2027")
    assert str(error.value) == "own-2027/more.toml:3: table“单位信息”.gide：没有“gide”这一项，您是否指“guide”"


@pytest.mark.parametrize("block", ["", "block = []\n", "[table.block]\nkey = 5\n"])
def test_a_table_without_blocks_is_told_alone(own, block):
    own('[[table]]\nname = "新表"\ntitle = "新"\n' + block)
    with pytest.raises(EditionError, match=r"^own-2027/more.toml:\d: (表|table)“新表”.*block.*$"):
        load("own-2027")


SHAPED = """
[shape."项级"]
open = 5
columns = [{ name = "合计", type = "money", header = ["专户支出", "合计"] }]
[[table]]
name = "专户支出"
number = 13
title = "财政专户支出情况表"
total = "last"
[[table.block]]
like = ["按功能科目", "项级"]
open = 7
columns = [{ name = "科目名称", width = 20 }, { name = "备注" }]
"""


def test_a_table_has_what_its_shapes_say_and_what_it_says_itself_and_is_added_up_unasked(own):
    own(SHAPED)
    edition = load("own-2027")
    block = edition.tables["专户支出"].main
    assert [(column.name, column.width) for column in block.columns] == [
        ("科目代码", 12),
        ("科目名称", 20),
        ("合计", 12),
        ("备注", 12),
    ]
    assert (block.key, [level.name for level in block.levels], block.open) == (
        ("科目代码",),
        ["类", "款", "项"],
        7,
    )
    newest = load("xinjiang-2026").rules["hierarchy"].each
    assert edition.rules["hierarchy"].each == (*newest, "专户支出")


LONE = """
[[table]]
name = "专项清单"
[[table.block]]
columns = [{ name = "事项", type = "text" }, { name = "依据", type = "text" }]
"""


def test_the_only_block_of_a_table_needs_no_name_to_be_changed(own):
    own(LONE)
    head = HEAD.replace("2027", "2028").replace("xinjiang-2026", "own-2027")
    added = '{ name = "期限", type = "text", after = "事项" }'
    own(re.sub(r"(?<=columns = \[).*(?=\]\n)", added, LONE), head, "own-2028")
    assert list(load("own-2028").tables["专项清单"].columns) == ["事项", "期限", "依据"]


def test_a_format_that_does_not_consolidate_has_no_sheets_for_it(monkeypatch):
    monkeypatch.setenv(FOLDERS, str(ROOT / "docs" / "example"))
    example = load("sample-2025")
    assert [table.name for table in example.table if not table.printed] == [
        "单位信息",
        "核对清单",
        "上年数",
        "增减原因",
        "审核说明",
        "原文段落",
    ]
    assert [amount.figure[1] for amount in example.control.amount] == ["基本支出", "项目支出", "合计"]
    assert load("xinjiang-2024-accounts").control is None


def test_unknown_edition_names_those_that_are():
    with pytest.raises(EditionError, match="没有版式“nowhere-1999”，现有："):
        load("nowhere-1999")


# --- by construction ----------------------------------------------------------------------------------------


def kinds(hint: Any) -> list[tuple[TextKind, ...] | None]:
    """What a type says of each text in it; None for a text of which it says nothing."""
    if hint is str:
        return [None]
    if get_origin(hint) is re.Pattern:
        return []
    marks = tuple(mark for mark in getattr(hint, "__metadata__", ()) if isinstance(mark, TextKind))
    if marks:
        return [marks]
    return [kind for part in getattr(hint, "__args__", ()) if part is not ... for kind in kinds(part)]


def fields():
    classes = [Declared]
    while classes:
        one = classes.pop()
        classes += one.__subclasses__()
        for name, hint in hints(one).items():
            yield f"{one.__name__}.{name}", kinds(hint)


def test_every_text_of_a_declaration_says_what_it_is():
    assert declarations.Edition in Declared.__subclasses__()
    bare = [name for name, found in fields() if any(kind is None for kind in found)]
    assert bare == []


def test_every_kind_of_name_can_be_resolved():
    named = {
        mark.what
        for _, found in fields()
        for marks in found
        for mark in marks or ()
        if isinstance(mark, Named)
    }
    assert named == set(KNOWN)


def test_every_name_misspelt_is_refused(newest):
    """Each name that an edition declares, changed by itself, is complained of at its place."""
    names = [s for s in texts(newest) if any(isinstance(k, Named | Inside) for k in s.kinds) and s.text]
    chosen = {tuple(step for step in said.location if isinstance(step, str)): said for said in names}
    accepted = []
    for said in some(chosen.values(), 15):
        changed = _changed(newest, said.location, "没有这个名字")
        if not any("没有这个名字" in text for _, _, text in problems(changed)):
            accepted.append(said.location)
    assert len(chosen) > 50
    assert accepted == []


def _changed(value: Any, location: tuple[int | str, ...], text: str) -> Any:
    """A declaration with another text at a place."""
    if not location:
        return text
    step, rest = location[0], location[1:]
    if isinstance(value, Declared):
        return replace(value, **{str(step): _changed(getattr(value, str(step)), rest, text)})
    if isinstance(value, tuple):
        return tuple(
            _changed(part, rest, text) if index == step else part for index, part in enumerate(value)
        )
    if step in value and not rest:  # the key of a mapping
        return {text if key == step else key: part for key, part in value.items()}
    return {key: _changed(part, rest, text) if key == step else part for key, part in value.items()}


# --- the library --------------------------------------------------------------------------------------------


def test_an_edition_of_another_folder_is_used_as_it_is(own):
    own(RULE.replace("new-rule", "expenditure-row").replace("基本支出 + ", ""))
    theirs, ours = load("own-2027"), load("xinjiang-2026")
    held = [{r.rule.holds for r in relations(e) if r.rule.id == "expenditure-row"} for e in (theirs, ours)]
    assert held == [{"合计 == 项目支出"}, {"合计 == 基本支出 + 项目支出"}]


def test_an_edition_changed_in_memory_is_used_as_it_is(newest):
    data = merged(folder(), newest.id)
    next(rule for rule in data["rule"] if rule["id"] == "expenditure-row")["holds"] = "合计 == 基本支出"
    changed = parse(data)
    assert {r.rule.holds for r in relations(changed) if r.rule.id == "expenditure-row"} == {
        "合计 == 基本支出"
    }


def test_another_region_does_not_become_the_default(own):
    own(name="aaa-2027", head=HEAD.replace("own-2027", "aaa-2027"))
    assert available()[0] == "xinjiang-2026"
    assert available()[-1] == "aaa-2027"


def test_a_folder_may_say_which_region_is_the_default(own):
    home = own()
    (home.parent / "library.toml").write_text('region = "本省"\n', "utf-8")
    assert available()[0] == "own-2027"


def test_a_broken_edition_breaks_nothing_but_itself(own):
    own("x = [1,\n", name="broken-2027", head=HEAD.replace("own-2027", "broken-2027"))
    own()
    assert [edition.id for edition in sound()] == [name for name in available() if name != "broken-2027"]
    assert "own-2027" in available()
    with pytest.raises(EditionError, match=r"broken-2027/more\.toml:1: 不是正确的 TOML"):
        load("broken-2027")


@pytest.mark.parametrize("settings", ["5", "[1]", "2026-01-01"])
def test_settings_of_another_type_are_told_and_break_no_other_edition(own, settings):
    own("", name="broken-2027", head=f'extends = "xinjiang-2026"\nedition = {settings}\n')
    assert "xinjiang-2026" in [edition.id for edition in sound()]
    with pytest.raises(EditionError, match=r"edition：应是一组“名称 = 内容”"):
        load("broken-2027")


def test_each_table_has_a_file_of_its_own_and_these_count_before_what_is_of_none_alone(own):
    home = own(RULE.replace("new-rule", "last"))
    for name in ("sheets/01-another", "tables/02-second", "tables/01-first"):
        (home / name).parent.mkdir(exist_ok=True)
        (home / f"{name}.toml").write_text(RULE.replace("new-rule", name), "utf-8")
    named = [rule.id for rule in load("own-2027").rule][-4:]
    assert named == ["tables/01-first", "tables/02-second", "sheets/01-another", "last"]


def test_a_slip_in_the_file_of_a_table_is_told_with_its_place(own):
    table = own() / "tables" / "03-expenditure.toml"
    table.parent.mkdir()
    table.write_text(RULE.replace("项目支出", "项目支处"), "utf-8")
    with pytest.raises(EditionError, match=r"^own-2027/tables/03-expenditure\.toml:5: .*“项目支处”"):
        load("own-2027")


def test_declarations_that_nobody_would_read_are_told(own):
    home = own()
    for name in ("table", "资料"):
        (home / name).mkdir()
    (home / "table" / "01-first.toml").write_text(RULE, "utf-8")
    with pytest.raises(EditionError) as error:
        load("own-2027")
    said = "own-2027/table：这个文件夹里的声明没有读入，只读 tables、sheets 里的，您是否指“tables”"
    assert str(error.value) == said


def test_an_edition_has_codes_of_its_own(own):
    home = own(head=HEAD + 'function_codes = "own-codes"\n')
    (home / "own-codes.csv").write_text("code,name\n2990101,本省专项\n", "utf-8")
    assert load("own-2027").codes("function") == {"2990101": "本省专项"}


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (
            "code,name\n2990101 本省专项\n".encode(),
            "own-codes.csv:2：应是“代码,名称”（半角逗号；代码是 3、5、7 位数字），这里是“2990101 本省专项”",
        ),
        (
            "code,name\n2990101，本省专项\n".encode(),
            "own-codes.csv:2：应是“代码,名称”（半角逗号；代码是 3、5、7 位数字），这里是“2990101，本省专项”",
        ),
        (
            "code,name\n299010,本省专项\n".encode(),
            "own-codes.csv:2：应是“代码,名称”（半角逗号；代码是 3、5、7 位数字），这里是“299010,本省专项”",
        ),
        ("代码,名称\n2990101,本省专项\n".encode(), "own-codes.csv:1：第一行应是“code,name”"),
        (
            "code,name\n2990101,本省专项\n".encode("gbk"),
            "own-codes.csv：不是 UTF-8 编码，在 Excel 里另存为“CSV UTF-8”",
        ),
    ],
)
def test_a_list_of_codes_that_cannot_be_read_says_which_line(own, written, told):
    home = own(head=HEAD + 'function_codes = "own-codes"\n')
    (home / "own-codes.csv").write_bytes(written)
    with pytest.raises(EditionError) as error:
        load("own-2027").codes("function")
    assert str(error.value) == told


PROVINCE = HEAD.replace("own-2027", "own-2026").replace("2027", "2026")
TITLES = "".join(
    f'[[table]]\nname = "{name}"\ntitle = "本省{name}情况表"\n'
    for name in (
        "收支总体",
        "收入总体",
        "支出总体",
        "财政拨款收支",
        "一般公共预算支出",
        "基本支出",
        "项目支出",
    )
)


def sample_of(edition_id: str, path):
    """The sample as a workbook of another edition of its year."""
    edition = load(edition_id)
    text = (SAMPLES / "xinjiang-2026-unit.txt").read_text("utf-8")
    path.write_bytes(render_workbook(edition, derive(read_grid(text, edition)[0], edition)))
    return path


def test_a_document_is_of_the_region_whose_tables_it_has(own, tmp_path):
    own(TITLES, head=PROVINCE, name="own-2026")
    theirs = build(sample_of("own-2026", tmp_path / "本省.xlsx"), tmp_path / "本省").written[0]
    ours = build(SAMPLES / "xinjiang-2026-unit.xlsx", tmp_path / "示例").written[0]
    assert [read_document(path).edition.id for path in (theirs, ours)] == ["own-2026", "xinjiang-2026"]


def test_a_document_that_could_be_of_both_is_of_the_default_region(own, tmp_path):
    own(head=PROVINCE, name="own-2026")
    ours = build(SAMPLES / "xinjiang-2026-unit.xlsx", tmp_path / "示例").written[0]
    assert read_document(ours).edition.id == "xinjiang-2026"


def test_an_edition_damaged_since_it_was_listed_breaks_nothing_but_itself(own, newest, monkeypatch):
    own("[zzz]\na = 1\n", head=PROVINCE, name="own-2026")
    known = (replace(newest.edition, id="own-2026"), newest.edition)
    monkeypatch.setattr(recognition, "listed", lambda: known)
    headings = [f"{part.mark} {part.heading}" for part in newest.part]
    titles = [table.title.replace("{年}", "2026") for table in newest.printed]
    texts = [Text(text, number) for number, text in enumerate(["2026年单位预算公开", *headings, *titles])]
    file = Path("公开.docx")
    assert recognition.edition_of(file, [*texts, Grid((), 0)], None).id == newest.id
    with pytest.raises(UnusableInputError, match="不是单位（部门）预算公开文本"):
        recognition.edition_of(file, texts[:1], None)


def test_the_command_line_takes_a_folder_of_editions(own, tmp_path, monkeypatch):
    home = own(TITLES, head=PROVINCE, name="own-2026")
    monkeypatch.delenv(FOLDERS)
    template = tmp_path / "模板.docx"
    call = ("--editions", home.parent, "template", "--edition", "own-2026", "-o", template)
    monkeypatch.setattr(sys, "argv", ["budgetgen", *map(str, call)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    assert template.read_bytes() == render_template(load("own-2026"))


def test_an_edition_has_a_template_of_its_own(own):
    home = own(head=PROVINCE, name="own-2026")
    (home / "template.docx").write_bytes(b"its own")
    assert default_template(load("own-2026")) == b"its own"


def test_the_year_of_a_format_is_its_own_wherever_its_sheets_show_one(edition):
    """A format that extends another must not show the other's year: in a default, in a hint."""
    year, house = edition.edition.year, edition.house
    _, row = edition.tables[house.about].fixed[house.year]
    assert (row.default, edition.names["版式年度"]) == (str(year), str(year))
    blocks = [block for table in edition.table for block in table.block]
    shown = [text for block in blocks for row in block.rows for text in (row.default, row.hint)]
    shown += [column.hint for block in blocks for column in block.columns]
    assert {int(told) for text in shown for told in re.findall(r"\b20\d\d(?=年|-)", text or "")} == {year}


BROADER = {"appropriation-balance", "unit-slip"}
"""Rules that also name tables that they do not compare."""


def test_the_tables_that_a_rule_names_by_number_are_those_that_it_compares(edition):
    """Of each format, whichever it extends: another year has other tables before the same one."""
    names = {table.number: table.name for table in edition.printed}
    for rule in edition.rules.values():
        words = f"{rule.title} {rule.basis} {rule.fix} {rule.message}"
        told = {int(number) for number in re.findall(r"(?<![0-9a-z])表(\d+)", words)}
        formulas = f"{rule.each} {rule.where} {rule.holds}"
        compared = {number for number, name in names.items() if not rule.holds or name in formulas}
        assert told <= (names.keys() if rule.id in BROADER else compared), rule.id


def test_a_new_workbook_is_of_the_year_of_its_format(edition, tmp_path):
    written = new(tmp_path / "填报表.xlsx", edition=edition.id)
    about = load_workbook(written)[edition.house.about]
    assert [row[1].value for row in about if row[0].value == edition.house.year] == [edition.edition.year]
