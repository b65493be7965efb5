"""Next year's workbook from last year's file, and last year's figures compared with it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from budgetgen.app.pipeline.follow import follow
from budgetgen.app.pipeline.inputs import examine, last_of
from budgetgen.book.derivation import derive
from budgetgen.book.figures import with_figures
from budgetgen.book.outline import ancestors, outline
from budgetgen.checking.checks import check
from budgetgen.edition import available, folder, later, load, merged, parse
from budgetgen.reading.grid import read_grid
from budgetgen.reading.unfilled import without_unfilled
from budgetgen.reading.workbook import read
from budgetgen.values.model import BLANK, TOTAL, Cell, Table
from budgetgen.writing.workbook.writer import render_workbook
from budgetgen.years.priors import Last, differing, misscaled, priors, unchanged, with_priors
from budgetgen.years.rolling import roll
from budgetgen.years.targets import eased
from tests.conftest import PUBLISHED, ROOT
from tests.workbooks import derived_of, opened

LAST_YEAR = """
单位信息 | 项目 | 内容
 | 单位名称 | 某中心
 | 预算年度 | 2025
 | 机构类型 | 行政单位
 | 千分位 | 否
 | 公开日期 | 2025-02-27
收入总体 | 科目代码 | 科目名称 | 总计 | 一般公共预算 | 上级国有资本经营预算
 | 2060501 | | 12.34 | 10.00 | 2.34
一般公共预算支出 | 科目代码 | 科目名称 | 合计 | 基本支出
 | 2060501 | 机构运行 | 6.00 | 6.00
 | 2060599 | 自定名称 | 4.00 | 4.00
三公经费 | 项目 | 合计
 | 公务接待 | 0.50
人员情况 | 项目 | 人数
 | 在职 | 3
职能与机构 | 类别 | 内容 | 单位性质
 | 主要职能 | 负责科普。 |
 | 下属单位 | 某所 | 全额拨款事业单位
项目说明 | 项目名称 | 政策依据 | 预算安排规模 | 承担单位 | 资金分配情况 | 资金执行时间
 | 科普周 | 某字1号文 | 4.00 | 某中心 | 全部用于布展 | 2025年全年
 | 特定目标123 | 秘密文件 | 1.00 | 某中心 | 秘密用途 | 2025年全年
增减原因 | 指标 | 原因
 | 支出：基本支出 | 增加人员
其他说明 | 类别 | 术语 | 内容
 | 其他需说明的事项 | | 去年的事。
 | 名词解释 | 双创 | 创新创业。
"""
CARRIED = ("单位信息", "收入总体", "一般公共预算支出", "职能与机构", "项目说明", "其他说明")


def rolled(text, before="xinjiang-2025", after="xinjiang-2026", absent=()):
    edition = load(before)
    book, findings = read_grid(text, edition)
    assert [f.rule for f in findings if f.rule != "secret-text"] == []
    return roll(Last(derive(book, edition), edition, frozenset(absent)), load(after))


def lines(table, *columns):
    """A table as a text grid: the rows that say something, the named columns."""
    rows = [[row.text(column) for column in columns] for row in table.rows]
    return "".join(" | ".join(row).rstrip() + "\n" for row in rows if any(row[1:]))


def test_last_years_amounts_at_the_level_of_every_line_and_zero_where_there_was_none():
    table = rolled(LAST_YEAR).book["上年数"]
    assert lines(table, "指标", "科目代码", "科目名称", "上年预算数") == (
        "收入：一般公共预算 |  |  | 10\n"
        "收入：上级一般公共预算转移支付 |  |  | 0\n"
        "收入：政府性基金预算 |  |  | 0\n"
        "收入：上级政府性基金转移支付 |  |  | 0\n"
        "收入：国有资本经营预算 |  |  | 0\n"
        "收入：上级国有资本经营预算转移支付 |  |  | 2.34\n"
        "收入：财政专户 |  |  | 0\n"
        "收入：单位资金 |  |  | 0\n"
        "收入：财政拨款结转 |  |  | 0\n"
        "收入：非财政拨款结转结余 |  |  | 0\n"
        "支出：基本支出 |  |  | 0\n"
        "支出：项目支出 |  |  | 0\n"
        "一般公共预算：基本支出 |  |  | 10\n"
        "一般公共预算：项目支出 |  |  | 0\n"
        "三公：因公出国（境）费用 |  |  | 0\n"
        "三公：公务用车购置 |  |  | 0\n"
        "三公：公务用车运行维护费 |  |  | 0\n"
        "三公：公务接待费 |  |  | 0.5\n"
        "运行经费 |  |  | 0\n"
        "一般公共预算支出 | 2060501 | 机构运行 | 6\n"
        "一般公共预算支出 | 2060599 | 自定名称 | 4\n"
    )


def test_what_a_missing_table_would_have_told_stays_blank():
    text = """
单位信息 | 项目 | 内容
 | 单位名称 | 某中心
三公经费 | 项目 | 合计
 | 公务接待 | 0.50
"""
    table = rolled(text, absent=["收入总体", "支出总体", "一般公共预算支出", "收支总体"]).book["上年数"]
    assert lines(table, "指标", "科目代码", "上年预算数") == (
        "三公：因公出国（境）费用 |  | 0\n"
        "三公：公务用车购置 |  | 0\n"
        "三公：公务用车运行维护费 |  | 0\n"
        "三公：公务接待费 |  | 0.5\n"
        "运行经费 |  | 0\n"
    )


NEW_FIGURES = (
    {"id": "新：教育", "value": "支出总体[205].合计"},
    {"id": "新：科技", "value": "支出总体[206].合计"},
    {"id": "新：没有的列", "value": "支出总体[206].专项支出"},
    {"id": "新：逐项", "each": "支出总体", "name": "科目名称", "value": "项目支出"},
    {"id": "新：新表", "each": "新表", "name": "科目名称", "value": "合计"},
)


@pytest.fixture(scope="module")
def asking():
    """Next year's format with figures that last year's did not have, of a column and a table, too, that are new."""
    data = merged(folder(), "xinjiang-2026")
    own = next(table for table in data["table"] if table["name"] == "支出总体")
    block = {
        **own["block"][0],
        "columns": [*own["block"][0]["columns"], {"name": "专项支出", "type": "money"}],
    }
    tables = [{**table, "block": [block]} if table is own else table for table in data["table"]]
    tables.append({**own, "name": "新表", "number": 99})
    figures = [{"group": "新", "name": told["id"], **told} for told in NEW_FIGURES]
    return parse({**data, "table": tables, "figure": [*data["figure"], *figures]})


@pytest.mark.parametrize("absent", [(), ("支出总体",)], ids=["told", "absent"])
def test_of_a_figure_that_is_new_what_can_be_known_is_carried_and_what_cannot_is_told(asking, absent):
    text = """
单位信息 | 项目 | 内容
 | 单位名称 | 某中心
支出总体 | 科目代码 | 科目名称 | 基本支出 | 项目支出
 | 2060501 | 机构运行 | 6.00 | 4.00
"""
    last = load("xinjiang-2025")
    book, _ = read_grid("" if absent else text, last)
    result = roll(Last(derive(book, last), last, frozenset(absent)), asking)
    own = [row for row in result.book["上年数"].rows if row.text("指标").startswith("新：")]
    amounts = [(row.key, row["上年预算数"].value) for row in own if row["上年预算数"].value is not None]
    known = [("新：教育", 0), ("新：科技", 10), ("新：逐项/2060501", 4)]
    assert amounts == ([] if absent else known)
    told = [finding.message for finding in result.findings if finding.rule == "prior-unknown"]
    never = ["新：没有的列", "新：新表"]
    if absent:
        assert [len(told), all(one["id"] in told[0] for one in NEW_FIGURES)] == [1, True]
    else:
        assert told == [f"去年的文件里没有 2 个指标的上年预算数，没有填：{'、'.join(never)}"]


def test_amounts_in_yuan_are_carried_exactly():
    text = """
单位信息 | 项目 | 内容
 | 金额单位 | 元
一般公共预算支出 | 科目代码 | 合计
 | 2060501 | 123456.78
"""
    book = rolled(text).book
    assert lines(book["上年数"], "科目代码", "上年预算数").splitlines()[-1] == "2060501 | 12.345678"
    assert book.cell("单位信息", "金额单位", "内容").value == "元"


def test_the_facts_of_the_unit_stay_the_year_is_the_editions_and_the_date_is_open():
    about = lines(rolled(LAST_YEAR).book["单位信息"], "项目", "内容").splitlines()
    assert about[:5] == [
        "单位名称 | 某中心",
        "公开主体 | 单位",
        "预算年度 | 2026",
        "金额单位 | 万元",
        "机构类型 | 行政单位",
    ]
    assert "千分位 | 否" in about
    assert not any(line.startswith("公开日期") for line in about)


def test_texts_that_stay_are_marked_and_all_else_is_left_to_the_clerk():
    book = rolled(LAST_YEAR).book
    assert lines(book["职能与机构"], "类别", "内容", "单位性质") == (
        "主要职能 | 【沿用上年，请核对】负责科普。 |\n"
        "下属单位 | 【沿用上年，请核对】某所 | 全额拨款事业单位\n"
    )
    columns = ("项目名称", "政策依据", "承担单位", "预算安排规模", "资金分配情况", "资金执行时间")
    assert lines(book["项目说明"], *columns) == "科普周 | 【沿用上年，请核对】某字1号文 | 某中心 |  |  |\n"
    assert lines(book["其他说明"], "类别", "术语", "内容") == (
        "名词解释 | 双创 | 【沿用上年，请核对】创新创业。\n"
    )
    assert lines(book["增减原因"], "指标", "原因") == ""


def test_a_mark_that_is_still_there_is_not_doubled_and_stops_a_build():
    marked = LAST_YEAR.replace("负责科普。", "【沿用上年，请核对】负责科普。")
    result = rolled(marked)
    assert lines(result.book["职能与机构"], "类别", "内容").startswith(
        "主要职能 | 【沿用上年，请核对】负责科普。\n"
    )
    found = check(derive(result.book, result.edition), result.edition)
    told = [(s.row, s.column, f.severity) for f in found if f.rule == "carried-unreviewed" for s in f.spots]
    assert told == [(sheet, "已核对", "error") for sheet in CARRIED]
    assert result.unreviewed == CARRIED


def test_lines_of_every_table_are_carried_without_their_amounts():
    book = rolled(LAST_YEAR).book
    assert lines(book["收入总体"], "科目代码", "总计", "一般公共预算") == ""
    assert [row.text("科目代码") for row in book["收入总体"].rows] == ["2060501"]
    assert [
        [row.text(c) for c in ("科目代码", "科目名称", "基本支出")] for row in book["一般公共预算支出"].rows
    ] == [
        ["2060501", "机构运行", ""],
        ["2060599", "自定名称", ""],
    ]
    reasons = (row for row in book["增减原因"].rows if row.text("科目代码"))
    assert [[row.text(c) for c in ("指标", "科目代码", "科目名称", "原因")] for row in reasons] == [
        ["一般公共预算支出", "2060501", "机构运行", ""],
        ["一般公共预算支出", "2060599", "自定名称", ""],
    ]


INDICATORS = """
单位信息 | 项目 | 内容
 | 单位名称 | 某中心
项目绩效 | 项目名称 | 预算单位 | 年度预算总额 | 财政拨款 | 总体目标
 | 科普周 | 某中心 | 4.00 | 4.00 | 办好科普周
 | 特定目标123 | 某中心 | 1.00 | 1.00 | 秘密目标
项目绩效指标 | 项目名称 | 一级指标 | 二级指标 | 三级指标 | 指标值 | 上年完成值 | 权重
 | 科普周 | 产出指标 | 数量指标 | 展板 | ≥20块 | 18块 | 45
 |  |  |  | 观众 |  | - | 45
"""


def test_last_years_targets_are_what_was_reached_and_both_are_to_be_confirmed():
    book = rolled(INDICATORS).book
    columns = ("项目名称", "三级指标", "指标值", "上年完成值", "权重")
    assert lines(book["项目绩效指标"], *columns) == (
        "科普周 | 展板 | 【沿用上年，请核对】≥20块 | 【沿用上年，请核对】20块 | 45\n科普周 | 观众 |  |  | 45\n"
    )
    assert lines(book["项目绩效"], "项目名称", "预算单位", "年度预算总额", "总体目标") == (
        "科普周 | 某中心 |  | 【沿用上年，请核对】办好科普周\n"
    )


def test_the_checklist_says_what_last_years_targets_stand_in_for():
    review = rolled(INDICATORS).book["核对清单"].get("项目绩效指标")
    assert "上年完成值（暂填去年的指标值，请改成实际的）" in review.text("沿用的内容")


RESULTS = (
    INDICATORS
    + """ | 办公设备 | 产出指标 | 数量指标 | 电脑 | ≥5台 | - | 45
 |  |  |  | 打印机 | ≥2台 | - | 45
"""
)


def results(path, **entered):
    """What is told of results of which some were entered, on a sheet that was reviewed; and what stands there."""
    result = rolled(RESULTS)
    path.write_bytes(render_workbook(result.edition, derive(result.book, result.edition)))
    workbook = opened(path)
    answers = {
        **dict.fromkeys(result.unreviewed, "是"),
        **{f"项目绩效指标：{k}": v for k, v in entered.items()},
    }
    for row in workbook["项目绩效指标"].iter_rows(min_row=5):
        row[6].value = entered.get(row[3].value, row[6].value)
    for row in workbook["核对清单"].iter_rows(min_row=5):
        row[3].value = answers.get(row[0].value)
    workbook.save(path)
    checked = examine(path)
    stands = [row.text("上年完成值") for row in checked.book["项目绩效指标"].lines()]
    told = [
        (f.severity, f.message, [s.row for s in f.spots])
        for f in checked.findings
        if f.rule == "result-carried"
    ]
    assert not [f for f in checked.findings if f.rule == "carried-unreviewed"]
    return told, stands


MARK = "【沿用上年，请核对】"
STANDS = "还带着沿用的标记，没有确认是实际完成的（暂填的是去年的指标值）："
WEEK = ("error", f"“科普周”有 1 格上年完成值{STANDS}20块", ["第1行"])


def test_last_years_targets_are_no_results_until_a_person_says_so(tmp_path):
    """That the sheet was reviewed is not enough: one line for each project, one answer for each."""
    office = ("error", f"“办公设备”有 2 格上年完成值{STANDS}5台、2台", ["第3行", "第4行"])
    assert results(tmp_path / "都没改.xlsx") == (
        [WEEK, office],
        [f"{MARK}20块", "", f"{MARK}5台", f"{MARK}2台"],
    )
    changed = results(tmp_path / "改了.xlsx", 展板="19块", 电脑="4台", 打印机="")
    assert changed == ([], ["19块", "", "4台", ""])
    some = ("error", f"“办公设备”有 1 格上年完成值{STANDS}2台", ["第4行"])
    assert results(tmp_path / "改了一格.xlsx", 展板="19块", 电脑="4台") == (
        [some],
        ["19块", "", "4台", f"{MARK}2台"],
    )
    assert results(tmp_path / "有一个是.xlsx", 办公设备="均为实际完成", 电脑="4台") == (
        [WEEK],
        [f"{MARK}20块", "", "4台", "2台"],
    )
    assert results(tmp_path / "照选是.xlsx", 办公设备="是", 科普周="均为实际完成") == (
        [office],
        ["20块", "", f"{MARK}5台", f"{MARK}2台"],
    )


def test_the_checklist_asks_of_each_project_whether_targets_were_reached():
    rows = rolled(RESULTS).book["核对清单"].rows
    told = [[row.text(c) for c in ("工作表", "沿用的内容", "要重新填的")] for row in rows if "：" in row.key]
    assert told == [
        ["项目绩效指标：科普周", "上年完成值是去年的指标值（1 格）", "实际的上年完成值"],
        ["项目绩效指标：办公设备", "上年完成值是去年的指标值（2 格）", "实际的上年完成值"],
    ]


def test_the_checklist_asks_of_no_project_that_became_secret(tmp_path):
    """Its row goes from the workbook that the program writes, and its name with it; those of others stay."""
    result = rolled(RESULTS)
    path = tmp_path / "填报.xlsx"
    path.write_bytes(render_workbook(result.edition, derive(result.book, result.edition)))
    workbook = opened(path)
    for sheet in ("项目绩效", "项目绩效指标"):
        for cell in workbook[sheet]["A"]:
            cell.value = "特定目标2410010U" if cell.value == "科普周" else cell.value
    assert [cell.value for cell in workbook["核对清单"]["A"] if "科普周" in str(cell.value)]
    workbook.save(path)
    checked = examine(path)
    completed = opened(render_workbook(checked.edition, checked.book))
    texts = [str(cell.value) for sheet in completed for row in sheet.iter_rows() for cell in row]
    assert not [text for text in texts if "科普周" in text]
    assert [text for text in texts if text.startswith("项目绩效指标：")] == ["项目绩效指标：办公设备"]


def test_the_mark_of_what_was_carried_is_no_word_of_the_clerks():
    """Its comma parts no list, and no finding quotes it; the sheets that wait are told in one line."""
    last = LAST_YEAR.replace(" | 下属单位 | 某所 | 全额拨款事业单位", " | 内设机构 | 办公室")
    result = rolled(last)
    assert "【沿用上年，请核对】办公室" in lines(result.book["职能与机构"], "类别", "内容")
    found = check(derive(result.book, result.edition), result.edition)
    assert not [finding.message for finding in found if "请核对】" in finding.message]
    waiting = [(f.message, len(f.spots)) for f in found if f.rule == "carried-unreviewed"]
    sheets = "、".join(result.unreviewed)
    assert waiting == [
        (f"沿用了去年内容的，还有 {len(result.unreviewed)} 页没有核对：{sheets}", len(result.unreviewed))
    ]


def test_people_are_carried_to_the_next_format_that_asks_for_them_and_listed():
    result = rolled(LAST_YEAR, before="xinjiang-2024", after="xinjiang-2025", absent=["委托业务费"])
    assert result.book.cell("人员情况", "在职", "人数").value == 3
    review = result.book["核对清单"].get("人员情况")
    assert [review.text(c) for c in ("沿用的内容", "要重新填的", "已核对")] == ["在职（1 格）", "", ""]


def test_the_checklist_says_sheet_by_sheet_what_was_carried_and_what_is_to_be_filled_in():
    rows = rolled(LAST_YEAR).book["核对清单"].rows
    told = {row.key: [row.text("沿用的内容"), row.text("要重新填的")] for row in rows}
    assert told["一般公共预算支出"] == ["科目代码（2 格）", "基本支出"]
    assert told["项目说明"] == ["项目名称、承担单位、政策依据（3 格）", "资金分配情况、资金执行时间"]
    assert "公开日期" in told["单位信息"][1]


def _reviewed(path, *sheets):
    """The workbook with 是 beside some sheets of its checklist."""
    workbook = opened(path)
    for row in workbook["核对清单"].iter_rows(min_row=5):
        if row[0].value in sheets:
            row[3].value = "是"
    workbook.save(path)


def test_one_entry_on_the_checklist_clears_the_marks_of_a_sheet(tmp_path):
    """What was not reviewed is told once, at its row; texts whose row is gone from the list are told by themselves."""
    result = rolled(LAST_YEAR)
    path = tmp_path / "填报.xlsx"
    path.write_bytes(render_workbook(result.edition, derive(result.book, result.edition)))
    _reviewed(path, *(set(CARRIED) - {"其他说明"}))
    checked = examine(path)
    told = [f.spots[0].row for f in checked.findings if f.rule == "carried-unreviewed"]
    assert told == ["其他说明"]
    assert lines(checked.book["职能与机构"], "类别", "内容") == "主要职能 | 负责科普。\n下属单位 | 某所\n"
    workbook = opened(path)
    workbook.remove(workbook["核对清单"])
    workbook.save(path)
    found = examine(path).findings
    told = [spot.table for f in found if f.rule == "carried-unreviewed" for spot in f.spots]
    assert told == ["职能与机构", "职能与机构", "项目说明", "其他说明"]


def test_what_was_carried_cannot_be_struck_from_the_checklist_by_accident(tmp_path):
    result = rolled(LAST_YEAR)
    path = tmp_path / "填报.xlsx"
    path.write_bytes(render_workbook(result.edition, derive(result.book, result.edition)))
    sheet = opened(path)["核对清单"]
    locked = {cell.column_letter: cell.protection.locked for cell in sheet[5]}
    assert (sheet.protection.sheet, locked) == (True, {"A": True, "B": True, "C": True, "D": False})


def test_lines_without_an_amount_are_told_and_not_published(tmp_path):
    """The codes of last year that have no amount this year."""
    result = rolled(LAST_YEAR)
    path = tmp_path / "填报.xlsx"
    path.write_bytes(render_workbook(result.edition, derive(result.book, result.edition)))
    workbook = opened(path)
    sheet = workbook["一般公共预算支出"]
    row = next(row for row in sheet.iter_rows() if row[0].value == "2060501")
    row[3].value = 7
    workbook.save(path)
    reading = read(path)
    assert [(f.rule, f.severity, f.message) for f in reading.findings] == [
        ("line-unfilled", "note", "1 行只有“科目代码”，没有金额，不公开：2060501"),
        ("line-unfilled", "note", "1 行只有“科目代码”，没有金额，不公开：2060599"),
    ]
    book = derive(reading.book, reading.edition)
    assert [row.key for row in book["一般公共预算支出"].lines()] == ["2060501"]
    assert [row.key for row in book["收入总体"].rows] in ([], [TOTAL])


@pytest.mark.parametrize("sample", sorted((ROOT / "samples").glob("*-unit.xlsx")), ids=lambda path: path.stem)
def test_no_row_is_published_that_nothing_is_added_up_into(sample):
    """Of each table only one line has an amount, one after the other: it and what it is added up into remain."""
    reading = read(sample)
    edition, book = reading.edition, derive(reading.book, reading.edition)
    kind = (
        book.cell(edition.house.about, edition.house.kind, edition.house.value).value
        or edition.kind_by_default
    )
    leveled = [one for one in edition.tables.values() if one.printed and one.main.key and one.main.levels]
    for declared in leveled:
        table, tree = book[declared.name], outline(edition, declared.name, kind)
        blank = dict.fromkeys(declared.measures(), BLANK)
        for filled in table.lines():
            rows = tuple(row if row is filled else row.with_cells(blank) for row in table.rows)
            kept, found = without_unfilled(Table(table.name, rows), tree, (), edition)
            wanted = {TOTAL, filled.key, *declared.fixed, *(place.key for place in ancestors(tree, filled))}
            assert {row.key for row in kept.rows} == wanted & {row.key for row in table.rows}
            idle = [row.key for row in table.lines() if row is not filled]
            assert [spot.row for one in found for spot in one.spots] == idle
    assert len(leveled) > 3


def test_nothing_of_a_secret_item_is_carried():
    assert "秘密" not in repr(rolled(LAST_YEAR).book)
    assert "特定目标123" not in repr(rolled(LAST_YEAR).book)


def test_what_the_new_edition_has_no_place_for_is_told():
    text = """
单位信息 | 项目 | 内容
 | 单位名称 | 某中心
委托业务费 | 项目名称 | 合计
 | 印刷 | 3.00
收支总体 | 科目名称 | 预算数
 | 234 | 1.00
"""
    result = rolled(text, before="xinjiang-2026", after="xinjiang-2025")
    assert [(f.rule, f.message) for f in result.findings] == [
        ("not-carried", "“收支总体”表的“234 抗疫特别国债安排的支出”行"),
        ("not-carried", "“委托业务费”表（1 行有内容）"),
    ]


@pytest.mark.parametrize("name", available())
def test_what_stays_is_declared_soundly(name):
    edition = load(name)
    for stays in edition.house.stays:
        declared = edition.tables[stays.name]
        assert {*stays.kept, *stays.reviewed} <= set(declared.columns)
        texts = (*stays.reviewed, *stays.becomes)
        assert all(declared.columns[column].type == "text" for column in texts)
        assert not any(declared.columns[column].type == "money" for column in stays.kept)
        if stays.where:
            assert edition.formula(stays.where, each=stays.name)


def test_the_workbook_read_back_is_the_rolled_book(tmp_path):
    result = rolled(LAST_YEAR)
    path = tmp_path / "填报.xlsx"
    path.write_bytes(render_workbook(result.edition, derive(result.book, result.edition)))
    reading = read(path)
    assert {f.rule for f in reading.findings} == {"line-unfilled"}
    for name, columns in {
        "上年数": ("指标", "科目代码", "上年预算数"),
        "职能与机构": ("类别", "内容"),
        "项目说明": ("项目名称", "政策依据"),
        "单位信息": ("项目", "内容"),
    }.items():
        first, again = (
            {tuple(str(row[c].value or "") for c in columns) for row in book[name].rows}
            for book in (derive(result.book, result.edition), derive(reading.book, result.edition))
        )
        assert _numbers(again) == _numbers(first)


def _numbers(rows):
    """Rows whose figures compare by value."""
    return {tuple(t.rstrip("0").rstrip(".") if "." in t else t for t in row) for row in rows}


# --- --prior ------------------------------------------------------------------------------------------------

THIS_YEAR = """
单位信息 | 项目 | 内容
 | 单位名称 | 某中心
一般公共预算支出 | 科目代码 | 合计
 | 2060501 | 7.00
 | 2060502 | 1.00
上年数 | 指标 | 科目代码 | 上年预算数
 | 收入：一般公共预算 | | 11.00
 | 三公：公务接待费 | | 0.50
 | 一般公共预算支出 | 2060599 | 4.01
 | 一般公共预算支出 | 2060503 | 1.00
"""


def compared():
    before, edition = load("xinjiang-2025"), load("xinjiang-2026")
    last = Last(derive(read_grid(LAST_YEAR, before)[0], before), before)
    known = priors(last, edition)
    book = derive(with_priors(read_grid(THIS_YEAR, edition)[0], edition, known), edition)
    return book, list(differing(book, edition, "去年.docx", known))


def test_blank_amounts_of_last_year_are_filled_and_not_taken_for_given():
    book, _ = compared()
    filled = {
        row.key: (str(row["上年预算数"].value), row["上年预算数"].given)
        for row in book["上年数"].rows
        if row["上年预算数"].value
    }
    assert filled == {
        "收入：一般公共预算": ("11", True),
        "收入：上级国有资本经营预算转移支付": ("2.34", False),
        "一般公共预算：基本支出": ("10", False),
        "三公：公务接待费": ("0.5", True),
        "三公：合计": ("0.5", False),
        "一般公共预算支出/2060599": ("4.01", True),
        "一般公共预算支出/2060503": ("1", True),
        "一般公共预算支出/2060501": ("6", False),
    }
    assert book.cell("上年数", "一般公共预算支出/2060502", "上年预算数").value == 0


def test_amounts_that_differ_are_told_with_both_files():
    _, findings = compared()
    assert [(f.rule, f.severity, f.message) for f in findings] == [
        (
            "prior-differs",
            "error",
            "“收入：一般公共预算”：示例!上年数!C7 11.00 | 去年.docx!（推算） 10.00 | 差 1.00",
        ),
        (
            "prior-differs",
            "error",
            "“一般公共预算支出/2060599”：示例!上年数!C9 4.01 | 去年.docx!一般公共预算支出!C11 4.00 | 差 0.01",
        ),
        (
            "prior-differs",
            "error",
            "“一般公共预算支出/2060503”：示例!上年数!C10 1.00 | 去年.docx!（推算） 0.00 | 差 1.00",
        ),
    ]


# --- published documents ------------------------------------------------------------------------------------


@pytest.mark.published
@pytest.mark.parametrize("name", ["2025-district", "2024-bureau"])
def test_last_years_figures_of_a_published_document(name, tmp_path):
    """Read back by reading.workbook, 上年数 equals the published figures, line by line."""
    done = follow(PUBLISHED / f"{name}.docx", output=tmp_path / "填报.xlsx")
    edition = done.rolled.edition
    assert edition.edition.year == done.last.year + 1
    published = with_figures(done.last.book, done.last.edition)["指标"].rows
    expected = {row.key: row["金额"].value or 0 for row in published}
    table = derive(read(done.written).book, edition)["上年数"]
    assert {row.key: row["上年预算数"].value for row in table.rows if row.text("指标")} == expected


@pytest.mark.published
@pytest.mark.parametrize(
    ("name", "cells", "sheets"),
    [("2025-district", 93, 14), ("2024-bureau", 204, 16), ("2026-center", 100, 13)],
)
def test_how_much_of_a_published_document_is_left_to_fill_in(name, cells, sheets):
    """Were next year like last: so many cells to type, so many sheets to look through (benchmarks/rolling.py)."""
    last = derived_of(PUBLISHED / f"{name}.docx")
    done = roll(last_of(last), load(later(last.edition.id, last.year, last.year + 1)))
    assert (sum(done.anew.values()), len(done.unreviewed)) == (cells, sheets)


def test_facts_that_the_new_edition_does_not_offer_are_left_and_told():
    """A choice that is gone gives way to the blank workbook's; the date of last year is neither carried nor told."""
    edition = load("xinjiang-2025")
    about = edition.tables["单位信息"]
    kinds = about.fixed["机构类型"][1].choices
    assert "企业" not in kinds
    book, _ = read_grid("单位信息 | 项目 | 内容\n | 单位名称 | 某中心\n | 公开日期 | 2025-02-27", edition)
    row = book["单位信息"].get("机构类型")
    odd = row.with_cells({"内容": Cell("企业", given=True)})
    rows = tuple(odd if one is row else one for one in book["单位信息"].rows)
    strange = book.with_tables({"单位信息": Table("单位信息", rows)})
    done = roll(Last(derive(strange, edition), edition), load("xinjiang-2026"))
    assert [f.message for f in done.findings] == ["“机构类型”的“企业”，新版式没有这个选项"]
    kept = done.book["单位信息"]
    assert [kept.get(key).text("内容") for key in ("单位名称", "机构类型", "公开日期")] == [
        "某中心",
        "事业单位",
        "",
    ]


def test_only_what_was_given_and_says_something_is_told_to_have_no_place():
    """Of a table that is gone: the rows with content, zeros and blanks apart."""
    text = "人员情况 | 项目 | 人数\n | 在职 | {}\n | 离休 | {}"
    said = [
        [f.message for f in rolled(text.format(*people)).findings if f.spots[0].table == "人员情况"]
        for people in (("3", "2"), ("3", "0"), ("0", ""), ("", ""))
    ]
    assert said == [["“人员情况”表（2 行有内容）"], ["“人员情况”表（1 行有内容）"], [], []]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "20.30",
            "203000.00",
            ["“采购与资产”有 1 格与 去年.docx 相差约一万倍：“其他资产”今年 203000.00，去年 20.30"],
        ),
        (
            "203000.00",
            "18.70",
            ["“采购与资产”有 1 格与 去年.docx 相差约一万倍：“其他资产”今年 18.70，去年 203000.00"],
        ),
        ("20.30", "2030.00", []),
        ("0.02", "203.00", []),
        (
            "0.30",
            "3000.00",
            ["“采购与资产”有 1 格与 去年.docx 相差约一万倍：“其他资产”今年 3000.00，去年 0.30"],
        ),
        ("0.00", "0.00", []),
        ("", "203000.00", []),
    ],
)
def test_an_amount_typed_in_the_other_unit_of_money_is_told_beside_last_years(old, new, told):
    before, edition = load("xinjiang-2025"), load("xinjiang-2026")
    last, own = (
        derive(read_grid(f"采购与资产 | 项目 | 金额\n | 其他资产 | {amount}\n", one)[0], one)
        for amount, one in ((old, before), (new, edition))
    )
    last = Last(replace(last, file="去年.docx"), before)
    found = list(misscaled(own, edition, last))
    assert [(f.rule, f.message) for f in found] == [("prior-scale", one) for one in told]


def test_texts_of_last_years_file_that_name_its_year_are_told_where_they_were_not_touched():
    before, edition = load("xinjiang-2025"), load("xinjiang-2026")
    text = """
单位信息 | 项目 | 内容
 | 预算年度 | {}
项目说明 | 项目名称 | 政策依据 | 资金执行时间
 | 甲项目 | {} | 2025年1月—2025年12月
 | 乙项目 | 某办〔2019〕1号 |
"""
    last = Last(
        replace(derive(read_grid(text.format(2025, "某办〔2025〕1号"), before)[0], before), file="去年.docx"),
        before,
    )

    def told(basis):
        book = derive(read_grid(text.format(2026, basis), edition)[0], edition)
        return [(f.rule, f.message, f.spots[0].row) for f in unchanged(book, edition, last)]

    assert told("某办〔2025〕1号") == [
        ("prior-text", "“项目说明”有 1 格与 去年.docx 一字不差，写着 2025 年：某办〔2025〕1号", "甲项目")
    ]
    assert told("某办〔2025〕1号、某办〔2026〕2号") == []


@pytest.mark.parametrize(
    ("then", "now", "told"),
    [
        ("≥4场", "≥3场", True),
        ("≥95%", ">=90%", True),
        ("≤3天", "≤5天", True),
        ("≤3天", "<= 5 天", True),
        ("≤5天", "≤3天", False),
        ("≥3场", "≥4场", False),
        ("≥4场", "≤3场", False),
        ("≥4场", "≥3次", False),
        ("≤3万元", "≤5万元", False),
        ("=4场", "=3场", False),
        ("2025年12月", "2026年12月", False),
        ("≤2025年", "≤2026年", False),
        ("≤6月底", "≤12月底", False),
        ("≤2025年12月20日", "≤2026年12月25日", False),
        ("≥4场", "＞3场", False),
        ("≤80万", "≤100万", False),
        ("≤0.5小时", "≤30分钟", False),
        ("≥120万元", "≥100万元", False),
    ],
)
def test_targets_that_ask_less_than_last_years_are_told_in_both_tables(then, now, told):
    """Of the unit as a whole and of each project; a name that stands twice is not told apart."""
    before, edition = load("xinjiang-2025"), load("xinjiang-2026")
    text = """
整体绩效指标 | 三级指标 | 指标值
 | 培训 | {0}
 | 重名 | {0}
 | 重名 | {0}
项目绩效指标 | 项目名称 | 三级指标 | 指标值
 | 甲项目 | 办结 | {0}
 | {1} | 其他 | {0}
"""
    last, own = (
        derive(read_grid(text.format(value, item), one)[0], one)
        for value, item, one in ((then, "乙项目", before), (now, "丙项目", edition))
    )
    found = [
        (f.rule, f.severity, f.message)
        for f in eased(own, edition, Last(replace(last, file="去年.docx"), before))
    ]
    assert found == [
        ("prior-target", "note", f"“{table}”有 1 个指标比 去年.docx 要求低：“{name}”今年 {now}，去年 {then}")
        for table, name in (("项目绩效指标", "办结"), ("整体绩效指标", "培训"))
        if told
    ]


def test_a_row_of_money_among_rows_of_numbers_is_compared_too():
    edition = load("shanghai-2025")
    last, own = (
        derive(
            read_grid(f"采购与资产 | 项目 | 数\n | 绩效资金 | {amount}\n | 车辆 | {count}\n", edition)[0],
            edition,
        )
        for amount, count in (("30000", 1), ("300000000", 10000))  # 元
    )
    found = list(misscaled(own, edition, Last(replace(last, file="去年.docx"), edition)))
    assert [f.message for f in found] == [
        "“采购与资产”有 1 格与 去年.docx 相差约一万倍：“绩效资金”今年 30000.00，去年 3.00"
    ]
