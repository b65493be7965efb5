"""Who is refused at the board, and what."""

from __future__ import annotations

import io
import zipfile

import pytest
from starlette.responses import Response

from budgetgen.app.board import passwords
from budgetgen.app.board.store import Visitor
from budgetgen.app.serve import board as pages
from budgetgen.app.serve import orders, security, sessions, uploads
from budgetgen.app.serve.department import Endpoint
from budgetgen.values.findings import UnusableInputError
from tests import postgresql
from tests.board.conftest import CHEAP, PASSWORD, UNITS, opened_account, opened_office
from tests.serve.conftest import PORT, Threaded, verdict

ABSENT = "没有这一页，或者它已经随上一次运行删除。请回到首页重新开始。"
FILE = {"file": ("填报.xlsx", b"x")}
HOST = security.OTHER_HOST.format(f"127.0.0.1:{PORT}")
LARGE = security.TOO_LARGE.format(100)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def office(request, tmp_path_factory):
    """Unit 1 is that of kj and has sent a file, submission 1; unit 2 is that of jia."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(orders, "Worker", Threaded)
        patch.setattr(passwords, "_HASHER", CHEAP)
        folder = tmp_path_factory.mktemp("office")
        (folder / "run").mkdir()
        own = request.param == "postgresql"
        address = postgresql.new_database(request.getfixturevalue("server")) if own else ""
        made = opened_office(folder / "board", folder / "run", address)
        made.run = folder / "run"
        made.browser("kj").post("/units/1/submissions", files=FILE)
        left = made.stranger()
        signed_in(left, "kj", PASSWORD)
        cookies = dict(left.cookies)
        left.post("/sign-out")
        left.cookies.update(cookies)
        made.browsers["signed out"] = left
        made.secret = made.browser("kj").post("/submissions/1/check").headers["location"]
        yield made
        made.orders.close()


CASES = [
    *[
        (f"without a session, {place}", None, "GET", place, {}, 401, sessions.SIGNED_OUT)
        for place in ("/units/1", "/submissions/1/file", "/audit", "/tools", "/password", "/orders/x")
    ],
    *[
        (f"without a session, to {place}", None, "POST", place, {}, 401, sessions.SIGNED_OUT)
        for place in (
            "/units/1/submissions",
            "/submissions/1/approved",
            "/consolidate",
            "/orders/check",
            "/sign-out",
            "/quit",
        )
    ],
    *[
        (f"with the Host {host}", "kj", "GET", "/units/1", {"headers": {"host": host}}, 400, HOST)
        for host in ("evil.example", f"localhost:{PORT}", "127.0.0.1")
    ],
    *[
        (
            f"from the page {origin}",
            "bumen",
            "POST",
            "/submissions/1/returned",
            {"headers": {"origin": origin}, "data": {"remark": "x"}},
            403,
            security.OTHER_ORIGIN,
        )
        for origin in ("http://evil.example", "null", "https://127.0.0.1:8123", "")
    ],
    ("with the cookie of who signed out", "signed out", "GET", "/units/1", {}, 401, sessions.SIGNED_OUT),
    (
        "a file, with that cookie",
        "signed out",
        "POST",
        "/units/1/submissions",
        {"files": FILE},
        401,
        sessions.SIGNED_OUT,
    ),
    *[
        (f"a path in the address, {place}", "bumen", "GET", place, {}, 404, ABSENT)
        for place in (
            "/static/..%2fserver.py",
            "/static/%2e%2e%2f%2e%2e%2fcli%2fserve.py",
            "/static/%2fetc%2fpasswd",
            "/orders/..%2f..%2fboard.sqlite",
            "/submissions/1%2f..%2f..%2fboard.sqlite/file",
            "/units/1/../../board.sqlite",
        )
    ],
    (
        "a path in the name of a file that is none of ours",
        "kj",
        "POST",
        "/units/1/submissions",
        {"files": {"file": ("../../../填报.xlsx/../run.sh", b"x")}},
        400,
        pages.NOT_READ,
    ),
    (
        "a path in the name of a field",
        "kj",
        "POST",
        "/units/1/submissions",
        {"files": {"../../file": ("a.xlsx", b"x")}},
        400,
        pages.NO_FILE,
    ),
    (
        "a hostile file in place of the approved figures",
        "bumen",
        "POST",
        "/control",
        {"files": {"approved": ("a.exe", b"MZ")}},
        400,
        pages.NO_TABLE,
    ),
    (
        "money that is none",
        "bumen",
        "POST",
        "/control",
        {"files": {"approved": ("a.xlsx", b"x")}, "data": {"money": "美元"}},
        400,
        pages.NO_MONEY,
    ),
    ("another unit", "jia", "GET", "/units/1", {}, 404, ABSENT),
    ("how far another unit is", "jia", "GET", "/units/1/state", {}, 404, ABSENT),
    ("another unit's file", "jia", "GET", "/submissions/1/file", {}, 404, ABSENT),
    ("a file for another unit", "jia", "POST", "/units/1/submissions", {"files": FILE}, 404, ABSENT),
    ("answers for another unit", "jia", "POST", "/submissions/1/answers", {"files": FILE}, 404, ABSENT),
    ("what is wrong with another unit's", "jia", "POST", "/submissions/1/check", {}, 404, ABSENT),
    ("the questions to another unit", "jia", "POST", "/submissions/1/questions", {}, 404, ABSENT),
    ("a decision on another unit's", "jia", "POST", "/submissions/1/approved", {}, 404, ABSENT),
    ("an order of somebody else", "jia", "GET", "{order}", {}, 404, ABSENT),
    ("the files of somebody else's order", "bumen", "GET", "{order}/files/0", {}, 404, ABSENT),
    ("to stop somebody else's order", "bumen", "POST", "{order}/stop", {}, 404, ABSENT),
    (
        "to go on with somebody else's order",
        "bumen",
        "POST",
        "{order}/build",
        {"data": {"a": "b"}},
        404,
        ABSENT,
    ),
    ("no such unit", "bumen", "GET", "/units/99", {}, 404, ABSENT),
    ("no unit at all", "bumen", "GET", f"/units/{10**30}", {}, 404, ABSENT),
    ("no submission at all", "bumen", "GET", f"/submissions/{2**63}/file", {}, 404, ABSENT),
    ("no such submission", "bumen", "GET", "/submissions/99/file", {}, 404, ABSENT),
    ("no such decision", "bumen", "POST", "/submissions/1/deleted", {}, 404, ABSENT),
    ("an order that only the board places", "bumen", "POST", "/orders/judge", {"files": FILE}, 404, ABSENT),
    *[
        (f"{name} decides: {place}", name, "POST", place, {"data": {"remark": "x"}}, 403, pages.FORBIDDEN)
        for name in ("kj", "shen")
        for place in (
            "/submissions/1/approved",
            "/submissions/1/returned",
            "/submissions/1/published",
            "/consolidate",
            "/documents",
        )
    ],
    (
        "a unit compares with the approved figures",
        "kj",
        "POST",
        "/control",
        {"files": FILE},
        403,
        pages.FORBIDDEN,
    ),
    (
        "to approve what is not sound",
        "bumen",
        "POST",
        "/submissions/1/approved",
        {"data": {"remark": ""}},
        409,
        "只能批准已经通过、或需说明的都已说明的报送。",
    ),
    (
        "to publish what is not approved",
        "bumen",
        "POST",
        "/submissions/1/published",
        {"data": {"remark": ""}},
        409,
        "只有批准了的才能标为已公开。",
    ),
    *[
        (
            f"{name} sends for a unit",
            name,
            "POST",
            "/units/1/submissions",
            {"files": FILE},
            403,
            pages.FORBIDDEN,
        )
        for name in ("bumen", "shen")
    ],
    ("a unit takes a table of approved figures", "kj", "GET", "/controls/1/file", {}, 403, pages.FORBIDDEN),
    ("no such table of approved figures", "bumen", "GET", "/controls/99/file", {}, 404, ABSENT),
    ("a unit reads the log", "kj", "GET", "/audit", {}, 403, pages.FORBIDDEN),
    ("the program is not ended from the page", "bumen", "POST", "/quit", {}, 404, ABSENT),
    (
        "an oversized body",
        "kj",
        "POST",
        "/units/1/submissions",
        {"headers": {"content-length": str(101 << 20)}, "content": b"x"},
        413,
        LARGE,
    ),
    (
        "an oversized body of a stranger",
        None,
        "POST",
        "/sign-in",
        {"headers": {"content-length": str(2 << 20)}, "content": b"x"},
        413,
        security.TOO_LARGE.format(1),
    ),
    (
        "no file",
        "kj",
        "POST",
        "/units/1/submissions",
        {"files": {"other": ("a.xlsx", b"x")}},
        400,
        pages.NO_FILE,
    ),
    (
        "two files",
        "kj",
        "POST",
        "/units/1/submissions",
        {"files": [("file", ("a.xlsx", b"x")), ("file", ("b.xlsx", b"y"))]},
        400,
        pages.NO_FILE,
    ),
    (
        "a program",
        "kj",
        "POST",
        "/units/1/submissions",
        {"files": {"file": ("填报.xlsx.exe", b"MZ")}},
        400,
        pages.NOT_READ,
    ),
    (
        "a damaged form",
        "kj",
        "POST",
        "/units/1/submissions",
        {"headers": {"content-type": "multipart/form-data"}, "content": b"nothing"},
        400,
        uploads.DAMAGED,
    ),
    (
        "a damaged form of a stranger",
        None,
        "POST",
        "/sign-in",
        {"headers": {"content-type": "multipart/form-data"}, "content": b"nothing"},
        400,
        uploads.DAMAGED,
    ),
    (
        "a remark that would be cut",
        "bumen",
        "POST",
        "/submissions/1/returned",
        {"data": {"remark": "长" * 2001}},
        400,
        pages.TOO_LONG,
    ),
    (
        "nothing is approved yet",
        "bumen",
        "POST",
        "/consolidate",
        {"data": {"a": "b"}},
        409,
        pages.NONE_APPROVED,
    ),
]


def all_that_was_sent(office):
    """By its id, with how many lists of questions came back and how often it was decided on."""
    dockets = [docket for unit in office.store.units() for docket in office.store.history(unit.id)]
    return [(docket.arrival.id, len(docket.replies), len(docket.decisions)) for docket in dockets]


@pytest.mark.parametrize("case", [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_request_is_refused_and_nothing_is_done(office, case):
    who, method, place, options, status, told = case
    client = office.browser(who) if who else office.stranger()
    folders, before = set(office.run.iterdir()), all_that_was_sent(office)
    answer = client.request(method, place.format(order=office.secret), **options)
    assert (answer.status_code, verdict(answer.text)) == (status, told)
    assert all_that_was_sent(office) == before
    assert set(office.run.iterdir()) <= folders


def test_a_form_that_is_sent_again_does_nothing_again(office):
    office.store.list_units({**UNITS, "示例市丁中心": ""}, Visitor())
    opened_account(office.store, "ding", unit="示例市丁中心")
    unit = office.unit("示例市丁中心")
    sender, bumen = office.browser("ding"), office.browser("bumen")
    for _ in range(2):
        assert sender.post(f"/units/{unit}/submissions", files=FILE).status_code == 303
    (docket,) = office.store.history(unit)
    office.settled(sender, f"/units/{unit}")
    place = f"/submissions/{docket.arrival.id}/returned"
    answers = [bumen.post(place, data={"remark": "请改"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 409]
    assert verdict(answers[1].text) == "已经退回了，等单位交回问题单或重新报送。"
    for _ in range(2):
        list_ = {"file": ("问题单.xlsx", b"y")}
        assert sender.post(f"/submissions/{docket.arrival.id}/answers", files=list_).status_code == 303
    (docket,) = office.store.history(unit)
    assert (len(docket.replies), len(docket.decisions)) == (1, 1)


def test_a_form_that_does_not_say_from_where_it_comes_is_refused(office):
    client = office.browser("bumen")
    request = client.build_request("POST", "/submissions/1/returned", data={"remark": "x"})
    del request.headers["origin"]
    answer = client.send(request)
    assert (answer.status_code, verdict(answer.text)) == (403, security.OTHER_ORIGIN)


def bomb():
    """An archive of some kilobytes that unpacks to many megabytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", bytes(64 << 20))
    return packed.getvalue()


HOSTILE = {
    "nothing": b"",
    "a zip bomb": bomb(),
    "a program": b"MZ" + b"\0" * 100,
    "half an archive": b"PK\3\4" + b"\0" * 60,
    "a script": b"<script>alert(1)</script>",
}


def test_a_path_in_the_name_of_a_file_leads_nowhere_and_is_not_kept(office):
    office.store.list_units({**UNITS, "示例市戊中心": ""}, Visitor())
    opened_account(office.store, "wu", unit="示例市戊中心")
    unit, folders = office.unit("示例市戊中心"), set(office.run.iterdir())
    sent = {"file": ("../../../board.sqlite\\..\\填报.xlsx", b"figures")}
    assert office.browser("wu").post(f"/units/{unit}/submissions", files=sent).status_code == 303
    (docket,) = office.store.history(unit)
    office.settled(office.browser("wu"), f"/units/{unit}")
    told = office.browser("wu").get(f"/submissions/{docket.arrival.id}/file")
    assert (told.content, "board.sqlite" in told.headers["content-disposition"]) == (b"figures", False)
    assert set(office.run.iterdir()) <= folders


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_kept_and_told_to_be_unreadable(office, tmp_path, data):
    path = tmp_path / "<img src=x onerror=alert(1)>.xlsx"
    path.write_bytes(data)
    shown = office.send("jia", path)
    assert "<strong>读不了</strong>" in shown
    assert "<img" not in shown
    key = office.store.history(2)[0].arrival.id
    assert office.browser("jia").get(f"/submissions/{key}/file").content == data
    asked = office.ask("jia", f"/submissions/{key}/check")
    assert 'role="alert"' in asked.client.get(asked.at).text


# --- signing in ---------------------------------------------------------------------------------------------


def signed_in(client, name, password):
    answer = client.post("/sign-in", data={"name": name, "password": password})
    return answer.status_code


def test_the_cookie_is_for_this_page_alone(office):
    answer = office.stranger().post("/sign-in", data={"name": "kj", "password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))
    assert PASSWORD not in cookie


def test_wrong_passwords_are_counted_and_then_even_the_right_one_waits(office, monkeypatch):
    client = office.stranger()
    monkeypatch.setattr(office_sessions(office), "_attempts", sessions.Attempts())
    told = [client.post("/sign-in", data={"name": "shen", "password": f"wrong-{n}"}).text for n in range(5)]
    assert all(sessions.WRONG in text for text in told)
    assert sessions.TOO_OFTEN in client.post("/sign-in", data={"name": "shen", "password": PASSWORD}).text
    assert signed_in(client, "bumen", PASSWORD) == 303
    assert [line.event for line in office.store.audit()][:6] == ["signed-in", *["sign-in-failed"] * 5]


def test_an_address_that_tries_many_names_waits_too(office, monkeypatch):
    monkeypatch.setattr(office_sessions(office), "_attempts", sessions.Attempts())
    monkeypatch.setattr(sessions, "TRIES_OF_ADDRESS", 4)
    client = office.stranger()
    assert [signed_in(client, f"nobody{n}", "wrong") for n in range(4)] == [401] * 4
    assert sessions.TOO_OFTEN in client.post("/sign-in", data={"name": "kj", "password": PASSWORD}).text


def test_many_who_know_their_passwords_come_from_one_address(office, monkeypatch):
    monkeypatch.setattr(office_sessions(office), "_attempts", sessions.Attempts())
    monkeypatch.setattr(sessions, "TRIES_OF_ADDRESS", 4)
    came = [signed_in(office.stranger(), name, PASSWORD) for name in ("kj", "jia", "bumen", "shen") * 2]
    assert came == [303] * 8
    assert [signed_in(office.stranger(), f"nobody{n}", "wrong") for n in range(4)] == [401] * 4
    assert (
        sessions.TOO_OFTEN
        in office.stranger().post("/sign-in", data={"name": "kj", "password": PASSWORD}).text
    )


def test_what_others_try_does_not_lock_out_a_browser_that_knew_the_password(office, monkeypatch):
    monkeypatch.setattr(office_sessions(office), "_attempts", sessions.Attempts())
    monkeypatch.setattr(sessions, "TRIES_OF_ADDRESS", 6)
    own, others = office.stranger(), office.stranger()
    assert signed_in(own, "kj", PASSWORD) == 303
    assert [signed_in(others, "kj", "wrong") for _ in range(5)] == [401] * 5
    assert [signed_in(others, name, "wrong") for name in ("nobody", "kj", "jia")] == [401] * 3
    assert sessions.TOO_OFTEN in others.post("/sign-in", data={"name": "kj", "password": PASSWORD}).text
    own.post("/sign-out")
    assert signed_in(own, "kj", PASSWORD) == 303
    assert [signed_in(own, "kj", "wrong") for _ in range(5)] == [401] * 5
    assert sessions.TOO_OFTEN in own.post("/sign-in", data={"name": "kj", "password": PASSWORD}).text
    assert sessions.TOO_OFTEN in own.post("/sign-in", data={"name": "jia", "password": PASSWORD}).text


def test_the_browser_that_came_first_is_forgotten_first_and_only_when_there_are_too_many(office, monkeypatch):
    monkeypatch.setattr(sessions, "BROWSERS", 4)
    one = office_sessions(office)
    for name in ("a", "b", "c", "d", "e"):
        one._remember(name, Response())
    assert list(one._browsers.values()) == ["b", "c", "d", "e"]


def office_sessions(office):
    return next(route.endpoint.__self__.sessions for route in office.app.routes if route.path == "/sign-in")


def test_who_signs_out_is_out_and_so_is_whose_account_is_closed(office):
    first, second = office.stranger(), office.stranger()
    opened_account(office.store, "gone", "reviewer")
    assert [signed_in(client, "gone", PASSWORD) for client in (first, second)] == [303, 303]
    cookies = dict(first.cookies)
    assert first.post("/sign-out").headers["location"] == "/sign-in"
    first.cookies.update(cookies)
    assert first.get("/audit").status_code == 401
    assert second.get("/audit").status_code == 200
    office.store.change_account("gone", Visitor(), active=False)
    assert second.get("/audit").status_code == 401
    assert signed_in(second, "gone", PASSWORD) == 401


def test_a_changed_password_ends_the_other_sessions(office):
    opened_account(office.store, "new", "reviewer")
    one, other = office.stranger(), office.stranger()
    assert [signed_in(client, "new", PASSWORD) for client in (one, other)] == [303, 303]
    words = {"old": PASSWORD, "new": "another-password", "again": "another-password"}
    for wrong in ({"old": "x"}, {"again": "x"}, {"new": "short", "again": "short"}):
        assert one.post("/password", data={**words, **wrong}).status_code == 400
    assert one.post("/password", data=words).status_code == 303
    assert (one.get("/audit").status_code, other.get("/audit").status_code) == (200, 401)
    assert [signed_in(office.stranger(), "new", each) for each in (PASSWORD, "another-password")] == [
        401,
        303,
    ]


@pytest.mark.parametrize("meanwhile", [{"active": False}, {"password": CHEAP.hash("of-the-administrator")}])
def test_what_an_administrator_does_while_a_password_is_changed_holds(office, monkeypatch, meanwhile):
    name = f"late-{next(iter(meanwhile))}"
    opened_account(office.store, name, "reviewer")
    client, kept = office.stranger(), []

    def slowly(password):
        office.store.change_account(name, Visitor(), **meanwhile)
        kept.append(office.store.account(name))
        return CHEAP.hash(password)

    assert signed_in(client, name, PASSWORD) == 303
    monkeypatch.setattr(passwords, "hashed", slowly)
    words = {"old": PASSWORD, "new": "another-password", "again": "another-password"}
    answer = client.post("/password", data=words)
    assert (answer.status_code, "账户刚刚停用，或管理员刚刚重新设置了密码，没有改。" in answer.text) == (
        400,
        True,
    )
    after = office.store.account(name)
    assert (after.password, after.active) == (kept[0].password, kept[0].active)
    assert client.get("/audit").status_code == 401


def test_a_password_for_once_only_serves_to_choose_another(office):
    opened_account(office.store, "fresh", "reviewer", temporary=True)
    client = office.stranger()
    assert signed_in(client, "fresh", PASSWORD) == 303
    for place in ("/", "/audit", "/units/1"):
        answer = client.get(place)
        assert (answer.status_code, answer.headers["location"]) == (303, "/password")
    refused = client.post("/submissions/1/check")
    assert (refused.status_code, verdict(refused.text)) == (403, sessions.NOT_YET)
    assert "现在的密码是一次性的" in client.get("/password").text
    words = {"old": PASSWORD, "new": PASSWORD, "again": PASSWORD}
    assert "新密码与现在的一样" in client.post("/password", data=words).text
    chosen = {**words, "new": "my-own-password", "again": "my-own-password"}
    assert client.post("/password", data=chosen).status_code == 303
    assert client.get("/audit").status_code == 200
    assert signed_in(office.stranger(), "fresh", PASSWORD) == 401


def test_a_session_ends_by_itself(office, monkeypatch):
    client = office.stranger()
    assert signed_in(client, "kj", PASSWORD) == 303
    assert client.get("/units/1").status_code == 200
    monkeypatch.setattr(sessions, "IDLE", -1.0)
    assert client.get("/units/1").status_code == 401


def test_pages_allow_nothing_from_elsewhere_and_no_page_holds_a_script(office, monkeypatch):
    known = [("xinjiang-2026", "新疆 2026 年", ("单位", "部门"))]  # to load every format takes seconds
    monkeypatch.setattr("budgetgen.app.serve.pages._editions", lambda: known)
    for name, place in (
        ("bumen", "/"),
        ("kj", "/units/1"),
        ("shen", "/audit"),
        ("kj", "/tools"),
        ("kj", "/password"),
    ):
        answer = office.browser(name).get(place)
        assert answer.headers["content-security-policy"] == security.POLICY
        assert answer.headers["cache-control"] == "no-store"
        assert not any(mark in answer.text for mark in ("http://", "https://", "<style", " style=", "/quit"))


# --- where it is served -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "told"),
    [
        (Endpoint("10.0.0.5"), "不加密"),
        (Endpoint("0.0.0.0"), "不加密"),  # noqa: S104 - is refused
        (Endpoint("0.0.0.0", certificate="cert.pem"), "不知道大家用哪个网址"),  # noqa: S104
    ],
)
def test_no_password_goes_over_the_network_unread(place, told):
    with pytest.raises(UnusableInputError, match=told):
        place.require_privacy()


@pytest.mark.parametrize(
    ("place", "origin"),
    [
        (Endpoint(), "http://127.0.0.1:1234"),
        (Endpoint(origin="https://ys.example.cn/"), "https://ys.example.cn"),
        (Endpoint("10.0.0.5", certificate="cert.pem"), "https://10.0.0.5:1234"),
    ],
)
def test_where_people_reach_it(place, origin):
    place.require_privacy()
    assert place.reached(1234) == origin
