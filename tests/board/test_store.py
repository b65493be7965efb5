"""What the board keeps, on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from budgetgen.app.board.database import WRITING, migrate, opened_database
from budgetgen.app.board.store import RefusedError, Visitor, opened_store
from budgetgen.app.board.tables import BoardTable, Examination
from budgetgen.values.findings import Blame, UnusableInputError
from tests.board.conftest import FIRST, SECOND, THIRD, UNITS, filled

KJ, BUMEN = Visitor(1, "kj", "10.0.0.1"), Visitor(3, "bumen", "10.0.0.2")


def sent(store, folder, data, unit=1):
    path = folder / "sent.xlsx"
    path.write_bytes(data)
    return store.send(unit, path, KJ).arrival.id


def judged(store, submission, standing, replies=0):
    counts = {"errors": 0, "explains": 1, "notes": 2}
    store.checked(Examination(submission_id=submission, replies=replies, standing=standing, **counts))


def state(store):
    return store.board()[0].state


def test_a_submission_from_the_first_to_the_last_step(store, tmp_path):
    states = [state(store)]
    one = sent(store, tmp_path, b"one")
    states.append(state(store))
    judged(store, one, "open")
    states.append(state(store))
    store.decide(one, "returned", "为什么增加？", BUMEN)
    states.append(state(store))
    (tmp_path / "answers.xlsx").write_bytes(b"answers")
    store.answer(one, tmp_path / "answers.xlsx", KJ)
    states.append(state(store))
    judged(store, one, "explained", replies=1)
    states.append(state(store))
    store.decide(one, "approved", "", BUMEN)
    states.append(state(store))
    store.decide(one, "published", "", BUMEN)
    states.append(state(store))
    assert states == [
        "missing",
        "received",
        "open",
        "returned",
        "received",
        "explained",
        "approved",
        "published",
    ]
    (docket,) = store.history(1)
    assert [(one.kind, one.remark, one.replies) for one in docket.decisions] == [
        ("returned", "为什么增加？", 0),
        ("approved", "", 1),
        ("published", "", 1),
    ]
    assert [line.event for line in store.audit()][:5] == [
        "published",
        "approved",
        "answered",
        "returned",
        "sent",
    ]


REFUSED = {
    "what is not checked is not approved": ((), "approved", "只能批准"),
    "what has errors is not approved": (("failed",), "approved", "只能批准"),
    "what is not explained is not approved": (("open",), "approved", "只能批准"),
    "another unit's is not approved": (("unfit",), "approved", "只能批准"),
    "what is not approved is not published": (("passed",), "published", "只有批准了的"),
    "nothing is sent back without a word": (("passed",), "returned", "没有写退回的理由"),
}


@pytest.mark.parametrize(("standings", "kind", "told"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_decided_is_refused(store, tmp_path, standings, kind, told):
    one = sent(store, tmp_path, b"one")
    for standing in standings:
        judged(store, one, standing)
    with pytest.raises(RefusedError, match=told):
        store.decide(one, kind, "", BUMEN)
    assert store.history(1)[0].decisions == []


def test_what_is_approved_is_not_replaced_until_it_is_sent_back(store, tmp_path):
    one = sent(store, tmp_path, b"one")
    judged(store, one, "passed")
    store.decide(one, "approved", "", BUMEN)
    for send in (store.send, store.answer):
        with pytest.raises(RefusedError, match="已经批准"):
            send(one, tmp_path / "sent.xlsx", KJ)
    store.decide(one, "returned", "重填", BUMEN)
    two = sent(store, tmp_path, b"two")
    assert [docket.arrival.number for docket in store.history(1)] == [2, 1]
    with pytest.raises(RefusedError, match="又有新的报送"):
        store.decide(one, "returned", "旧的", BUMEN)
    assert state(store) == "received"
    assert [docket.arrival.id for docket in store.unchecked()] == [two]


def test_what_was_not_checked_to_its_end_is_due_once_more_when_it_comes_again(store, tmp_path):
    path, list_ = tmp_path / "sent.xlsx", tmp_path / "list.xlsx"
    path.write_bytes(b"one")
    list_.write_bytes(b"answers")
    found = [store.send(1, path, KJ).due, store.send(1, path, KJ).due]
    key = store.history(1)[0].arrival.id
    judged(store, key, "unfinished")
    assert (state(store), [one.arrival.id for one in store.unchecked()]) == ("unfinished", [key])
    found += [store.send(1, path, KJ).due, state(store), store.send(1, path, KJ).due]
    assert [one.arrival.id for one in store.unchecked()] == [key]
    judged(store, key, "open")
    found += [store.send(1, path, KJ).due, store.answer(key, list_, KJ).due, store.answer(key, list_, KJ).due]
    judged(store, key, "unfinished", replies=1)
    found += [store.answer(key, list_, KJ).due, state(store), store.answer(key, list_, KJ).due]
    judged(store, key, "explained", replies=1)
    assert found == [
        *(True, False),
        *(True, "received", False),
        *(False, True, False),
        *(True, "received", False),
    ]
    (docket,) = store.history(1)
    assert (docket.state, len(docket.replies), store.unchecked()) == ("explained", 1, [])


def test_a_password_is_changed_by_its_owner_only_while_it_is_that_and_the_account_is_open(store):
    store.change_account("kj", Visitor(), password="of-the-administrator")  # noqa: S106 - no real one
    for meanwhile in ({"password": "second"}, {"active": False}):
        verified = store.account("kj").password
        store.change_account("kj", Visitor(), **meanwhile)
        before = (store.account("kj").password, store.account("kj").active)
        with pytest.raises(RefusedError, match="刚刚停用，或管理员刚刚重新设置了密码，没有改"):
            store.change_account("kj", KJ, password="own", verified=verified)  # noqa: S106
        assert (store.account("kj").password, store.account("kj").active) == before
    assert before == ("second", False)


def test_many_at_once_lose_nothing_and_no_number_is_given_twice(store, tmp_path):
    def send(number):
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(b"figures %d" % number)
        return store.send(number % 3 + 1, path, KJ).arrival.sha256

    with ThreadPoolExecutor(5) as pool:
        acknowledged = list(pool.map(send, range(30)))
    assert acknowledged == [sha256(b"figures %d" % number).hexdigest() for number in range(30)]
    for unit in (1, 2, 3):
        assert [docket.arrival.number for docket in store.history(unit)] == list(range(10, 0, -1))
    kept = {docket.arrival.sha256 for unit in (1, 2, 3) for docket in store.history(unit)}
    assert kept == set(acknowledged)
    assert all(sha256(store.vault.path(one).read_bytes()).hexdigest() == one for one in kept)


@pytest.mark.parametrize("table", ["submissions", "answers", "checks", "decisions", "controls", "audit"])
@pytest.mark.parametrize("change", ["UPDATE {} SET id = 99", "DELETE FROM {}"])
def test_what_happened_cannot_be_changed_in_the_database_either(store, tmp_path, table, change):
    one = sent(store, tmp_path, b"one")
    judged(store, one, "passed")
    store.answer(one, tmp_path / "sent.xlsx", KJ)
    store.decide(one, "returned", "重填", BUMEN)
    store.take_control(tmp_path / "sent.xlsx", BUMEN)
    with pytest.raises(DBAPIError, match="kept"), store.engine.begin() as connection:
        connection.execute(text(change.format(table)))


def test_a_check_that_ends_after_a_newer_one_changes_nothing(store, tmp_path):
    one = sent(store, tmp_path, b"one")
    (tmp_path / "answer.xlsx").write_bytes(b"answer")
    store.answer(one, tmp_path / "answer.xlsx", KJ)
    judged(store, one, "explained", replies=1)
    judged(store, one, "open", replies=0)
    assert (state(store), store.unchecked()) == ("explained", [])


def test_each_table_of_approved_figures_is_kept_once(store, tmp_path):
    path = tmp_path / "控制数.xls"
    for data in (b"one", b"one", b"two", b"one"):
        path.write_bytes(data)
        store.take_control(path, BUMEN)
    kept = [(sheet.account_id, sheet.size, sheet.suffix, sheet.sha256) for sheet in store.controls()]
    assert kept == [(3, 3, ".xls", sha256(data).hexdigest()) for data in (b"one", b"two", b"one")]
    assert [line.event for line in store.audit()][:3] == ["control-kept"] * 3


def test_a_database_that_cannot_be_written_to_is_this_machine_s_fault(tmp_path, monkeypatch):
    monkeypatch.setattr("budgetgen.app.board.database.WAIT", 0)
    store = filled(opened_store(tmp_path / "board", new=True))
    with (
        store.engine.execution_options(**WRITING).begin(),  # another holds it
        pytest.raises(UnusableInputError, match="看板的数据库写不进去") as error,
    ):
        sent(store, tmp_path, b"one")
    assert error.value.blame is Blame.MACHINE
    sent(store, tmp_path, b"one")


def test_a_new_list_adds_units_and_forgets_nothing(store, tmp_path):
    sent(store, tmp_path, b"one")
    store.list_units({"示例市丙中心": "9", SECOND: "171003"}, Visitor())
    assert [(one.unit.name, one.unit.code) for one in store.board()] == [
        ("示例市丙中心", "9"),
        (SECOND, "171003"),
    ]
    store.list_units(UNITS, Visitor())
    assert [one.unit.name for one in store.board()] == [FIRST, SECOND, THIRD]
    assert state(store) == "received"


@pytest.mark.skipif(os.name != "posix", reason="modes are of this system")
def test_files_are_nobody_elses(store, tmp_path):
    sent(store, tmp_path, b"one")
    (tmp_path / "sent.xlsx").chmod(0o644)
    board = tmp_path / "board"
    folders, files = {0o700}, {0o600}
    assert {stat.S_IMODE(p.stat().st_mode) for p in (board, board / "files")} == folders
    assert {stat.S_IMODE(p.stat().st_mode) for p in board.rglob("*") if p.is_file()} == files


def test_a_file_that_was_changed_or_is_gone_is_told_and_mended_by_its_own_bytes(store, tmp_path):
    sent(store, tmp_path, b"one")
    key = sha256(b"one").hexdigest()
    path = store.vault.path(key)
    path.write_bytes(b"two")
    with pytest.raises(UnusableInputError, match="不见了，或被改动过"):
        store.vault.path(key)
    sent(store, tmp_path, b"one")
    assert store.vault.path(key).read_bytes() == b"one"
    path.unlink()
    with pytest.raises(UnusableInputError, match="不见了，或被改动过"):
        store.vault.path(key)


# --- from one version to the next ---------------------------------------------------------------------------


def columns(engine):
    found = inspect(engine)
    return {name: {column["name"] for column in found.get_columns(name)} for name in found.get_table_names()}


DECLARED = {
    table.name: {column.name for column in table.columns} for table in BoardTable.metadata.sorted_tables
}


def test_the_steps_make_the_tables_that_the_program_knows(store):
    assert columns(store.engine) == {**DECLARED, "alembic_version": {"version_num"}}


def test_a_database_of_an_earlier_version_keeps_what_is_in_it(tmp_path, database, monkeypatch):
    folder = tmp_path / "board"
    monkeypatch.setattr(
        "budgetgen.app.board.database.migrate", lambda connection: migrate(connection, "tables")
    )
    early = opened_store(folder, database, new=True)
    filled_early(early, tmp_path)
    early.engine.dispose()
    monkeypatch.undo()
    store = opened_store(folder, database)
    assert [docket.arrival.sha256 for docket in store.history(1)] == [sha256(b"early").hexdigest()]
    assert [(account.name, account.temporary) for account in store.accounts()] == [("jia", False)]
    with pytest.raises(DBAPIError, match="kept"), store.engine.begin() as connection:
        connection.execute(text("DELETE FROM submissions"))


EARLY = (
    "INSERT INTO units (name, code, position, listed) VALUES ('甲', '', 0, TRUE)",
    "INSERT INTO accounts (name, role, unit_id, password, active) VALUES ('jia', 'unit', 1, '-', TRUE)",
    """INSERT INTO submissions (unit_id, account_id, number, received, sha256, size, suffix)
    VALUES (1, 1, 1, '2026-01-02 03:04:05', :sha256, 5, '.xlsx')""",
    "UPDATE submissions SET size = size",  # nothing refuses that yet
)


def filled_early(store, folder):
    """As a program wrote it that knew the first tables alone."""
    (folder / "sent.xlsx").write_bytes(b"early")
    deposit = store.vault.keep(folder / "sent.xlsx")
    with store.engine.execution_options(**WRITING).begin() as connection:
        for step in EARLY:
            connection.execute(text(step), {"sha256": deposit.sha256} if ":sha256" in step else {})


def test_a_database_of_a_newer_version_is_refused_and_left_as_it_is(store, tmp_path, database):
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'later'"))
    with pytest.raises(UnusableInputError, match="更新的程序写的"):
        opened_store(tmp_path / "board", database)
    assert columns(store.engine) == {**DECLARED, "alembic_version": {"version_num"}}


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("nonsense", "不是数据库的地址"),
        ("mysql://board@localhost/board", "不认识数据库 mysql"),
        ("postgresql://board:secret@/board?host=/nowhere", "看板的数据库打不开"),
    ],
)
def test_a_database_that_cannot_be_reached_is_told_without_its_password(tmp_path, address, told):
    with pytest.raises(UnusableInputError, match=told) as error:
        opened_database(tmp_path, address)
    assert "secret" not in str(error.value)
