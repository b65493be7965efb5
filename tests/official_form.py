"""The official form of a unit of Shanghai, filled as a clerk fills it: one sheet for each part and each table."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from openpyxl import load_workbook

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl import Workbook

UNIT = "上海市普陀区某某单位"
TEXTS = {
    "封面": {"A3": "上海市普陀区2026年区级单位预算", "A9": f"预算单位：{UNIT}"},
    "单位职能": {
        "A1": f"{UNIT}（单位）主要职能",
        "A3": "    本院照料老年人。\n    主要职能包括：\n    1.照料老人。\n    2.开展活动。\n",
    },
    "单位机构设置": {
        "A1": f"{UNIT}（单位）机构设置",
        "A3": f"    {UNIT}设2个内设机构，包括：办公室、护理部。\n",
    },
    "单位编制说明": {
        "A3": f"    2026年，{UNIT}收入预算300.00万元，其中：财政拨款收入200.00万元，比2025年预算增加10.00万元；"
        "事业收入100.00万元；事业单位经营收入0.00万元；其他收入0.00万元。\n"
        "    支出预算300.00万元，其中：财政拨款支出预算200.00万元，比2025年预算增加10.00万元。"
        "财政拨款支出预算中，一般公共预算拨款支出预算200.00万元，比2025年预算增加10.00万元；"
        "政府性基金拨款支出预算0.00万元，与2025年预算持平；国有资本经营预算拨款支出预算0.00万元，与2025年预算持平。\n"
        "    财政拨款收入支出增加的主要原因是人员增加。\n    财政拨款支出主要内容如下：",
        "A4": "    1. “社会保障和就业支出（类）社会福利（款）社会福利事业单位（项）”科目200.00万元，主要用于人员和日常开支。",
        "A5": None,
        "A6": None,
    },
}
OTHERS = f"""  一、2026年“三公”经费预算情况说明
     2026年“三公”经费预算数为6.40万元，与2025年预算持平。其中：
    （一）因公出国（境）费0.00万元，与2025年预算持平，主要原因是没有安排。
    （二）公务用车购置及运行费6.40万元，与2025年预算持平。其中：公务用车购置费0.00万元，与2025年预算持平；\
公务用车运行费6.40万元，与2025年预算持平。
    （三）公务接待费0.00万元。与2025年预算持平。
  二、机关运行经费预算
     本单位无机关运行经费。
  三、政府采购预算情况
     {UNIT}2026年度未安排政府采购预算。
  四、绩效目标设置情况
     2026年度，本单位编报绩效目标的项目共1个，涉及项目预算资金100.00万元。
"""
CODED = """208 |  |  | 社会保障和就业支出
208 | 10 |  | 社会福利
208 | 10 | 05 | 社会福利事业单位"""
FUNCTION = {
    "单位收入总表": (20, "3000000 | 2000000 | 1000000"),
    "单位支出总表": (20, "3000000 | 2000000 | 1000000"),
    "单位一般公共预算拨款表": (21, "2000000 | 2000000"),
    "单位政府性基金拨款表": (21, ""),
    "单位国有资本经营预算拨款表 ": (21, ""),
}
"""The row of the total, and the amounts that stand there and at each code."""
SIDES = {
    "单位收支总表": """B10=2000000 B11=2000000 B14=1000000 B21=3000000 C10=一、社会保障和就业支出 D10=3000000 E10=1500000
        F10=500000 G10=1000000 D21=3000000 E21=1500000 F21=500000 G21=1000000 C11= C12= C13=""",
    "单位财政拨款收支总表": """B8=2000000 B21=2000000 C8=一、社会保障和就业支出 D8=2000000 E8=2000000 D21=2000000
        E21=2000000 C9= C10=""",
    "单位一般公共预算拨款基本支出明细表": """A9=301 C9=工资福利支出 D9=1500000 E9=1500000 A10=301 B10=01 C10=基本工资
        D10=1500000 E10=1500000 A11=302 B11= C11=商品和服务支出 D11=500000 F11=500000 A12=302 B12=01 C12=办公费
        D12=500000 F12=500000 A13= B13= C13= D21=2000000 E21=1500000 F21=500000""",
    "单位“三公”经费和机关运行费预算表": "A7=6.4 B7=0 C7=0 D7=6.4 F7=6.4 G7=0",
}


def filled(form: Path) -> Workbook:
    """The blank form, filled."""
    book = load_workbook(form)
    for sheet, cells in TEXTS.items():
        for place, text in cells.items():
            book[sheet][place] = text
    terms = book["名词解释"]["A3"]
    terms.value = terms.value[: terms.value.index("   （九）")]
    others = book["其他相关情况说明"]["A3"]
    assets = others.value[others.value.index("  五、") :]
    others.value = OTHERS + assets.replace("XX（单位）", UNIT).replace("XX", "0")
    for sheet, (total, amounts) in FUNCTION.items():
        lines = CODED.splitlines() if amounts else []
        _rows(book[sheet], 9, [f"{line} | {amounts}" for line in lines] + [" |  |  | "] * (5 - len(lines)))
        _rows(book[sheet], total, [f"合计 |  |  |  | {amounts}"])
    for sheet in book:
        for cell in (
            cell for row in sheet.iter_rows(max_row=4) for cell in row if cell.value == "编制单位："
        ):
            cell.value += UNIT
    for sheet, told in SIDES.items():
        for place, value in re.findall(r"([A-Z]\d+)=(\S*)", told):
            book[sheet][place] = _value(value)
    return book


def _rows(sheet, top, lines):
    for row, line in enumerate(lines, start=top):
        for column, text in enumerate(line.split("|"), start=1):
            if type(cell := sheet.cell(row, column)).__name__ != "MergedCell":
                cell.value = _value(text.strip())


def _value(text):
    return float(text) if re.fullmatch(r"[1-9]\d*(\.\d+)?|0", text) else text or None
