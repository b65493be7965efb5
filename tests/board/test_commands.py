"""The board from the command line: made, its units listed, its accounts opened and closed."""

from __future__ import annotations

import csv
import os
import stat

import click
import pytest

from budgetgen.app.board import passwords
from budgetgen.app.board.store import Visitor, opened_store
from budgetgen.reading.names import read_units
from tests.board.conftest import CHEAP, PASSWORD, opened_account
from tests.commands import run
from tests.conftest import SAMPLES


@pytest.fixture
def board(tmp_path):
    assert run("board", "init", tmp_path / "看板")[0] == 0
    (tmp_path / "名单.csv").write_text(
        "序号,预算单位编码,单位名称\n1,171001,甲中心\n2,171002,乙中心\n", "utf-8"
    )
    return tmp_path / "看板"


@pytest.fixture
def typed(monkeypatch):
    """What somebody types when asked for a password."""
    answers = []
    monkeypatch.setattr(passwords, "_HASHER", CHEAP)
    monkeypatch.setattr(click, "prompt", lambda told, hide_input: answers.pop(0) if hide_input else None)
    return answers


def test_a_list_with_codes_becomes_the_units(board, tmp_path):
    assert run("board", "units", board, tmp_path / "名单.csv") == (0, "名单里有 2 个单位。\n")
    assert [(unit.name, unit.code) for unit in opened_store(board).units()] == [
        ("甲中心", "171001"),
        ("乙中心", "171002"),
    ]
    (tmp_path / "新.txt").write_text("乙中心\n丙中心\n", "utf-8")
    told = "名单里有 2 个单位。\n不再列出：甲中心。它们报送过的都还在。\n"
    assert run("board", "units", board, tmp_path / "新.txt") == (0, told)
    assert [(unit.name, unit.code) for unit in opened_store(board).units()] == [
        ("乙中心", ""),
        ("丙中心", ""),
    ]


def test_the_department_s_folder_becomes_the_units(board):
    assert run("board", "units", board, SAMPLES / "department-2024") == (0, "名单里有 3 个单位。\n")
    assert {unit.name for unit in opened_store(board).units()} == {
        "乌鲁木齐市科学技术局（本级）",
        "乌鲁木齐科技信息服务中心",
        "乌鲁木齐市技术创新研发与科技成果转化中心",
    }


@pytest.mark.parametrize(
    ("lines", "units"),
    [
        ("单位名称,单位编码\n甲,9\n乙,\n", {"甲": "9", "乙": ""}),
        ("甲\n乙\n", {"甲": "", "乙": ""}),
        ("1,甲\n2,乙\n", {"甲": "", "乙": ""}),
        ("编码,名称\n0171,甲\n", {"甲": "0171"}),
    ],
)
def test_a_code_is_what_stands_under_its_heading(tmp_path, lines, units):
    (tmp_path / "名单.csv").write_text(lines, "utf-8")
    assert read_units(tmp_path / "名单.csv") == units


def test_accounts_are_opened_listed_changed_and_closed(board, tmp_path, typed):
    run("board", "units", board, tmp_path / "名单.csv")
    typed += [PASSWORD] * 6
    told = run("board", "account", board, "jia", "--role", "unit", "--unit", "甲中心")
    assert told == (0, "已建账户 jia（单位，甲中心）。\n")
    assert run("board", "account", board, "bumen", "--role", "department")[0] == 0
    assert run("board", "account", board, "jia") == (0, "已改密码：jia。\n")
    assert typed == []
    assert run("board", "account", board, "bumen", "--close") == (0, "已停用账户 bumen。\n")
    assert run("board", "account", board) == (0, "bumen（部门），已停用\njia（单位，甲中心）\n")
    store = opened_store(board)
    kept = [account.password for account in store.accounts()]
    assert all(text.startswith("$argon2id$") and PASSWORD not in text for text in kept)
    events = [line.event for line in store.audit()]
    assert events == [
        "account-closed",
        "password-changed",
        "account-opened",
        "account-opened",
        "units-listed",
    ]


@pytest.mark.parametrize(
    ("call", "answers", "told"),
    [
        (("nobody",), [], "没有账户 nobody"),
        (("长" * 101, "--role", "reviewer"), [PASSWORD] * 2, "账户的名称要有 1 至 100 个字"),
        (("nobody", "--close"), [], "没有账户 nobody"),
        (("jia", "--role", "unit"), [PASSWORD] * 2, "单位的账户要写明单位"),
        (("jia", "--role", "unit", "--unit", "丁中心"), [PASSWORD] * 2, "名单里没有单位“丁中心”"),
        (("jia", "--role", "unit", "--unit", "甲中心"), ["short"], "密码至少 10 个字符"),
        (("jia", "--role", "unit", "--unit", "甲中心"), [PASSWORD, "another-one"], "两次输入的密码不同"),
        (("jia", "--role", "boss"), [], "--role 只能是 unit、department、reviewer"),
    ],
)
def test_a_slip_opens_no_account(board, tmp_path, typed, call, answers, told):
    run("board", "units", board, tmp_path / "名单.csv")
    typed += answers
    code, said = run("board", "account", board, *call)
    assert (code, told in said) == (2, True), said
    assert opened_store(board).accounts() == []


def test_a_board_is_made_in_an_empty_folder_only_and_served_where_there_is_one(tmp_path):
    (tmp_path / "报表.xlsx").write_bytes(b"x")
    code, said = run("board", "init", tmp_path)
    assert (code, "看板要放在空的文件夹里" in said) == (2, True)
    assert [path.name for path in tmp_path.iterdir()] == ["报表.xlsx"]
    code, said = run("serve", "--department", tmp_path)
    assert (code, "这个文件夹里没有看板" in said) == (2, True)
    code, said = run("serve", "--host", "10.0.0.1")
    assert (code, "要和 --department 一起用" in said) == (2, True)


def test_a_list_becomes_accounts_each_with_a_password_for_once(board, tmp_path, monkeypatch):
    monkeypatch.setattr(passwords, "_HASHER", CHEAP)
    run("board", "units", board, tmp_path / "名单.csv")
    (tmp_path / "人.csv").write_text(
        "序号,姓名,账户,身份,单位\n1,,jia,单位,甲中心\n2,,bumen,部门,\n\n3,,,,乙中心\n", "gb18030"
    )
    written = tmp_path / "密码.csv"
    code, told = run("board", "accounts", board, tmp_path / "人.csv", "-o", written)
    assert (code, told.startswith(f"已建 3 个账户，一次性密码写在 {written}，只有您能读")) == (0, True), told
    assert stat.S_IMODE(written.stat().st_mode) == 0o600 or os.name == "nt"
    lines = list(csv.reader(written.read_text("utf-8-sig").splitlines()))
    assert [line[:3] for line in lines] == [
        ["账户", "身份", "单位"],
        ["jia", "单位", "甲中心"],
        ["bumen", "部门", ""],
        ["乙中心", "单位", "乙中心"],
    ]
    words = [line[3] for line in lines[1:]]
    assert len(set(words)) == 3
    store = opened_store(board)
    kept = {account.name: account for account in store.accounts()}
    assert all(account.temporary for account in kept.values())
    assert all(CHEAP.verify(kept[line[0]].password, line[3]) for line in lines[1:])
    code, told = run("board", "accounts", board, tmp_path / "人.csv", "-o", tmp_path / "再.csv")
    assert (code, told.splitlines()[0]) == (0, "没有要建的账户。")
    assert not (tmp_path / "再.csv").exists()


def test_a_closed_account_on_a_list_is_told_and_what_to_do(board, tmp_path, monkeypatch, typed):
    monkeypatch.setattr(passwords, "_HASHER", CHEAP)
    run("board", "units", board, tmp_path / "名单.csv")
    for name in ("jia", "yi"):
        opened_account(opened_store(board), name, "reviewer")
    run("board", "account", board, "yi", "--close")
    (tmp_path / "人.csv").write_text("账户,身份\njia,审核\nyi,审核\n", "utf-8")
    code, told = run("board", "accounts", board, tmp_path / "人.csv", "-o", tmp_path / "密码.csv")
    command = f"budgetgen board account {board} 账户"
    closed = f"要再用的，用 {command} 给一个新密码；换了人的，在名单里换一个账户名。"
    assert (code, told.splitlines()) == (
        0,
        [
            "没有要建的账户。",
            f"已有、没有改动的 1 个：jia。忘记密码的，用 {command}。",
            f"已停用、没有改动、不能登录的 1 个：yi。{closed}",
        ],
    )
    typed += [PASSWORD] * 2
    assert run("board", "account", board, "yi") == (0, "已改密码：yi。\n")
    assert [account.active for account in opened_store(board).accounts()] == [True, True]


def test_without_a_list_every_unit_that_has_none_gets_an_account_by_its_code(board, tmp_path, monkeypatch):
    monkeypatch.setattr(passwords, "_HASHER", CHEAP)
    run("board", "units", board, tmp_path / "名单.csv")
    opened_account(opened_store(board), "jia", unit="甲中心")
    assert run("board", "accounts", board, "-o", tmp_path / "密码.csv")[0] == 0
    (line,) = csv.DictReader((tmp_path / "密码.csv").read_text("utf-8-sig").splitlines())
    assert (line["账户"], line["单位"]) == ("171002", "乙中心")


def test_a_unit_whose_name_of_an_account_is_taken_gets_one_with_a_number(board, tmp_path, monkeypatch):
    monkeypatch.setattr(passwords, "_HASHER", CHEAP)
    (tmp_path / "名单.csv").write_text("编码,名称\n1,甲\n2,乙\n3,丙\n4,丁\n4,戊\n,己\n", "utf-8")
    run("board", "units", board, tmp_path / "名单.csv")
    store = opened_store(board)
    for name, role, unit in (("1", "unit", "甲"), ("2", "department", ""), ("3", "unit", "乙")):
        opened_account(store, name, role, unit)
    for name in ("1", "3"):
        store.change_account(name, Visitor(), active=False)
    code, told = run("board", "accounts", board, "-o", tmp_path / "密码.csv")
    assert (code, told.splitlines()[1:]) == (
        0,
        [
            "甲的账户是 1-2：1 已是另一个账户，或已停用。",
            "乙的账户是 2-2：2 已是另一个账户，或已停用。",
            "丙的账户是 3-2：3 已是另一个账户，或已停用。",
            "戊的账户是 4-2：4 已是另一个账户，或已停用。",
        ],
    )
    made = list(csv.DictReader((tmp_path / "密码.csv").read_text("utf-8-sig").splitlines()))
    assert [(line["账户"], line["单位"]) for line in made] == [
        *(("1-2", "甲"), ("2-2", "乙"), ("3-2", "丙"), ("4", "丁"), ("4-2", "戊"), ("己", "己"))
    ]
    assert [account.active for account in store.accounts() if account.name in {"1", "3"}] == [False, False]
    assert run("board", "accounts", board, "-o", tmp_path / "再.csv")[1] == "没有要建的账户。\n"


def test_a_unit_whose_name_is_too_long_for_an_account_wants_a_list(board, tmp_path, monkeypatch):
    monkeypatch.setattr(passwords, "_HASHER", CHEAP)
    (tmp_path / "名单.csv").write_text(f"编码,名称\n,{'长' * 101}\n", "utf-8")
    run("board", "units", board, tmp_path / "名单.csv")
    code, told = run("board", "accounts", board, "-o", tmp_path / "密码.csv")
    assert (code, "给一份名单，给每个单位写一个账户，还没有建账户" in told) == (2, True), told
    assert not (tmp_path / "密码.csv").exists()


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("账户,身份,单位\na,单位,甲中心\nb,单位,丁中心\n", "名单里没有单位“丁中心”"),
        ("账户,身份,单位\na,部门,\nb,老板,\n", "第 3 行的身份“老板”不认识"),
        ("账户,身份\na,部门\na,审核\n", "名单里有两个账户“a”"),
        ("账户,身份\n,部门\n", "第 2 行没有账户，也没有单位"),
        ("甲中心\n乙中心\n", "看不出哪一列是账户或单位"),
    ],
)
def test_a_list_with_a_slip_makes_no_account_and_leaves_no_file(board, tmp_path, monkeypatch, lines, told):
    monkeypatch.setattr(passwords, "_HASHER", CHEAP)
    run("board", "units", board, tmp_path / "名单.csv")
    (tmp_path / "人.csv").write_text(lines, "utf-8")
    code, said = run("board", "accounts", board, tmp_path / "人.csv", "-o", tmp_path / "密码.csv")
    assert (code, told in said) == (2, True), said
    assert opened_store(board).accounts() == []
    assert not (tmp_path / "密码.csv").exists()


def test_a_file_of_passwords_is_never_written_over(board, tmp_path, monkeypatch):
    monkeypatch.setattr(passwords, "_HASHER", CHEAP)
    run("board", "units", board, tmp_path / "名单.csv")
    (tmp_path / "密码.csv").write_text("mine", "utf-8")
    code, said = run("board", "accounts", board, "-o", tmp_path / "密码.csv")
    assert (code, "已经有这个文件" in said) == (2, True)
    assert (tmp_path / "密码.csv").read_text("utf-8") == "mine"
    assert opened_store(board).accounts() == []
