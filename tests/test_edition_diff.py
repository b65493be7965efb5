"""`edition diff`: what changes between two formats, as a finance bureau would announce it."""

from __future__ import annotations

import json

from budgetgen.edition import available, load
from budgetgen.edition.differences import differences
from tests.commands import run

EARLIER, LATER = load("xinjiang-2025"), load("xinjiang-2026")


def told(subject, old=EARLIER, new=LATER):
    return {(one.where, one.old, one.new) for one in differences(old, new) if one.subject == subject}


def own(tmp_path, name, text):
    """A folder of an edition that differs from Shanghai's in what is written."""
    run("edition", "new", "--from", "shanghai-2025", "--year", "2027", "-o", tmp_path)
    home = (tmp_path / "shanghai-2027").rename(tmp_path / name)
    settings = (home / "edition.toml").read_text(encoding="utf-8")
    (home / "edition.toml").write_text(settings.replace("shanghai-2027", name), encoding="utf-8")
    (home / "more.toml").write_text(text, encoding="utf-8")
    return home


def test_what_a_finance_bureau_announces_of_a_new_year():
    assert told("公开的表") == {
        ("", "表11 上年结转结余情况明细表", "表12 上年结转结余情况表"),
        ("", "", "表11 财政拨款委托业务费支出情况表"),
    }
    assert told("填报页") == {("", "人员情况", ""), ("", "", "委托业务费用途")}
    assert ("收入总体", "财政拨款（补助）／上级国有资本经营预算安排的转移支付", "") in told("表头")
    assert ("三公经费", "因公出国（境）费", "因公出国（境）费用") in told("行")
    assert ("", "", "委托业务费没有写用途（错误）") in told("核对的关系")
    assert ("", "机构设置及人员情况", "机构设置") in told("部分和章节")
    assert told("封面和目录") == {
        ("封面", "〔单位〕／〔年〕年〔主体〕预算公开", "〔年〕年〔单位〕／〔主体〕预算公开")
    }
    sentence = "〔项目名称〕安排〔金额〕万元，主要用于：〔用途〕。"
    assert ("委托业务费", "", sentence) in told("固定语句")


def test_what_belongs_to_a_table_that_comes_is_not_told_apart():
    named = {where for where, _, _ in told("表头") | told("行") | told("金额的写法")}
    assert {table for where in named for table in where.split("、")} <= {*EARLIER.tables}


def test_a_format_does_not_differ_from_itself():
    for name in available():
        assert differences(load(name), load(name)) == ()


def test_there_and_back_the_same_is_told():
    there, back = differences(EARLIER, LATER), differences(LATER, EARLIER)
    assert len(there) == len(back)
    assert {(o.subject, o.old, o.new) for o in there if not (o.old and o.new)} == {
        (o.subject, o.new, o.old) for o in back if not (o.old and o.new)
    }


def test_nothing_is_told_that_nobody_sees(tmp_path):
    """Names of slots and ids, help, widths, other ways to write a thing."""
    home = own(
        tmp_path,
        "east-2027",
        '[[table]]\nname = "收入总体"\nguide = "另一段说明"\naliases = ["收入表"]\n'
        '[[rule]]\nid = "income-row"\nfix = "再核对一次"\n'
        '[[statement]]\nid = "functions"\nnumbered = "1."\n',
    )
    code, told = run("edition", "diff", "shanghai-2025", home)
    assert (code, "填报的人看得见的都一样" in told) == (0, True), told


def test_money_terms_and_relations_of_an_own_folder(tmp_path):
    home = own(
        tmp_path,
        "west-2027",
        '[money.tables]\nunit = "万元"\nplaces = 2\nzero = ""\nlabel = "单位：万元"\n'
        '[[term]]\nname = "其他收入"\ntext = "指其余的收入。"\n'
        '[[rule]]\nid = "basic-row"\nseverity = "explain"\n',
    )
    code, told = run("edition", "diff", "shanghai-2025", home, "--format", "json")
    found = {(one["subject"], one["where"], one["old"], one["new"]) for one in json.loads(told)}
    assert code == 1
    (money,) = ((where, old, new) for subject, where, old, new in found if subject == "金额的写法")
    others = [table.name for table in load("shanghai-2025").printed if not table.money]
    assert money == ("、".join(others), "单位：元，0 位小数，零印作“0”", "单位：万元，2 位小数")
    assert (
        "核对的关系",
        "",
        "合计等于人员经费加公用经费（错误）",
        "合计等于人员经费加公用经费（需说明）",
    ) in found
    assert {new for subject, _, _, new in found if subject == "名词解释"} == {"其他收入：指其余的收入。"}


def test_it_is_written_as_a_page_and_never_over_another(tmp_path):
    path = tmp_path / "变化.md"
    code, told = run("edition", "diff", "xinjiang-2025", "xinjiang-2026", "-o", path)
    page = path.read_text(encoding="utf-8")
    assert (code, f"已写出 {path}" in told) == (1, True)
    assert page.startswith("# 新疆维吾尔自治区单位（部门）预算公开（2026年）的变化\n")
    assert (
        "\n## 公开的表（2 处）\n\n* 改为“表12 上年结转结余情况表”，原为“表11 上年结转结余情况明细表”\n"
        in page
    )
    assert run("edition", "diff", "xinjiang-2025", "xinjiang-2026", "-o", path)[0] == 2
    assert run("edition", "diff", "xinjiang-2025", "xinjiang-2026", "-o", tmp_path / "x.pdf")[0] == 2
    assert run("edition", "diff", "xinjiang-2025", "nowhere")[0] == 2
