"""Of a secret item only the code and the amounts come through the door, however its name is written."""

from __future__ import annotations

import pytest

from budgetgen.reading.grid import read_grid

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
