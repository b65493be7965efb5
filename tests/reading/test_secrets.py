"""Of a secret item only the code and the amounts come through the door, however its name is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetgen.reading.grid import read_grid
from budgetgen.reading.secrets import Secrets

CANARY = "绝密字样"


@pytest.mark.parametrize(
    "name",
    [
        f"特定目标2410010U{CANARY}",
        f"特定目标 2410010U（{CANARY}）",
        f"“特定目标2410010U”{CANARY}",
        f"特 定 目 标2410010U——{CANARY}",
        f"【特定目标】2410010U{CANARY}",
        f"特定目标：2410010U，{CANARY}",
        f"{CANARY}（特定目标2410010U）",
        f"{CANARY}-特定目标2410010U",
        f"2026年特定目标2410010U{CANARY}",
        f"特定目标2410010UVelvetLantern{CANARY}",
    ],
)
def test_only_code_and_amounts_are_kept(newest, name):
    book, _ = read_grid(
        f"""
        项目支出 | 科目代码 | 项目名称 | 其他支出
                 | 2060599  | {name} | 5.00
        项目说明 | 项目名称 | 承担单位 | 政策依据 | 资金分配情况 | 资金执行时间
                 | {name} | {CANARY}处 | {CANARY} | {CANARY} | {CANARY}
        项目绩效 | 项目名称 | 财政拨款 | 总体目标
                 | {name} | 5.00 | {CANARY}
        项目绩效指标 | 项目名称 | 一级指标 | 二级指标 | 三级指标 | 指标值
                 | {name} | 产出 | 数量 | {CANARY} | 1
        """,
        newest,
    )
    assert CANARY not in repr(book)
    assert "VelvetLantern" not in repr(book)
    row = book["项目支出"].rows[0]
    assert (row.text("项目名称"), row["其他支出"].value) == ("特定目标2410010U", 5)
    assert book["项目绩效"].rows == ()
    assert book["项目绩效指标"].rows == ()


@pytest.mark.parametrize(
    ("unit", "kept", "told"),
    [
        ("示例市信息中心", "示例市信息中心", []),
        ("示例信息中心", "示例信息中心", []),
        (CANARY, "", ["secret-text"]),
        (f"{CANARY}示例市信息中心", "", ["secret-text"]),
    ],
)
def test_the_unit_of_a_secret_item_is_a_unit(newest, unit, kept, told):
    book, findings = read_grid(
        f"""
        单位信息 | 项目 | 内容
                 | 单位名称 | 示例市信息中心
        项目说明 | 项目名称 | 承担单位
                 | 特定目标2410010U | {unit}
        """,
        newest,
    )
    assert book["项目说明"].rows[0].text("承担单位") == kept
    assert [f.rule for f in findings] == told


def test_what_a_file_holds_of_a_secret_item_is_told_by_its_places(newest):
    _, findings = read_grid(
        f"""
        项目支出 | 科目代码 | 项目名称 | 其他支出
                 | 2060599  | {CANARY}（特定目标2410010U） | 5.00
                 | 2060599  | 特定目标 2410011U | 5.00
        项目说明 | 项目名称 | 政策依据 | 资金分配情况
                 | 特定目标2410010U | {CANARY} | 完全不予公开
        """,
        newest,
    )
    assert [(f.rule, f.message, [(s.row, s.column) for s in f.spots]) for f in findings] == [
        (
            "secret-text",
            "涉密项目在“项目支出”有 1 格写了代码以外的文字，没有读入，但还在文件里",
            [("2060599/特定目标2410010U", "项目名称")],
        ),
        (
            "secret-text",
            "涉密项目在“项目说明”有 1 格写了代码以外的文字，没有读入，但还在文件里",
            [("特定目标2410010U", "政策依据")],
        ),
    ]
    assert CANARY not in repr(findings)


# --- by what an item is known -------------------------------------------------------------------------------


def places(findings, rule):
    return [(spot.table, spot.row, spot.column) for f in findings if f.rule == rule for spot in f.spots]


@pytest.mark.parametrize(
    "text", ["雷霆二号", "与“雷霆二号”同时实施", "雷 霆 二 号", "2410010U", "用于2410010U。"]
)
def test_a_name_from_one_place_is_recognised_elsewhere(newest, text):
    """secret-echo: where the mark is missing, the place is told, and never the text."""
    book, findings = read_grid(
        f"""
        项目支出 | 科目代码 | 项目名称 | 其他支出
                 | 2060599  | 特定目标2410010U（雷霆二号） | 5.00
        项目说明 | 项目名称 | 政策依据
                 | 甲项目 | {text}
        """,
        newest,
    )
    assert places(findings, "secret-echo") == [("项目说明", "甲项目", "政策依据")]
    assert book["项目说明"].rows[0].text("政策依据") == "涉及特定目标2410010U，完全不予公开"
    assert "雷霆" not in repr((book, findings))


def test_a_row_of_the_same_name_is_that_of_the_secret_item(newest):
    book, findings = read_grid(
        f"""
        项目支出 | 科目代码 | 项目名称 | 其他支出
                 | 2060599  | 雷霆二号（特定目标2410010U） | 5.00
        结转用途 | 项目名称 | 金额 | 用途
                 | 雷霆二号 | 5.00 | {CANARY}
        项目绩效 | 项目名称 | 总体目标
                 | 雷霆二号 | {CANARY}
        """,
        newest,
    )
    assert book["结转用途"].rows[0].key == "特定目标2410010U"
    assert book["项目绩效"].rows == ()
    assert {table for table, _, _ in places(findings, "secret-echo")} == {"结转用途", "项目绩效"}
    assert not {"雷霆", CANARY} & {word for word in ("雷霆", CANARY) if word in repr((book, findings))}


def test_words_that_the_format_says_itself_name_no_item(newest):
    book, findings = read_grid(
        """
        项目支出 | 科目代码 | 项目名称 | 其他支出
                 | 2060599  | 特定目标2410010U项目支出 | 5.00
        项目说明 | 项目名称 | 政策依据
                 | 甲项目 | 项目支出管理办法
        """,
        newest,
    )
    assert book["项目说明"].rows[0].text("政策依据") == "项目支出管理办法"
    assert places(findings, "secret-echo") == []


def test_a_name_without_a_code_is_marked_too(newest):
    book, findings = read_grid(
        f"项目支出 | 科目代码 | 项目名称 | 其他支出\n | 2060599 | 特定目标{CANARY} | 5.00", newest
    )
    assert book["项目支出"].rows[0].text("项目名称") == "特定目标"
    assert places(findings, "secret-text") == [("项目支出", "2060599/特定目标", "项目名称")]


@pytest.mark.parametrize(
    ("unit", "kept", "told"),
    [("示例市信息中心", "示例市信息中心", []), (CANARY, "示例市信息中心", ["secret-text", "secret-unit"])],
)
def test_whose_a_secret_row_is_must_be_a_known_unit(newest, unit, kept, told):
    """secret-unit: what is no unit is dropped, and it is an error that nobody knows whose the amount is."""
    book, findings = read_grid(
        f"""
        单位信息 | 项目 | 内容
                 | 单位名称 | 示例市信息中心
        结转结余 | 单位 | 项目 | 合计
                 | {unit} | 特定目标2410010U | 5.00
        """,
        newest,
    )
    row = next(row for row in book["结转结余"].rows if row.line)
    assert (row.text("单位"), [f.rule for f in findings]) == (kept, told)


def test_text_behind_the_unit_of_a_secret_row_is_dropped(newest):
    book, findings = read_grid(
        f"""
        单位信息 | 项目 | 内容
                 | 单位名称 | 示例市信息中心
        结转结余 | 单位 | 项目 | 合计
                 | 示例市信息中心{CANARY} | 特定目标2410010U | 5.00
        """,
        newest,
    )
    assert next(row for row in book["结转结余"].rows if row.line).text("单位") == "示例市信息中心"
    assert [f.rule for f in findings] == ["secret-text"]
    assert CANARY not in repr((book, findings))


def test_what_cannot_be_read_in_a_secret_row_is_told_without_its_words(newest):
    _, findings = read_grid(
        f"""
        结转用途 | 项目名称 | 金额 | 用途 | 并入绩效表的项目
                 | 特定目标2410010U | {CANARY} | {CANARY} | {CANARY}
        """,
        newest,
    )
    assert [(f.rule, f.message) for f in findings] == [
        ("not-a-number", "“金额”“（略）”不是数字"),
        ("secret-text", "涉密项目在“结转用途”有 3 格写了代码以外的文字，没有读入，但还在文件里"),
    ]


PIECES = ("特定目标", "2410010U", "_", "（", "示例", "工程", "Ａ1", " ", "7", "abc", "2060501", "甲乙")


@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=5).map("".join), max_size=9))
def test_texts_that_are_asked_as_one_say_what_each_says(newest, texts):
    secrets = Secrets.of(newest, ("特定目标2410010U（示例工程）", "甲乙（2060501）"), ())
    assert secrets.speaking(texts) == {text for text in texts if secrets.speaks(text)}


@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=5).map("".join), max_size=9))
def test_a_file_has_the_codes_that_stand_behind_a_mark_in_any_of_its_texts(newest, texts):
    each = [Secrets.of(newest, (), (text,)).codes for text in texts]
    assert Secrets.of(newest, (), texts).codes == frozenset().union(*each)
