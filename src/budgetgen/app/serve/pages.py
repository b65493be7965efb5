"""The pages: what each address shows, and what each form asks for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, get_args

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from budgetgen.app.reports.findings import MEND_CELLS, MEND_LINES, NOT_NAMED
from budgetgen.app.serve.messages import BoardKind, Kind, Order
from budgetgen.app.serve.uploads import received
from budgetgen.edition import sound, standing_in
from budgetgen.reading.forms import DOCUMENTS, WORKBOOKS
from budgetgen.values.findings import Blame
from budgetgen.values.places import told_place
from budgetgen.writing import libreoffice
from budgetgen.writing.pages import page_templates

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from jinja2 import Environment
    from starlette.requests import Request

    from budgetgen.app.reports.problems import Problem
    from budgetgen.app.serve.messages import View
    from budgetgen.app.serve.orders import Handling, Orders
    from budgetgen.edition.declarations import Edition
    from budgetgen.values.places import FilePlace

HEADINGS: Final[Mapping[Kind | BoardKind, str]] = {
    "check": "检查结果",
    "build": "公开文本",
    "new": "新的填报表",
    "follow": "下一年的填报表",
    "import": "由公开文本读成的填报表",
    "diff": "两份文件的比较",
    "verify": "公开稿与填报表核对",
    "consolidate": "部门汇总",
    "judge": "检查结果",
    "questions": "问题单",
    "documents": "全部公开文本",
    "control": "与控制数比对",
}
MOST_WAITING: Final = 5
"""So many orders of one account wait at once."""
BUSY: Final = "您还有几件事没有做完。等它们做完，或先停止。"
STATIC: Final = {"style.css": "text/css", "script.js": "text/javascript", "icon.svg": "image/svg+xml"}
ROWS: Final = 300
"""So many rows of a sheet are drawn before and after the one that is looked for."""
PREVIEW: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
COMPARISON: Final = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; sandbox allow-scripts allow-downloads"
"""Of a page that is made of a file: it is apart from ours, and its own policy lets no script run but its own."""


@dataclass(frozen=True)
class Site:
    """What the pages stand on.

    Attributes:
        orders: all that was asked for.
        quit: ends the program.
    """

    orders: Orders
    quit: Callable[[], None]

    def routes(self) -> list[Route]:
        """All addresses."""
        return [
            Route("/", self.start),
            Route("/quit", self.leave, methods=["POST"]),
            *self.order_routes(),
        ]

    def order_routes(self) -> list[Route]:
        """The addresses of orders, and of what every page needs."""
        return [
            Route("/static/{name}", _static),
            Route("/orders/{kind}", self.place, methods=["POST"]),
            Route("/orders/{key}", self.show),
            Route("/orders/{key}/state", self.state),
            Route("/orders/{key}/stop", self.stop, methods=["POST"]),
            Route("/orders/{key}/{kind}", self.go_on, methods=["POST"]),
            Route("/orders/{key}/preview", self.preview),
            Route("/orders/{key}/files/{number:int}", self.download),
            Route("/orders/{key}/sheets/{number:int}", self.sheet),
        ]

    async def start(self, request: Request) -> Response:
        """Where everything begins."""
        every = self.orders.ended(owner_of(request))
        ended = [Ended(key, HEADINGS[one.order.kind], one.view) for key, one in every if one.view]
        editions = await run_in_threadpool(_editions)
        documents = ",".join(sorted(DOCUMENTS))
        return page(
            "start.html", request, editions=editions, accept=_accepted(), documents=documents, ended=ended
        )

    async def leave(self, request: Request) -> Response:
        """The end."""
        self.quit()
        return page("ended.html", request)

    async def place(self, request: Request) -> Response:
        """Take a form in, and begin."""
        kind = _kind(request)
        with self.orders.folder() as folder:
            form = await received(request, folder)
            before, last = form.words.get("before", ""), self._last(form.words.get("last", ""), request)
            files = {"prior": (last,), **form.files} if last else form.files
            return self.placed(Order(kind, folder, files, form.words, before, owner_of(request)))

    async def go_on(self, request: Request) -> Response:
        """Do something else with the same file, or with what came of an order."""
        handling, kind = self._handling(request), _kind(request)
        with self.orders.folder() as folder:
            words = (await received(request, folder)).words
            made = handling.order.kind == "consolidate" and handling.view
            given = {"file": (_file(handling, 0),)} if made else handling.order.files
            before = words.get("before", "")
            return self.placed(Order(kind, folder, given, words, before, owner_of(request)))

    def _last(self, key: str, request: Request) -> Path | None:
        """Last year's file, where an order was given one."""
        handling = self._own(key, request)
        if handling is None:
            return None
        order = handling.order
        return order.file("file" if order.kind == "follow" else "prior")

    def placed(self, order: Order) -> Response:
        """Have an order done, and go to its page."""
        if order.owner and self.orders.waiting(order.owner) >= MOST_WAITING:
            raise HTTPException(429, BUSY)
        return RedirectResponse(f"/orders/{self.orders.place(order)}", 303)

    async def show(self, request: Request) -> Response:
        """An order: how far it is, or what came of it."""
        handling = self._handling(request)
        told = {"key": request.path_params["key"], "handling": handling, "accept": _accepted()}
        heading = HEADINGS[handling.order.kind]
        if handling.view is None:
            ahead = self.orders.ahead(handling)
            return page("waiting.html", request, heading=heading, again=_again(handling), ahead=ahead, **told)
        view = handling.view
        return page(
            "result.html",
            request,
            heading=heading,
            view=view,
            groups=_groups(view),
            since=self._since(handling, request),
            last=self._last(told["key"], request),
            checked=self._checked(told["key"], request),
            pdf=libreoffice.available(),
            link=lambda place, number: _link(told["key"], view, place, number),
            **told,
        )

    def _checked(self, key: str, request: Request) -> str:
        """The order that a file was last checked by: this one, or the one whose file was gone on with; "" for none."""
        for one in (key, self.orders[key].order.before):
            handling = self._own(one, request)
            if handling and handling.view and handling.view.problems and handling.order.kind == "check":
                return one
        return ""

    async def state(self, request: Request) -> Response:
        """How far an order is, for the script of the page."""
        handling = self._handling(request)
        told = {name: getattr(handling, name) for name in ("ended", "stage", "done", "total")}
        return JSONResponse({**told, "ahead": self.orders.ahead(handling)})

    async def stop(self, request: Request) -> Response:
        """End an order."""
        self._handling(request)
        self.orders.stop(request.path_params["key"])
        return RedirectResponse(f"/orders/{request.path_params['key']}", 303)

    async def preview(self, request: Request) -> Response:
        """The web page that came of an order."""
        handling = self._handling(request)
        if handling.view is None or not handling.view.preview:
            raise HTTPException(404)
        policy = COMPARISON if handling.order.kind == "diff" else PREVIEW
        path = handling.order.folder / handling.view.preview
        return FileResponse(path, media_type="text/html", headers={"content-security-policy": policy})

    async def download(self, request: Request) -> Response:
        """A file that came of an order."""
        path = _file(self._handling(request), request.path_params["number"])
        return FileResponse(path, filename=path.name, media_type="application/octet-stream")

    async def sheet(self, request: Request) -> Response:
        """A sheet of the file, with the cells of a problem marked."""
        handling, number = self._handling(request), request.path_params["number"]
        if handling.view is None or number >= len(handling.view.sheets):
            raise HTTPException(404)
        picture = await run_in_threadpool(_picture, handling, number)
        row, asked = _whole(request, "row") or 0, _whole(request, "problem")
        every = list(handling.view.problems.all) if handling.view.problems else []
        problem = every[asked] if asked is not None and asked < len(every) else None
        first = max(0, row - ROWS)
        return page(
            "sheet.html",
            request,
            picture=picture,
            first=first,
            rows=picture["rows"][first : row + ROWS],
            problem=problem,
            marked=_marked(problem),
            expected=dict(problem.expected) if problem else {},
            step=ROWS,
            at=request.query_params.get("at", ""),
        )

    def _handling(self, request: Request) -> Handling:
        handling = self._own(request.path_params["key"], request)
        if handling is None:
            raise HTTPException(404)
        return handling

    def _own(self, key: str, request: Request) -> Handling | None:
        """An order of who asks; those of others are not there."""
        try:
            handling = self.orders[key]
        except KeyError:
            return None
        return handling if handling.order.owner == owner_of(request) else None

    def _since(self, handling: Handling, request: Request) -> Since | None:
        """What has changed since the file was looked at before."""
        before = self._own(handling.order.before, request)
        now = handling.view
        if before is None or before.view is None or now is None:
            return None
        earlier, found = before.view.problems, now.problems
        if earlier is None or found is None:
            return None
        then, after = list(earlier.all), list(found.all)
        kept, known = {one.key for one in after}, {one.key for one in then}
        gone = tuple(one for one in then if one.key not in kept)
        new = tuple(one for one in after if one.key not in known)
        return Since(gone, new, len(after), same=_same(before.order, handling.order))


@dataclass(frozen=True)
class Since:
    """What has changed since a file was looked at before: what is gone, what is new, how many there are now.

    Attributes:
        same: the file is the one of before: whoever mended it has not saved it.
    """

    gone: tuple[Problem, ...]
    new: tuple[Problem, ...]
    now: int
    same: bool


@dataclass(frozen=True)
class Ended:
    """What came of an earlier order, to find back to: its id, its heading, what is shown."""

    key: str
    heading: str
    view: View


# --- what pages show ----------------------------------------------------------------------------------------


def refused(status: int, text: str, *, board: bool = False) -> Response:
    """The page of a refusal."""
    stranger = status == HTTPStatus.FORBIDDEN and not board
    return page("refused.html", status=status, board=board, text=text, stranger=stranger)


def owner_of(request: Request) -> str:
    """Who asks, where several may: the name of the account that is signed in."""
    account = request.scope.get("account")
    return account.name if account else ""


def _same(before: Order, now: Order) -> bool:
    """Whether two orders were given the same file."""
    one, other = before.file("file"), now.file("file")
    return one is not None and other is not None and one.read_bytes() == other.read_bytes()


def _again(handling: Handling) -> bool:
    """Whether the same may go well another time, and can be asked for again where it is shown."""
    own, refusal = handling.order.kind in get_args(Kind), handling.refusal
    stopped = handling.state == "stopped"
    return own and (stopped or (refusal is not None and refusal.blame is not Blame.FILE))


def _groups(view: View) -> Sequence[tuple[str, Sequence[tuple[int, Problem]]]]:
    """The problems under their headings, each with its number."""
    found = view.problems
    if found is None:
        return ()
    numbers = iter(enumerate(found.all))
    lines = [next(numbers) for _ in found.lines]
    culprits = [next(numbers) for _ in found.culprits]
    named = [one for one in culprits if one[1].sure]
    others = [one for one in culprits if not one[1].sure]
    sheets = [(group.title, [next(numbers) for _ in group.problems]) for group in found.sheets]
    every = [(MEND_LINES, lines), (MEND_CELLS, named), (NOT_NAMED, others), *sheets]
    return [(title, problems) for title, problems in every if problems]


def _link(key: str, view: View, place: FilePlace | None, problem: int) -> str:
    """Where a cell is shown; empty where it is in no sheet."""
    if (at := told_place(place)) not in view.cells:
        return ""
    sheet, row, cell = view.cells[at]
    return f"/orders/{key}/sheets/{sheet}?problem={problem}&row={row}&at={cell}#{cell}"


def _marked(problem: Problem | None) -> Mapping[str, str]:
    """How the cells of a problem are marked, by place."""
    spots = problem.spots if problem else ()
    return {
        told_place(spot.place): "also" if number else "first"
        for number, spot in reversed(tuple(enumerate(spots)))
    }


def _picture(handling: Handling, number: int) -> dict[str, Any]:
    path = handling.order.folder / "pictures" / f"{number}.json"
    picture: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return picture


def _file(handling: Handling, number: int) -> Path:
    if handling.view is None or number >= len(handling.view.downloads):
        raise HTTPException(404)
    return handling.order.folder / handling.view.downloads[number].path


def _kind(request: Request) -> Kind:
    kind: Kind = request.path_params["kind"]
    if kind not in get_args(Kind):
        raise HTTPException(404)
    return kind


def _whole(request: Request, name: str) -> int | None:
    text = request.query_params.get(name, "")
    return int(text) if text.isascii() and text.isdigit() else None


@cache
def _editions() -> Sequence[tuple[str, str, Sequence[str]]]:
    """The formats to choose from: id, title, of whom."""
    return list(_offered())


def _offered() -> Iterator[tuple[str, str, Sequence[str]]]:
    known = sound()
    for edition in known:
        yield edition.id, _called(edition), (edition.kind_by_default, edition.several or "")
    for edition in standing_in(1 + max((edition.edition.year for edition in known), default=0)):
        title = f"{_called(edition)}（格式还没有公布，暂按上一年）"
        yield edition.id, title, (edition.kind_by_default, edition.several or "")


def _called(edition: Edition) -> str:
    return f"{edition.edition.region} {edition.edition.year} 年{edition.edition.kind}"


def _accepted() -> str:
    """The endings of the files that can be read."""
    return ",".join(sorted(WORKBOOKS | DOCUMENTS))


@cache
def _templates() -> Environment:
    return page_templates("app/serve/templates")


def page(
    template: str, request: Request | None = None, *, status: int = 200, board: bool = False, **told: Any
) -> HTMLResponse:
    """A page for who asks.

    Args:
        template: its name.
        request: of who is there, if anybody is.
        status: of the answer.
        board: whether it is one of a board that nobody has signed in to.
        told: what it shows.
    """
    account = request.scope.get("account") if request else None
    shell = {"account": account, "board": board or account is not None, "tools": "/tools" if account else "/"}
    return HTMLResponse(_templates().get_template(template).render({**shell, **told}), status)


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in STATIC:
        raise HTTPException(404)
    data = files("budgetgen.app.serve").joinpath("static", name).read_bytes()
    return Response(data, media_type=STATIC[name])
