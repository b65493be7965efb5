"""Who is refused, and in which words."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from budgetgen.app.serve import security, uploads
from budgetgen.app.serve.server import application
from tests.conftest import ROOT
from tests.serve.conftest import ORIGIN, PORT, TOKEN, verdict

SAMPLE = ROOT / "samples" / "xinjiang-2026-unit.xlsx"


@pytest.fixture
def stranger(page):
    """Somebody who did not come by the address with the token."""
    app = application(page.orders, port=PORT, token=TOKEN, leave=lambda: pytest.fail("was ended"))
    return TestClient(app, base_url=ORIGIN, follow_redirects=False)


PLACES = ["/", "/orders/abc", "/orders/abc/state", "/orders/abc/files/0", "/orders/abc/preview"]


@pytest.mark.parametrize("place", PLACES)
def test_without_the_token_nothing_is_shown(stranger, place):
    answer = stranger.get(place)
    assert (answer.status_code, verdict(answer.text)) == (403, security.STRANGER)


@pytest.mark.parametrize("place", ["/orders/check", "/quit", "/orders/abc/stop"])
def test_without_the_token_nothing_is_done(stranger, place):
    answer = stranger.post(place, headers={"origin": ORIGIN})
    assert (answer.status_code, verdict(answer.text)) == (403, security.STRANGER)


@pytest.mark.parametrize("token", ["", "other", "the-token2"])
def test_a_wrong_token_opens_nothing(stranger, token):
    answer = stranger.get("/enter", params={"token": token})
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_the_token_leaves_the_address_and_the_cookie_is_for_this_page_alone(stranger):
    answer = stranger.get("/enter", params={"token": TOKEN})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert TOKEN not in cookie
    assert {"HttpOnly", "SameSite=strict"} <= set(cookie.split("; "))


@pytest.mark.parametrize("host", ["evil.example", f"localhost:{PORT}", "127.0.0.1", f"127.0.0.1:{PORT + 1}"])
def test_by_another_host_nothing_is_shown(page, host):
    for place in ("/", f"/enter?token={TOKEN}", "/static/style.css"):
        answer = page.client.get(place, headers={"host": host})
        assert (answer.status_code, verdict(answer.text)) == (
            400,
            security.OTHER_HOST.format(f"127.0.0.1:{PORT}"),
        )


@pytest.mark.parametrize("origin", ["http://evil.example", "null", f"http://127.0.0.1:{PORT + 1}"])
def test_another_page_gets_nothing_done(page, origin):
    for ask in (page.client.get, page.client.post):
        answer = ask("/orders/check", headers={"origin": origin})
        assert (answer.status_code, verdict(answer.text)) == (403, security.OTHER_ORIGIN)


def test_a_form_that_does_not_say_from_where_it_comes_is_refused(page):
    bare = TestClient(page.client.app, base_url=ORIGIN, cookies=dict(page.client.cookies))
    answer = bare.post("/orders/check", data={"a": "b"})
    assert (answer.status_code, verdict(answer.text)) == (403, security.OTHER_ORIGIN)
    assert bare.get("/").status_code == 200


def test_a_body_that_is_said_to_be_too_large_is_refused_unread(page, monkeypatch):
    monkeypatch.setattr(security, "MAX_BODY", 1000)
    answer = page.client.post("/orders/check", files={"file": ("甲.xlsx", b"x" * 2000)})
    assert (answer.status_code, verdict(answer.text)) == (413, security.TOO_LARGE.format(0))


def test_a_body_that_turns_out_too_large_is_refused(page, monkeypatch):
    monkeypatch.setattr(security, "MAX_BODY", 1000)

    def endless():
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.xlsx"\r\n\r\n'
        yield from (b"x" * 500 for _ in range(10))

    headers = {"content-type": "multipart/form-data; boundary=x"}
    answer = page.client.post("/orders/check", content=endless(), headers=headers)
    assert (answer.status_code, verdict(answer.text)) == (413, security.TOO_LARGE.format(0))


def test_too_many_files_are_refused(page, monkeypatch):
    monkeypatch.setattr(uploads, "MAX_FILES", 3)
    sent = [("file", (f"{n}.xlsx", b"x")) for n in range(4)]
    answer = page.client.post("/orders/consolidate", files=sent)
    assert (answer.status_code, verdict(answer.text)) == (400, uploads.TOO_MANY)


@pytest.mark.parametrize("body", [b"", b"--x\r\n", b"nothing of the kind"])
def test_a_damaged_form_is_refused(page, body):
    headers = {"content-type": "multipart/form-data"}
    answer = page.client.post("/orders/check", content=body, headers=headers)
    assert (answer.status_code, verdict(answer.text)) == (400, uploads.DAMAGED)


@pytest.mark.parametrize(
    "place",
    ["/orders/none", "/orders/none/files/0", "/static/../server.py", "/static/server.py", "/etc/passwd"],
)
def test_what_is_not_there_is_said_to_be_absent(page, place):
    answer = page.client.get(place)
    assert answer.status_code == 404
    assert "没有这一页" in verdict(answer.text)


NAMES = {
    "../../etc/填报.xlsx": "填报.xlsx",
    "C:\\Users\\张\\填报.xlsx": "填报.xlsx",
    "..": "预算公开",
    "con.xlsx": "con_.xlsx",
    "甲\u202exslx.exe": "甲xslx.exe",
    "长" * 300 + ".xlsx": "长" * 60 + ".xlsx",
}


@pytest.mark.parametrize(("given", "kept"), NAMES.items())
def test_a_file_keeps_its_name_and_nothing_else_of_its_path(tmp_path, given, kept):
    target = uploads._target(tmp_path / "in" / "file", given)
    assert target.parent == tmp_path / "in" / "file"
    assert target.name == kept
    target.write_bytes(b"")
    again = uploads._target(tmp_path / "in" / "file", given)
    assert again.stem == f"{target.stem}（2）"


HOSTILE = {
    "空.xlsx": b"",
    "假.xlsx": b"MZ" + b"\0" * 100,
    "~$锁.xlsx": b"x",
    "坏.docx": b"PK\3\4" + b"\0" * 60,
    "脚本.html": b"<script>alert(1)</script>",
    "程序.exe": b"MZ",
    "<img src=x onerror=alert(1)>.xlsx": b"x",
}


@pytest.mark.parametrize(("name", "data"), HOSTILE.items())
def test_a_hostile_file_is_refused_in_words(page, name, data):
    answer = page.client.post("/orders/check", files={"file": (name, data)})
    page.at = answer.headers["location"]
    shown = page.waited()
    assert 'role="alert"' in shown
    assert "请：" in shown
    assert "程序内部出错" not in shown
    assert "<img" not in shown
    assert str(page.orders._folder) not in shown


def test_pages_allow_nothing_from_elsewhere_and_are_not_kept(page):
    headers = page.client.get("/").headers
    assert headers["content-security-policy"] == security.POLICY
    assert "unsafe" not in security.POLICY
    assert headers["cache-control"] == "no-store"
    shown = page.client.get("/").text
    assert "http://" not in shown
    assert "https://" not in shown
    assert "<style" not in shown
    assert " style=" not in shown
