"""Declarations are resolved when they load: a slip stops the program with what is wrong and the nearest name."""

from __future__ import annotations

import copy
import re

import pytest
from openpyxl import load_workbook

from budgetgen.edition import EditionError, available, declarations, folder, load, parse
from budgetgen.pipeline.new import new


@pytest.fixture(scope="module")
def data():
    return declarations(folder(), available()[0])


def slip(data, change):
    """What loading says after a change to the declarations."""
    changed = copy.deepcopy(data)
    change(changed)
    with pytest.raises(EditionError) as error:
        parse(changed)
    return str(error.value)


def rule(data, name):
    return next(rule for rule in data["rule"] if rule["id"] == name)


def test_every_edition_loads():
    assert [load(name).id for name in available()] == list(available())


def test_misspelt_column_names_the_nearest(data):
    said = slip(data, lambda d: rule(d, "expenditure-row").update(holds="合计 == 基本支出 + 项目支处"))
    assert said == "“expenditure-row”：“项目支处”：没有叫这个名字的列或名称，您是否指“项目支出”"


def test_unknown_table(data):
    said = slip(
        data,
        lambda d: rule(d, "summary-own").update(holds="收支总体[单位资金].预算数 == 收入总休[总计].单位资金"),
    )
    assert said == "“summary-own”：“收入总休”：没有这张表，您是否指“收入总体”"


def test_unknown_row(data):
    said = slip(
        data,
        lambda d: rule(d, "summary-own").update(holds="收支总体[单位资全].预算数 == 收入总体[总计].单位资金"),
    )
    assert said == "“summary-own”：“单位资全”：表“收支总体”没有这一行，您是否指“单位资金”"


def test_syntax_error(data):
    said = slip(data, lambda d: rule(d, "expenditure-row").update(holds="合计 == 基本支出 +"))
    assert said.startswith("“expenditure-row”：公式“合计 == 基本支出 +”写法有误")


def test_forbidden_python(data):
    said = slip(data, lambda d: rule(d, "expenditure-row").update(holds="__import__('os').system('true')"))
    assert said.startswith("“expenditure-row”：")


def test_unknown_slot_in_a_sentence(data):
    said = slip(data, lambda d: d["statement"][0]["cases"][0].update(says="{内榕}"))
    assert said == "“functions”：“内榕”：没有叫这个名字的列或名称，您是否指“内容”"


def test_misspelt_field_names_the_declaration(data):
    said = slip(data, lambda d: rule(d, "expenditure-row").update(severty="note"))
    assert "severty" in said


def test_phrase_of_a_list_number_must_be_declared(data):
    def change(d):
        next(s for s in d["statement"] if s["id"] == "projects.project")["numbered"] = "{项目编号}"

    assert slip(data, change) == "“projects.project”的序号“{项目编号}”：没有“项目编号”这个说法"


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"name": "项目说民"}, "[[house.stays]] 的表“项目说民”不存在"),
        ({"name": "项目说明", "kept": ["承担单"]}, "[[house.stays]]：表“项目说明”没有“承担单”这一列"),
        ({"name": "项目说明", "where": '类别 == "甲"'}, "“项目说明”：“类别”：没有叫这个名字的列或名称"),
    ],
)
def test_carried_texts_must_be_declared(data, entry, said):
    assert slip(data, lambda d: d["house"].update(stays=[entry])).startswith(said)


def test_a_fact_of_the_unit_must_be_a_row(data):
    said = slip(data, lambda d: d["house"].update(numbers="列表编号"))
    assert said == "[house] 的 numbers：表“单位信息”没有“列表编号”这一行"


def test_place_is_named_by_file_and_line(tmp_path):
    home = folder() / available()[0]
    copied = tmp_path / "editions" / "slip"
    copied.mkdir(parents=True)
    (tmp_path / "editions" / "common.toml").write_text((folder() / "common.toml").read_text("utf-8"), "utf-8")
    for file in home.iterdir():
        (copied / file.name).write_text(
            file.read_text("utf-8").replace("基本支出 + 项目支出'", "基本支出 + 项目支处'"), "utf-8"
        )
    with pytest.raises(EditionError, match=r"slip/rules\.toml:\d+: "):
        load("slip", root=tmp_path / "editions")


def test_unknown_edition_names_those_that_are():
    with pytest.raises(EditionError, match="没有版式“nowhere-1999”，现有："):
        load("nowhere-1999")


def test_the_year_of_a_format_is_its_own_wherever_its_sheets_show_one(edition):
    """A format that extends another must not show the other's year: in a default, in a hint."""
    year, house = edition.edition.year, edition.house
    _, row = edition.tables[house.about].fixed[house.year]
    assert (row.default, edition.names["版式年度"]) == (str(year), str(year))
    blocks = [block for table in edition.table for block in table.block]
    shown = [text for block in blocks for row in block.rows for text in (row.default, row.hint)]
    shown += [column.hint for block in blocks for column in block.columns]
    assert {int(told) for text in shown for told in re.findall(r"\b20\d\d(?=年|-)", text or "")} == {year}


def test_a_new_workbook_is_of_the_year_of_its_format(edition, tmp_path):
    written = new(tmp_path / "填报表.xlsx", edition=edition.id)
    about = load_workbook(written)[edition.house.about]
    assert [row[1].value for row in about if row[0].value == edition.house.year] == [edition.edition.year]
