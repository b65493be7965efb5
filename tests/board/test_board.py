"""What the people of a department do on its board, from the empty list to all documents in one archive."""

from __future__ import annotations

import errno
import html
import io
import re
import zipfile
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from threading import Event

import pytest
from openpyxl import Workbook, load_workbook

from budgetgen.app.board import vault
from budgetgen.app.board.dockets import examination_of
from budgetgen.app.board.store import Visitor
from budgetgen.app.serve.tasks import OUTPUT
from budgetgen.edition import load
from budgetgen.values.findings import UnusableInputError
from tests.board.conftest import FIRST, SAMPLE, SECOND, opened_account, state_of
from tests.canaries import Canaries, planted, texts_of
from tests.outputs.excel import excel_faults
from tests.outputs.packages import Package, package_faults
from tests.serve import conftest as workers
from tests.serve.conftest import Page, _outcome, verdict
from tests.workbooks import opened as workbook_of


@pytest.fixture(scope="module")
def unexplained(tmp_path_factory):
    """The sample without the explanation of the one finding that wants one."""
    workbook = workbook_of(SAMPLE)
    for place in ("A5", "B5", "C5", "D5"):
        workbook["审核说明"][place] = None
    path = tmp_path_factory.mktemp("in") / "填报.xlsx"
    workbook.save(path)
    return path


def listed(data):
    """The rows of a list of questions, by its captions."""
    rows = list(load_workbook(io.BytesIO(data)).active.iter_rows(min_row=2, values_only=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def answered(data, folder, texts):
    """The list with what somebody writes behind each question."""
    workbook = load_workbook(io.BytesIO(data))
    sheet = workbook.active
    places = {cell.value: cell.column for cell in sheet[2]}
    for row, text in zip(range(3, sheet.max_row + 1), texts, strict=True):
        sheet.cell(row, places["说明"], text)
        sheet.cell(row, places["说明人"], "经办人")
    workbook.save(folder / "答.xlsx")
    return folder / "答.xlsx"


def test_what_is_asked_is_answered_then_approved_consolidated_and_published(office, unexplained, tmp_path):
    assert state_of(office.send("kj", unexplained)) == "需说明"
    bumen, home = office.browser("bumen"), f"/units/{office.unit(FIRST)}"
    key = office.store.history(office.unit(FIRST))[0].arrival.id
    refused = bumen.post(f"/submissions/{key}/approved")
    assert (refused.status_code, verdict(refused.text)) == (
        409,
        "只能批准已经通过、或需说明的都已说明的报送。",
    )
    bumen.post(f"/submissions/{key}/returned", data={"remark": "培训费为什么增加？"})
    assert state_of(bumen.get(home).text) == "已退回"
    assert "等单位交回问题单或重新报送" in bumen.get(home).text
    assert "部门的理由和问题见下面" in office.browser("kj").get(home).text
    ((name, data),) = office.ask("kj", f"/submissions/{key}/questions").downloads().items()
    assert name == f"{FIRST}（第1次报送）问题单.xlsx"
    (tmp_path / "问.xlsx").write_bytes(data)
    assert [
        *package_faults(Package(tmp_path / "问.xlsx")),
        *excel_faults(Package(tmp_path / "问.xlsx")),
    ] == []
    asked = listed(data)
    assert (asked[0]["类别"], asked[0]["问题"]) == ("部门提问", "培训费为什么增加？")
    assert [row["类别"] for row in asked[1:]] == ["需说明"] * (len(asked) - 1)
    back = answered(data, tmp_path, ["按计划增加培训班", *["已核实无误"] * (len(asked) - 1)])
    answer = office.browser("kj").post(
        f"/submissions/{key}/answers", files={"file": ("答.xlsx", back.read_bytes())}
    )
    assert answer.headers["location"] == home
    assert state_of(office.settled(office.browser("kj"), home)) == "已说明"
    looked = office.ask("shen", f"/submissions/{key}/check")
    shown = looked.client.get(looked.at).text
    assert re.search(r"答：按计划增加培训班（经办人，kj \d{4}-\d\d-\d\d \d\d:\d\d）", shown)
    assert re.search(r"说明：已核实无误（经办人，kj \d{4}-\d\d-\d\d \d\d:\d\d）", shown)
    assert bumen.post(f"/submissions/{key}/approved").headers["location"] == home
    assert state_of(bumen.get(home).text) == "已批准"
    again = office.browser("kj").post(f"{home}/submissions", files={"file": ("a.xlsx", b"x")})
    assert (again.status_code, verdict(again.text)) == (409, "已经批准，没有收。要改的，请部门先退回。")
    joined = office.ask("bumen", "/consolidate", partial="1", name="示例市科技局")
    assert verdict(joined.client.get(joined.at).text).startswith(
        "已汇总 1 个单位；不完整，缺示例市甲中心、示例市乙中心"
    )
    ((name, data),) = joined.downloads().items()
    assert name.endswith("部门汇总表.xlsx")
    (row,) = (row for row in load_workbook(io.BytesIO(data))["汇总情况"].values if FIRST in row)
    assert "已说明" in row
    ((name, data),) = office.ask("bumen", "/documents").downloads().items()
    bundle = zipfile.ZipFile(io.BytesIO(data))
    (document,) = (one for one in bundle.namelist() if one.endswith(".docx"))
    assert bundle.read("SHA256SUMS").decode() == f"{sha256(bundle.read(document)).hexdigest()}  {document}\n"
    assert bumen.post(f"/submissions/{key}/published").headers["location"] == home
    assert "已公开" in bumen.get("/?state=published").text


def test_an_answer_beside_the_file_mends_no_error_and_one_that_cannot_be_read_changes_nothing(
    office, spoiled_unit, tmp_path
):
    assert state_of(office.send("kj", spoiled_unit)) == "有错误"
    key, home = office.store.history(1)[0].arrival.id, "/units/1"
    ((_, data),) = office.ask("kj", f"/submissions/{key}/questions").downloads().items()
    asked = listed(data)
    assert asked[0]["类别"] == "错误"
    assert asked[0]["位置"].startswith("一般公共预算支出!E10")
    assert "284.21" in asked[0]["问题"]
    back = answered(data, tmp_path, ["没有错"] * len(asked))
    for sent in (back.read_bytes(), b"nonsense"):
        office.browser("kj").post(f"/submissions/{key}/answers", files={"file": ("答.xlsx", sent)})
    assert state_of(office.settled(office.browser("kj"), home)) == "有错误"
    looked = office.ask("kj", f"/submissions/{key}/check")
    assert "交回的问题单读不了" in looked.client.get(looked.at).text
    assert len(office.store.history(1)[0].replies) == 2


@pytest.fixture
def spoiled_unit(tmp_path):
    """The sample with one wrong figure."""
    workbook = workbook_of(SAMPLE)
    workbook["一般公共预算支出"]["E10"] = 294.21
    path = tmp_path / "填报.xlsx"
    workbook.save(path)
    return path


def figures_of(data):
    """The sheet for new figures of a list of questions: place → the row."""
    rows = load_workbook(io.BytesIO(data))["改数"].iter_rows(min_row=2, values_only=True)
    heads = next(rows)
    return {row[0]: dict(zip(heads, row, strict=True)) for row in rows}


def corrected(data, folder, figures):
    """The list with new figures typed behind some cells, and one in a cell that is not on it."""
    workbook = load_workbook(io.BytesIO(data))
    sheet = workbook["改数"]
    places = {cell.value: cell.column for cell in sheet[2]}
    rows = {sheet.cell(row, 1).value: row for row in range(3, sheet.max_row + 1)}
    for place, figure in figures.items():
        row = rows.setdefault(place, sheet.max_row + 1)
        sheet.cell(row, 1, place)
        sheet.cell(row, places["新的数"], figure)
        sheet.cell(row, places["说明人"], "经办人")
    workbook.save(folder / "改.xlsx")
    return (folder / "改.xlsx").read_bytes()


def test_new_figures_in_the_list_become_a_new_submission_told_cell_by_cell(office, spoiled_unit, tmp_path):
    office.send("kj", spoiled_unit)
    first, home, kj = office.store.history(1)[0].arrival, "/units/1", office.browser("kj")
    ((_, data),) = office.ask("kj", f"/submissions/{first.id}/questions").downloads().items()
    asked = figures_of(data)["一般公共预算支出!E10"]
    assert (asked["现在的数"], asked["新的数"]) == (294.21, None)
    assert "应为 284.21" in asked["怎么改"]
    figures = {"一般公共预算支出!E10": "２８４．２１", "没有这一页!A1": 5}
    sent = {"file": ("改.xlsx", corrected(data, tmp_path, figures))}
    assert kj.post(f"/submissions/{first.id}/answers", files=sent).headers["location"] == home
    assert state_of(office.settled(kj, home)) == "已说明"
    newer, older = office.store.history(1)
    assert (newer.arrival.number, newer.arrival.basis_id, older.arrival) == (2, first.id, older.arrival)
    assert kj.get(f"/submissions/{first.id}/file").content == spoiled_unit.read_bytes()
    taken = kj.get(f"/submissions/{newer.arrival.id}/file").content
    assert load_workbook(io.BytesIO(taken))["一般公共预算支出"]["E10"].value == 284.21
    (tmp_path / "新.xlsx").write_bytes(taken)
    assert [
        *package_faults(Package(tmp_path / "新.xlsx")),
        *excel_faults(Package(tmp_path / "新.xlsx")),
    ] == []
    looked = office.ask("bumen", f"/submissions/{newer.arrival.id}/check")
    shown = html.unescape(looked.client.get(looked.at).text)
    name = "一般公共预算支出!E10（一般公共预算支出[2060599].项目支出）"
    who = r"（经办人，kj \d{4}-\d\d-\d\d \d\d:\d\d）"
    assert re.search(f"按问题单改数：{re.escape(name)} 294.21 → 284.21{who}", shown)
    assert re.search(f"没有改：没有这一页!A1 的新数 5{who}：填报表里没有这一格，或不是填数的格", shown)
    assert "第 1 次报送按交回的问题单改数" in office.browser("shen").get(home).text
    assert [line.event for line in office.store.audit() if line.event == "corrected"] == ["corrected"]


def test_a_list_that_is_sent_twice_while_it_is_checked_is_checked_once(office, tmp_path, monkeypatch):
    (tmp_path / "填报.xlsx").write_bytes(b"x")
    office.send("kj", tmp_path / "填报.xlsx")
    key, go_on = office.store.history(1)[0].arrival.id, Event()
    monkeypatch.setattr(workers, "_outcome", lambda order: go_on.wait(60) and _outcome(order))
    for _ in range(2):
        sent = {"file": ("问.xlsx", b"y")}
        assert office.browser("kj").post(f"/submissions/{key}/answers", files=sent).status_code == 303
    go_on.set()
    while office.orders.waiting(""):
        office.settled(office.browser("kj"), "/units/1")
    office.orders.close()
    (docket,) = office.store.history(1)
    assert [(check.replies, check.standing) for check in docket.checks] == [
        (0, "unreadable"),
        (1, "unreadable"),
    ]


def new_figure(path):
    """A list that comes back with the right figure for the wrong one."""
    workbook = Workbook()
    workbook.active.title = "改数"
    rows = (
        ["改数"],
        ["单元格", "现在的数", "新的数", "说明人"],
        ["一般公共预算支出!E10", 294.21, 284.21, "甲"],
    )
    for row in rows:
        workbook.active.append(row)
    workbook.save(path)
    return path.read_bytes()


def answered_with(office, key, data):
    """Send a list of questions back; how the unit stands, and what became of the figures, once all is checked."""
    kj = office.browser("kj")
    sent = kj.post(f"/submissions/{key}/answers", files={"file": ("改.xlsx", data)})
    assert sent.headers["location"] == "/units/1"
    shown = state_of(office.settled(kj, "/units/1"))
    lines = [line for line in office.store.audit() if line.event.endswith("corrected")]
    return shown, [(line.event, line.subject.split("：")[-1].split(" ")[0]) for line in reversed(lines)]


def test_new_figures_that_find_no_room_are_told_and_put_in_when_the_list_comes_again(
    office, spoiled_unit, tmp_path, monkeypatch
):
    copied = vault._copied

    def full(source, target):
        if source.parent.name == OUTPUT:
            raise OSError(errno.ENOSPC, "No space left on device")
        return copied(source, target)

    key = office.store.send(office.unit(FIRST), spoiled_unit, Visitor(1, "kj")).arrival.id
    data = new_figure(tmp_path / "改.xlsx")
    told = ("not-corrected", "送来的文件存不下来，没有收。检查磁盘空间和权限后再送一次")
    with monkeypatch.context() as patch:
        patch.setattr(vault, "_copied", full)
        assert answered_with(office, key, data) == ("没有检查完", [told])
    (docket,) = office.store.history(1)
    assert (docket.check.replies, docket.check.errors > 0, len(docket.replies)) == (1, True, 1)
    assert answered_with(office, key, data) == ("已说明", [told, ("corrected", FIRST)])


@pytest.mark.parametrize("how", ["lost", "late"])
def test_a_check_that_did_not_come_to_its_end_is_told_and_done_again(office, monkeypatch, how):
    with monkeypatch.context() as patch:
        if how == "late":
            patch.setattr(office.orders, "_limit", -1.0)
        else:
            patch.setattr(workers, "_outcome", gone)
        shown = office.send("kj", SAMPLE)
    assert (state_of(shown), "把同一份再报送一次" in shown) == ("没有检查完", True)
    assert state_of(office.send("kj", SAMPLE)) == "已说明"
    (docket,) = office.store.history(1)
    assert [check.standing for check in docket.checks] == ["unfinished", "received", "explained"]


def gone(order):
    raise EOFError(order.kind)


def test_a_file_that_was_gone_is_checked_when_it_comes_again_or_the_server_begins(office):
    docket = office.store.send(office.unit(FIRST), SAMPLE, Visitor(1, "kj"))
    path = office.store.vault.path(docket.arrival.sha256)
    path.unlink()
    office.checks.begin(docket)
    assert state_of(office.browser("kj").get("/units/1").text) == "没有检查完"
    assert state_of(office.send("kj", SAMPLE)) == "已说明"
    other = office.store.send(office.unit(SECOND), SAMPLE, Visitor(2, "jia"))
    path.rename(path.with_name("away"))
    office.checks.begin(other)
    path.with_name("away").rename(path)
    office.checks.resume()
    assert state_of(office.settled(office.browser("jia"), f"/units/{office.unit(SECOND)}")) == "不是本单位的"
    assert [line.event for line in office.store.audit()].count("file-lost") == 2


def test_what_units_have_sent_is_compared_with_the_approved_figures(office, tmp_path):
    sheet = Workbook()
    for row in (
        ["2026年控制数（单位：元）"],
        ["预算单位", "科目编码", "控制数"],
        [FIRST, "2060501", 2_748_100],
        [SECOND, "2060501", 1],
    ):
        sheet.active.append(row)
    sheet.save(tmp_path / "控制数.xlsx")
    sent = {"files": {"approved": ("控制数.xlsx", (tmp_path / "控制数.xlsx").read_bytes())}}
    refused = office.browser("shen").post("/control", **sent)
    assert (refused.status_code, verdict(refused.text)) == (409, "还没有单位报送，没有可以比对的。")
    office.store.send(office.unit(FIRST), SAMPLE, Visitor(1, "kj"))
    assert office.browser("kj").post("/control", **sent).status_code == 403
    assert office.browser("bumen").post("/control").status_code == 400
    compared = Page(office.browser("shen"), office.orders)
    shown = html.unescape(compared.ask("control", [("approved", tmp_path / "控制数.xlsx")], at="/control"))
    assert verdict(shown).startswith("控制数 2 个，比对了 1 个单位，差异 ")
    assert "没有这个单位的填报表" in shown
    ((name, data),) = compared.downloads().items()
    assert name == "控制数差异.xlsx"
    told = [row[:3] for row in load_workbook(io.BytesIO(data)).active.values]
    assert (SECOND, "没有这个单位的填报表", None) in told
    assert any(row[:2] == (FIRST, "没有控制数") for row in told)
    data = (tmp_path / "控制数.xlsx").read_bytes()
    (sheet,) = office.store.controls()
    assert (sheet.sha256, office.store.names()[sheet.account_id]) == (sha256(data).hexdigest(), "shen")
    page = office.browser("bumen").get("/").text
    assert (
        f'shen，<a href="/controls/{sheet.id}/file" download>下载</a>，SHA-256 <code>{sheet.sha256}' in page
    )
    assert office.browser("bumen").get(f"/controls/{sheet.id}/file").content == data
    assert office.browser("kj").get(f"/controls/{sheet.id}/file").status_code == 403
    assert office.browser("bumen").get("/controls/99/file").status_code == 404
    compared.ask("control", [("approved", tmp_path / "控制数.xlsx")], at="/control")
    assert len(office.store.controls()) == 1


def test_a_file_of_another_unit_is_told_and_every_submission_can_be_had_again(office, spoiled_unit):
    assert state_of(office.send("jia", SAMPLE)) == "不是本单位的"
    office.send("kj", spoiled_unit)
    assert state_of(office.send("kj", SAMPLE)) in {"已说明", "通过"}
    numbers = {docket.arrival.number: docket.arrival for docket in office.store.history(1)}
    for number, path in ((1, spoiled_unit), (2, SAMPLE)):
        for name in ("kj", "bumen", "shen"):
            answer = office.browser(name).get(f"/submissions/{numbers[number].id}/file")
            assert answer.content == path.read_bytes()
            assert f"%E7%AC%AC{number}%E6%AC%A1" in answer.headers["content-disposition"]
        assert numbers[number].sha256 == sha256(path.read_bytes()).hexdigest()


def test_five_units_that_send_at_once_lose_nothing(office):
    names = [f"单位{n}" for n in range(5)]
    office.store.list_units(dict.fromkeys(names, ""), Visitor())
    for name in names:
        opened_account(office.store, name, "unit", name)
        office.browser(name)

    def send(number):
        name, data = names[number % 5], b"figures %d" % number
        home = f"/units/{office.unit(name)}"
        answer = office.browser(name).post(f"{home}/submissions", files={"file": ("a.xlsx", data)})
        return answer.status_code, sha256(data).hexdigest()

    with ThreadPoolExecutor(5) as pool:
        acknowledged = list(pool.map(send, range(20)))
    assert {status for status, _ in acknowledged} == {303}
    dockets = [docket for name in names for docket in office.store.history(office.unit(name))]
    assert {docket.arrival.sha256 for docket in dockets} == {digest for _, digest in acknowledged}
    for name in names:
        office.settled(office.browser(name), f"/units/{office.unit(name)}")
        assert [docket.arrival.number for docket in office.store.history(office.unit(name))] == [4, 3, 2, 1]


def test_two_hundred_units_are_listed_and_filtered(office, tmp_path):
    names = {f"示例市第{n:03}中心": f"{171000 + n}" for n in range(200)}
    office.store.list_units(names, Visitor())
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"x")
    for name in list(names)[:20]:
        office.store.send(office.unit(name), path, Visitor(1, "kj"))
    shown = office.browser("bumen").get("/").text
    assert re.findall(r'<th scope="row"><a href="/units/\d+">([^<]+)</a>', shown) == list(names)
    assert re.findall(r"</span> (\d+)</a>", shown) == ["180", "20"]
    missing = office.browser("shen").get("/?state=missing").text
    assert re.findall(r'<th scope="row"><a href="/units/\d+">([^<]+)</a>', missing) == list(names)[20:]


def test_what_came_before_the_server_was_ended_is_checked_when_it_begins_again(office):
    docket = office.store.send(office.unit(FIRST), SAMPLE, Visitor(1, "kj"))
    assert office.browser("kj").get("/units/1/state").json()["ended"] is False
    office.checks.resume()
    assert state_of(office.settled(office.browser("kj"), "/units/1")) == "已说明"
    assert office.store.unchecked() == []
    assert office.store.docket(docket.arrival.id).check.standing == "explained"


def test_a_check_that_was_begun_again_and_not_ended_is_begun_at_the_next_start(office):
    """Whoever sent it again had seen its end meanwhile; the last check is the one that counts."""
    docket = office.store.send(office.unit(FIRST), SAMPLE, Visitor(1, "kj"))
    for standing in ("unfinished", "explained", "received"):
        office.store.checked(examination_of(docket, standing))
    assert [one.arrival.id for one in office.store.unchecked()] == [docket.arrival.id]
    office.checks.resume()
    assert state_of(office.settled(office.browser("kj"), "/units/1")) == "已说明"


def test_what_cannot_be_begun_keeps_no_other_from_being_checked(office, monkeypatch):
    dockets = [office.store.send(office.unit(name), SAMPLE, Visitor(1, "kj")) for name in (FIRST, SECOND)]
    begin, met = office.checks.begin, []

    def troubled(self, docket, turn):
        met.append(docket.arrival.id)
        if len(met) == 1:
            raise UnusableInputError("看板", "数据库写不进去", "再试一次")
        begin(docket, turn)

    monkeypatch.setattr(type(office.checks), "begin", troubled)
    office.checks.resume()
    assert met == [docket.arrival.id for docket in dockets]


def test_nothing_tells_what_a_file_says_of_secret_items(office, tmp_path):
    path, canaries = tmp_path / "特定目标2410010U.xlsx", Canaries()
    planted(load("xinjiang-2026"), canaries, path, department=True, amounts=False)
    shown = [office.send("kj", path)]
    key = office.store.history(1)[0].arrival.id
    office.browser("bumen").post(f"/submissions/{key}/returned", data={"remark": "请核对"})
    page = office.ask("kj", f"/submissions/{key}/questions")  # what the check shows, test_pages looks at
    shown.append(page.client.get(page.at).text)
    shown += [text for name, data in page.downloads().items() for text in texts_of(data, name)]
    shown += [
        office.browser(name).get(place).text
        for name in ("bumen", "shen")
        for place in ("/", "/units/1", "/audit")
    ]
    office.store.engine.dispose()
    kept = [
        file.read_bytes().decode("utf-8", "replace")
        for file in (tmp_path / "board").iterdir()
        if file.is_file()
    ]
    assert len(canaries.places) > 100
    assert any("请核对" in text for text in kept)
    assert canaries.found([*shown, *map(html.unescape, shown), *kept]) == []
    assert not any("特定目标2410010U" in text for text in kept)
