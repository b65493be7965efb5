"""The pages of a department's board: how its units stand, what they have sent, what is said to it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from http import HTTPStatus
from shutil import rmtree
from typing import TYPE_CHECKING, Any, Final, get_args

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from budgetgen.app.board import passwords
from budgetgen.app.board.dockets import CLOSED, SOUND, STATES
from budgetgen.app.board.store import RefusedError, Visitor
from budgetgen.app.board.tables import DecisionKind
from budgetgen.app.serve.checks import title_of
from budgetgen.app.serve.messages import Order
from budgetgen.app.serve.pages import page
from budgetgen.app.serve.sessions import SIGN_IN, address_of
from budgetgen.app.serve.uploads import DAMAGED, received
from budgetgen.reading.forms import DOCUMENTS, WORKBOOKS
from budgetgen.values.amounts import PER_WAN, WAN
from budgetgen.values.findings import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from starlette.requests import Request

    from budgetgen.app.board.dockets import Docket, UnitDocket
    from budgetgen.app.board.store import Store
    from budgetgen.app.board.tables import Account, UnitEntry
    from budgetgen.app.serve.checks import Checks
    from budgetgen.app.serve.pages import Site
    from budgetgen.app.serve.sessions import Sessions

EVENTS: Final[Mapping[str, str]] = {
    "signed-in": "登录",
    "sign-in-failed": "登录失败",
    "account-opened": "建账户",
    "account-closed": "停用账户",
    "password-changed": "改密码",
    "units-listed": "读入单位名单",
    "sent": "报送",
    "answered": "交回问题单",
    "corrected": "按问题单改数，成为新的报送",
    "not-corrected": "问题单的新数没有改进去",
    "taken": "下载收到的文件",
    "returned": "退回",
    "approved": "批准",
    "published": "标为已公开",
    "consolidated": "汇总",
    "documents": "生成全部公开文本",
    "control": "与控制数比对",
    "control-kept": "留下控制数表",
    "file-lost": "收到的文件不见了，或被改动过",
}
"""What stands in the audit log, as it is told."""
LONGEST_REMARK: Final = 2000
LARGEST_KEY: Final = 2**31 - 1
TOO_LONG: Final = f"写的内容超过 {LONGEST_REMARK} 字，没有保存。"
FORBIDDEN: Final = "您的账户不能做这件事。"
NO_FILE: Final = "没有选择文件，或一次选了几个。请选择一个文件。"
NOT_READ: Final = "不收这种文件。请报送填报表（.xlsx）或公开文本（.docx、.pdf 等）。"
NO_TABLE: Final = "没有选择控制数表，或不是 Excel 文件。请选择财政下达的控制数（批复数）表。"
NO_MONEY: Final = f"金额单位只能是{'、'.join(PER_WAN)}。请重新选择。"
NOTHING_SENT: Final = "还没有单位报送，没有可以比对的。"
NONE_APPROVED: Final = "还没有已批准的报送。"


@dataclass(frozen=True)
class Board:
    """The pages of a board, beside those of the page for one person.

    Attributes:
        store: what it keeps.
        checks: checks what units send.
        sessions: know who is signed in.
        site: the pages of orders, each shown to whose it is.
    """

    store: Store
    checks: Checks
    sessions: Sessions
    site: Site

    def routes(self) -> list[Route]:
        """All addresses."""
        return [
            Route("/", self.start),
            Route(SIGN_IN, self.sign_in, methods=["GET", "POST"]),
            Route("/sign-out", self.sign_out, methods=["POST"]),
            Route("/password", self.password, methods=["GET", "POST"]),
            Route("/audit", self.audit),
            Route("/tools", self.site.start),
            Route("/units/{unit:int}", self.unit),
            Route("/units/{unit:int}/state", self.state),
            Route("/units/{unit:int}/submissions", self.send, methods=["POST"]),
            Route("/submissions/{key:int}/file", self.download),
            Route("/submissions/{key:int}/answers", self.answer, methods=["POST"]),
            Route("/submissions/{key:int}/check", self.show, methods=["POST"]),
            Route("/submissions/{key:int}/questions", self.questions, methods=["POST"]),
            Route("/submissions/{key:int}/{kind}", self.decide, methods=["POST"]),
            Route("/consolidate", self.consolidate, methods=["POST"]),
            Route("/documents", self.documents, methods=["POST"]),
            Route("/control", self.control, methods=["POST"]),
            Route("/controls/{key:int}/file", self.control_file),
            *self.site.order_routes(),
        ]

    # --- who ---

    async def sign_in(self, request: Request) -> Response:
        """The form, or what came of it."""
        if request.method == "GET":
            return page("sign-in.html", board=True, problem="")
        words = await _words(request)
        name, password = words.get("name", "").strip(), words.get("password", "")
        answer = await run_in_threadpool(self.sessions.sign_in, name, password, request.scope)
        return (
            page("sign-in.html", board=True, status=401, problem=answer)
            if isinstance(answer, str)
            else answer
        )

    async def sign_out(self, request: Request) -> Response:
        """The end of a session."""
        return self.sessions.sign_out(request.scope)

    async def password(self, request: Request) -> Response:
        """The form for another password, or what came of it."""
        if request.method == "GET":
            return page("password.html", request, problem="")
        words = await _words(request)
        answer = await run_in_threadpool(self._renew, request, words)
        return (
            page("password.html", request, status=400, problem=answer) if isinstance(answer, str) else answer
        )

    def _renew(self, request: Request, words: Mapping[str, str]) -> Response | str:
        who, account, new = _visitor(request), _account(request), words.get("new", "")
        if not passwords.fits(words.get("old", ""), account.password):
            return "现在的密码不对，没有改。"
        if new != words.get("again") or not passwords.acceptable(new):
            return f"两次输入的新密码不同，或长短不合要求，没有改：{passwords.TOO_SHORT}。"
        if new == words.get("old"):
            return "新密码与现在的一样，没有改。"
        kept = passwords.hashed(new)
        try:
            self.store.change_account(account.name, who, password=kept, verified=account.password)
        except RefusedError as error:
            return f"{error}。"
        return self.sessions.begin(account.name, kept)

    # --- what is there ---

    async def start(self, request: Request) -> Response:
        """The board; for a unit its own page."""
        if unit := _account(request).unit_id:
            return RedirectResponse(f"/units/{unit}", 303)
        every = await run_in_threadpool(self.store.board)
        wanted = request.query_params.get("state", "")
        return page(
            "board.html",
            request,
            shown=[one for one in every if wanted in ("", one.state)],
            counts=Counter(one.state for one in every),
            total=len(every),
            wanted=wanted,
            states=STATES,
            sheets=await run_in_threadpool(self.store.controls),
            names=await run_in_threadpool(self.store.names),
            at=_at,
        )

    async def unit(self, request: Request) -> Response:
        """All that a unit has sent, and what may be done with it."""
        unit = await run_in_threadpool(self._unit, request)
        dockets = await run_in_threadpool(self.store.history, unit.id)
        return page(
            "unit.html",
            request,
            unit=unit,
            dockets=dockets,
            numbers={docket.arrival.id: docket.arrival.number for docket in dockets},
            names=await run_in_threadpool(self.store.names),
            states=STATES,
            sound=SOUND,
            closed=CLOSED,
            sends=_account(request).role == "unit",
            decides=_account(request).role == "department",
            accept=",".join(sorted(WORKBOOKS | DOCUMENTS)),
            longest=LONGEST_REMARK,
            at=_at,
        )

    async def state(self, request: Request) -> Response:
        """Whether the newest submission is checked, for the script of the page."""
        unit = await run_in_threadpool(self._unit, request)
        dockets = await run_in_threadpool(self.store.history, unit.id)
        ended = not dockets or dockets[0].state != "received"
        return JSONResponse({"ended": ended, "stage": "正在检查", "done": 0, "total": 0})

    async def audit(self, request: Request) -> Response:
        """Who did what."""
        if _account(request).role == "unit":
            raise HTTPException(403, FORBIDDEN)
        lines = await run_in_threadpool(self.store.audit)
        return page("audit.html", request, lines=lines, events=EVENTS, at=_at)

    async def download(self, request: Request) -> Response:
        """What was sent, as it was sent."""
        docket, unit = await run_in_threadpool(self._docket, request)
        path = await _possible(self.store.vault.path, docket.arrival.sha256)
        name = title_of(docket, unit)
        await run_in_threadpool(self.store.note, _visitor(request), "taken", name)
        return FileResponse(path, filename=name, media_type="application/octet-stream")

    # --- what is done ---

    async def send(self, request: Request) -> Response:
        """Take a unit's file; when this answers, it is kept."""
        unit = await run_in_threadpool(self._unit, request)
        if _account(request).role != "unit":
            raise HTTPException(403, FORBIDDEN)
        return await self._taken(request, unit, lambda path, who: self.store.send(unit.id, path, who))

    async def answer(self, request: Request) -> Response:
        """Take a list of questions that comes back."""
        docket, unit = await run_in_threadpool(self._docket, request)
        if _account(request).role != "unit":
            raise HTTPException(403, FORBIDDEN)
        key = docket.arrival.id
        return await self._taken(request, unit, lambda path, who: self.store.answer(key, path, who))

    async def _taken(
        self, request: Request, unit: UnitEntry, keep: Callable[[Path, Visitor], Docket]
    ) -> Response:
        folder = self.site.orders.new_folder()
        try:
            files = (await received(request, folder)).files.get("file", ())
            if len(files) != 1:
                raise HTTPException(400, NO_FILE)
            if files[0].suffix.lower() not in WORKBOOKS | DOCUMENTS:
                raise HTTPException(400, NOT_READ)
            docket = await _possible(keep, files[0], _visitor(request))
        finally:
            await run_in_threadpool(rmtree, folder, ignore_errors=True)
        if docket.due:
            await run_in_threadpool(self.checks.begin, docket)
        return RedirectResponse(f"/units/{unit.id}", 303)

    async def show(self, request: Request) -> Response:
        """Check a submission once more, with pictures, for who asks."""
        docket, unit = await run_in_threadpool(self._docket, request)
        order = await _possible(self.checks.order, "check", docket, unit, _account(request).name)
        return self.site.placed(order)

    async def questions(self, request: Request) -> Response:
        """The list of what is wrong with a submission, with what the department asked when it was sent back."""
        docket, unit = await run_in_threadpool(self._docket, request)
        order = await _possible(self.checks.order, "questions", docket, unit, _account(request).name)
        asked = [one.remark for one in docket.decisions if one.kind == "returned"]
        return self.site.placed(replace(order, options={**order.options, "asked": "\n".join(asked[-1:])}))

    async def decide(self, request: Request) -> Response:
        """Send back, approve, or mark as published."""
        docket, unit = await run_in_threadpool(self._docket, request)
        kind: DecisionKind = request.path_params["kind"]
        if kind not in get_args(DecisionKind):
            raise HTTPException(404)
        self._deciding(request)
        remark = (await _words(request)).get("remark", "").strip()
        if len(remark) > LONGEST_REMARK:
            raise HTTPException(400, TOO_LONG)
        await _possible(self.store.decide, docket.arrival.id, kind, remark, _visitor(request))
        return RedirectResponse(f"/units/{unit.id}", 303)

    async def consolidate(self, request: Request) -> Response:
        """The department's workbook of what is approved."""
        self._deciding(request)
        words = await _words(request)
        options = {key: words[key][:200] for key in ("name", "partial") if key in words}
        return await self._joined(request, "consolidated", options)

    async def documents(self, request: Request) -> Response:
        """The documents of all that is approved."""
        self._deciding(request)
        return await self._joined(request, "documents", {})

    async def control(self, request: Request) -> Response:
        """What units have sent last beside what is approved; whoever sees all may ask for it."""
        if _account(request).role == "unit":
            raise HTTPException(403, FORBIDDEN)
        every = [one for one in await run_in_threadpool(self.store.board) if one.docket]
        if not every:
            raise HTTPException(409, NOTHING_SENT)
        who = _visitor(request)
        with self.site.orders.folder() as folder:
            form = await received(request, folder)
            given = form.files.get("approved", ())
            if len(given) != 1 or given[0].suffix.lower() not in WORKBOOKS:
                raise HTTPException(400, NO_TABLE)
            if form.words.get("money", WAN) not in PER_WAN:
                raise HTTPException(400, NO_MONEY)
            sheet = await _possible(self.store.take_control, given[0], who)
            files = await _possible(self._copies, every, folder)
            told = f"{len(files)} 个单位，控制数表 SHA-256 {sheet.sha256[:12]}…"
            await run_in_threadpool(self.store.note, who, "control", told)
            roles = {"approved": given, "file": files}
            return self.site.placed(Order("control", folder, roles, form.words, owner=who.name))

    async def control_file(self, request: Request) -> Response:
        """A table of approved figures, as it came."""
        if _account(request).role == "unit":
            raise HTTPException(403, FORBIDDEN)
        key = _key(request, "key")
        sheet = next((one for one in await run_in_threadpool(self.store.controls) if one.id == key), None)
        if sheet is None:
            raise HTTPException(404)
        path = await _possible(self.store.vault.path, sheet.sha256)
        name = f"控制数（{sheet.received.astimezone():%Y-%m-%d %H.%M}）{sheet.suffix}"
        await run_in_threadpool(self.store.note, _visitor(request), "taken", name)
        return FileResponse(path, filename=name, media_type="application/octet-stream")

    async def _joined(self, request: Request, event: str, options: Mapping[str, str]) -> Response:
        every = await run_in_threadpool(self.store.board)
        approved = [one for one in every if one.state in CLOSED]
        if not approved:
            raise HTTPException(409, NONE_APPROVED)
        who = _visitor(request)
        with self.site.orders.folder() as folder:
            files = await _possible(self._copies, approved, folder)
            names = folder / "单位名单.txt"
            names.write_text("\n".join(one.unit.name for one in every), encoding="utf-8")
            await run_in_threadpool(self.store.note, who, event, f"{len(approved)} 个单位")
            if event == "documents":
                return self.site.placed(Order("documents", folder, {"file": files}, owner=who.name))
            # Nothing is approved that is not explained, in the file or in answers beside it.
            given = {"file": files, "units": (names,), "explained": files}
            return self.site.placed(Order("consolidate", folder, given, options, owner=who.name))

    def _copies(self, chosen: Sequence[UnitDocket], folder: Path) -> tuple[Path, ...]:
        """The newest submissions of units, in a folder of their own."""
        inner = folder / "submissions"
        inner.mkdir()
        return tuple(self.checks.copy(one.docket, one.unit, inner) for one in chosen if one.docket)

    # --- who may ---

    def _unit(self, request: Request) -> UnitEntry:
        return self._seen(request, _key(request, "unit"))

    def _docket(self, request: Request) -> tuple[Docket, UnitEntry]:
        docket = self.store.docket(_key(request, "key"))
        if docket is None:
            raise HTTPException(404)
        return docket, self._seen(request, docket.arrival.unit_id)

    def _seen(self, request: Request, key: int) -> UnitEntry:
        """A unit that who asks may see; another is not there."""
        account, unit = _account(request), self.store.unit(key)
        if unit is None or (account.role == "unit" and account.unit_id != unit.id):
            raise HTTPException(404)
        return unit

    def _deciding(self, request: Request) -> None:
        if _account(request).role != "department":
            raise HTTPException(403, FORBIDDEN)


async def _possible(done: Callable[..., Any], *given: object) -> Any:
    """Do something that may be refused; the refusal is told on a page."""
    try:
        return await run_in_threadpool(done, *given)
    except RefusedError as error:
        raise HTTPException(409, f"{error}。") from error
    except UnusableInputError as error:
        raise HTTPException(500, f"{error.problem}。请：{error.fix}。") from error


async def _words(request: Request) -> Mapping[str, str]:
    """What was typed into a form without files."""
    try:
        async with request.form(max_files=0, max_fields=10) as form:
            given = {key: value for key, value in form.multi_items() if isinstance(value, str)}
            return {
                key: value.replace("\0", "") for key, value in given.items()
            }  # no database takes that sign
    except HTTPException as error:
        if error.status_code == HTTPStatus.BAD_REQUEST:  # as the library refuses, in English
            raise HTTPException(400, DAMAGED) from None
        raise


def _account(request: Request) -> Account:
    account: Account = request.scope["account"]
    return account


def _key(request: Request, name: str) -> int:
    """An id of the address; what no database can hold is none."""
    key: int = request.path_params[name]
    if key > LARGEST_KEY:
        raise HTTPException(404)
    return key


def _visitor(request: Request) -> Visitor:
    account = _account(request)
    return Visitor(account.id, account.name, address_of(request.scope))


def _at(when: datetime) -> str:
    """A time as it is here."""
    return f"{when.astimezone():%Y-%m-%d %H:%M}"
