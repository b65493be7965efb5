"""What a clerk leaves blank is filled; what a clerk gives stays."""

from __future__ import annotations

from budgetgen.book.derivation import derive
from budgetgen.book.relations import Relation
from budgetgen.reading.grid import read_grid
from budgetgen.values.places import told_place


def derived(edition, grid):
    book, findings = read_grid(grid, edition)
    assert findings == ()
    return derive(book, edition)


def figures(book, table, *columns):
    """key → the values of some columns, as text; blank is empty."""
    return {row.key: " ".join(f"{row[c].value or ''}" for c in columns).strip() for row in book[table].rows}


def test_categories_and_totals_come_from_items(newest):
    book = derived(
        newest,
        """
        支出总体 | 科目代码 | 基本支出 | 项目支出
                 | 2060599  |          | 1.50
                 | 2060501  | 3.00     | 0.25
                 | 2080505  | 2.00     |
        """,
    )
    assert figures(book, "支出总体", "合计", "基本支出", "项目支出") == {
        "总计": "6.75 5 1.75",
        "206": "4.75 3 1.75",
        "20605": "4.75 3 1.75",
        "2060501": "3.25 3 0.25",
        "2060599": "1.5  1.5",
        "208": "2 2",
        "20805": "2 2",
        "2080505": "2 2",
    }
    assert [row.text("科目名称") for row in book["支出总体"].rows][:3] == [
        "",
        "科学技术支出",
        "科技条件与服务",
    ]


def test_given_subtotal_is_kept(newest):
    book = derived(
        newest,
        """
        支出总体 | 科目代码 | 合计  | 基本支出
                 | 总计     | 3.01  |
                 | 206      | 3.01  |
                 | 2060501  |       | 3.00
        """,
    )
    assert figures(book, "支出总体", "合计") == {"总计": "3.01", "206": "3.01", "20605": "3", "2060501": "3"}


def test_summary_comes_from_the_other_tables(newest):
    book = derived(
        newest,
        """
        收入总体 | 科目代码 | 一般公共预算 | 上级一般公共预算 | 单位资金 | 财政拨款结转
                 | 2060501  | 10.00        | 2.00             | 3.00     | 1.00
        支出总体 | 科目代码 | 基本支出
                 | 2060501  | 16.00
        一般公共预算支出 | 科目代码 | 基本支出
                 | 2060501  | 12.00
        """,
    )
    summary = {key: value for key, value in figures(book, "收支总体", "预算数").items() if value}
    assert summary == {
        "本年收入": "15",
        "一般公共预算拨款": "12",
        "一般财力": "10",
        "上级一般公共预算转移支付": "2",
        "单位资金": "3",
        "上年结转结余": "1",
        "财政拨款结转": "1",
        "收入总计": "16",
        "206": "16",
        "支出总计": "16",
    }
    appropriation = {k: v for k, v in figures(book, "财政拨款收支", "合计", "一般公共预算").items() if v}
    assert appropriation == {
        "财政拨款": "12",
        "一般公共预算": "12",
        "收入总计": "12",
        "206": "12 12",
        "支出总计": "12 12",
    }


def test_units_of_a_department_are_summed_by_unit(newest):
    book = derived(
        newest,
        """
        单位信息 | 项目     | 内容
                 | 单位名称 | 甲局
                 | 公开主体 | 部门
        项目支出 | 单位 | 科目代码 | 项目名称 | 商品和服务支出
                 |      | 2060599  | 一号     | 1.00
                 | 乙所 | 2060599  | 二号     | 2.00
                 | 乙所 | 2060502  | 三号     | 4.00
        """,
    )
    assert figures(book, "项目支出", "合计") == {
        "总计": "7",
        "甲局": "1",
        "甲局/206": "1",
        "甲局/20605": "1",
        "甲局/2060599/一号": "1",
        "乙所": "6",
        "乙所/206": "6",
        "乙所/20605": "6",
        "乙所/2060599/二号": "2",
        "乙所/2060502/三号": "4",
    }


def test_amounts_in_yuan_are_summed_exactly_and_carry_no_tail(newest):
    book = derived(
        newest,
        """
        单位信息 | 项目     | 内容
                 | 金额单位 | 元
        支出总体 | 科目代码 | 基本支出
                 | 2060501  | 33333.33
                 | 2060502  | 33333.33
                 | 2060503  | 33333.34
        """,
    )
    total = book.cell("支出总体", "总计", "合计")
    assert (str(total.value), total.terms) == ("10.000000", 0) or (total.value == 10 and total.terms == 0)


def test_blank_is_not_zero(newest):
    book = derived(newest, "支出总体 | 科目代码 | 基本支出\n | 2060501 | 0.00\n | 2080505 | —")
    assert book.cell("支出总体", "2060501", "合计").value == 0
    assert book.cell("支出总体", "208", "合计").value is None


def test_codes_without_a_name_get_that_of_their_list_and_given_names_stay(newest):
    grid = """
        支出总体 | 科目代码 | 科目名称 | 基本支出
                 | 2060501  |          | 1.00
                 | 2060599  | 自定名称 | 1.00
                 | 2060591  |          | 1.00
        基本支出 | 科目代码 | 人员经费
                 | 30101    | 1.00
        """
    book = derived(newest, grid)
    assert figures(book, "支出总体", "科目名称") == {
        "总计": "",
        "206": "科学技术支出",
        "20605": "科技条件与服务",
        "2060501": "机构运行",
        "2060591": "",
        "2060599": "自定名称",
    }
    assert figures(book, "基本支出", "科目名称")["30101"] == "基本工资"


def test_what_is_filled_is_not_given_and_keeps_its_place(newest):
    """How many rounded figures it came from is known: 3 of the lines; a blank adds none."""
    book = derived(
        newest,
        """
        支出总体 | 科目代码 | 合计 | 基本支出 | 项目支出
                 | 2060501  |      | 1.00     | 2.00
                 | 2060502  |      | 4.00     |
        """,
    )
    cells = [book["支出总体"].get(key)["合计"] for key in ("2060501", "2060502", "20605", "总计")]
    assert [(str(cell.value), cell.given, told_place(cell.place), cell.terms) for cell in cells] == [
        ("3", False, "支出总体!B2", 2),
        ("4", False, "支出总体!B3", 1),
        ("7", False, "", 3),
        ("7", False, "", 3),
    ]


def test_texts_and_given_rows_are_left_as_they_are(newest):
    """A row of which nothing follows is the same row; what is typed where a sum belongs is not summed over."""
    book, _ = read_grid(
        "职能与机构 | 类别 | 内容\n | 主要职能 | 统计\n项目说明 | 项目名称 | 政策依据\n | 甲 | 某号文", newest
    )
    done = derive(book, newest)
    assert done["职能与机构"].rows[0] is book["职能与机构"].rows[0]
    assert done["项目说明"].rows[0].text("政策依据") == "某号文"


def test_relations_in_a_circle_fill_only_what_is_given_somewhere(newest, monkeypatch):
    circle = {"基本支出": "基本支出 == 项目支出", "项目支出": "项目支出 == 基本支出"}
    rule = newest.rules["expenditure-row"]

    def deriving(_edition, table, _key, column):
        known = table == "支出总体" and column in circle
        return (Relation(rule, table, "", newest.formula(circle[column], each=table), None),) if known else ()

    monkeypatch.setattr("budgetgen.book.derivation.deriving", deriving)
    book = derived(
        newest,
        """
        支出总体 | 科目代码 | 合计 | 基本支出 | 项目支出
                 | 2060501  | 9.00 |          |
                 | 2060502  |      | 5.00     |
                 | 2060503  |      |          | 0.00
        """,
    )
    found = figures(book, "支出总体", "基本支出", "项目支出")
    assert {key: found[key] for key in ("2060501", "2060502", "2060503")} == {
        "2060501": "",
        "2060502": "5 5",
        "2060503": "",
    }
    assert book.cell("支出总体", "2060503", "基本支出").value == 0
