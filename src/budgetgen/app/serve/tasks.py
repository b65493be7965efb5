"""What each order does: the same functions that the commands call; only how it is told differs."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import chdir
from dataclasses import asdict, replace
from hashlib import sha256
from pathlib import PurePath
from typing import TYPE_CHECKING

from budgetgen.app.batch.engine import BatchRun, run
from budgetgen.app.batch.inputs import jobs_of
from budgetgen.app.batch.jobs import Options
from budgetgen.app.pipeline import follow as following
from budgetgen.app.pipeline import new
from budgetgen.app.pipeline.annotate import annotate
from budgetgen.app.pipeline.answers import Answers
from budgetgen.app.pipeline.asked import edition_of
from budgetgen.app.pipeline.build import build
from budgetgen.app.pipeline.consolidate import gather
from budgetgen.app.pipeline.control import control
from budgetgen.app.pipeline.corrections import corrected
from budgetgen.app.pipeline.diff import Settled, diff
from budgetgen.app.pipeline.inputs import derived, examine
from budgetgen.app.pipeline.outputs import COMPLETED
from budgetgen.app.pipeline.pictures import pictures
from budgetgen.app.pipeline.questions import TITLE, questions, with_answers
from budgetgen.app.pipeline.unit_files import Sources, submission_of
from budgetgen.app.pipeline.verify import prove
from budgetgen.app.progress import begin
from budgetgen.app.reports import changes as changes_report
from budgetgen.app.reports import control as control_report
from budgetgen.app.reports import settlement
from budgetgen.app.reports.findings import asked, conclusion, numbers_tied, proof_verdict, to_fill, understood
from budgetgen.app.reports.followed import noticed, to_do
from budgetgen.app.reports.mending import mends
from budgetgen.app.reports.problems import problems
from budgetgen.app.serve.messages import Download, Explaining, Judged, UnitLine, View
from budgetgen.department.admission import state_of
from budgetgen.reading.forms import WORKBOOKS
from budgetgen.values.findings import WHOLE_FILE, Severity, UnusableInputError
from budgetgen.values.places import told_place
from budgetgen.writing.archive import pack, replace_file
from budgetgen.writing.changes.page import render_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from budgetgen.app.batch.records import Entry
    from budgetgen.app.pipeline.build import Built
    from budgetgen.app.pipeline.consolidate import ConsolidationRun
    from budgetgen.app.pipeline.inputs import Checked
    from budgetgen.app.pipeline.publish import Publication
    from budgetgen.app.reports.problems import Problems
    from budgetgen.app.serve.messages import BoardKind, Kind, Order

OUTPUT, PICTURES = "out", "pictures"
SHOWN = 400
"""So many lines of differences are shown; a workbook holds all."""
ANNOTATED_COPY = "带批注的副本：有问题的地方标了颜色、写了批注"
TITLES: Mapping[str, str] = {
    ".docx": "公开文本（Word）",
    ".pdf": "公开文本（PDF/A，带书签）",
    ".html": "网页（可以朗读，不用联网）",
    ".zip": "公开包。放到网站上：Word、PDF、网页、一页看懂和数据；本单位留存：核对报告、公开检查表、各文件的 SHA-256",
}
"""What the files of a build are, by their endings."""
COPY = "填报表的副本，空着的合计、推算数由程序填上了；本单位留存，不公开"
DRAFT = "：草稿，不能公开"


def check(order: Order) -> View:
    """Problems with pictures of the file, and an annotated copy."""
    checked, answers = _examined(order)
    if checked.untouched:
        return View(checked.path.name, "还没有填", good=False, said=tuple(to_fill(checked)))
    found = problems(checked)
    sheets, cells = _drawn(order, checked, found)
    copies, said = _copied(order, checked)
    return View(
        checked.path.name,
        conclusion(checked),
        good=not checked.failed and not any(finding.open for finding in checked.findings),
        publishable=not checked.failed,
        said=(*said, *asked(checked), *_corrections(order, checked), *answers),
        problems=found,
        explaining=_explaining(checked, found),
        sheets=sheets,
        cells=cells,
        downloads=copies,
    )


def _explaining(checked: Checked, found: Problems) -> Explaining | None:
    if checked.path.suffix.lower() not in WORKBOOKS:
        return None
    every = (one for one in found.all if one.severity == Severity.EXPLAIN and not one.explained)
    lines = tuple(f"{one.rule}\t{one.place or WHOLE_FILE}" for one in every)
    return Explaining(checked.edition.explanations.table, lines) if lines else None


def _examined(order: Order) -> tuple[Checked, tuple[str, ...]]:
    """The file with what was answered beside it; and what else was answered."""
    checked = examine(_given(order, "file"), prior=order.file("prior"))
    return with_answers(checked, _answers(order))


def _answers(order: Order) -> list[Answers]:
    return [Answers(path, order.options.get(path.name, "")) for path in order.files.get("answers", ())]


def _corrections(order: Order, checked: Checked) -> tuple[str, ...]:
    """What became of the figures of its lists: in this file, or on the way to it from the one that was sent."""
    base = order.file("base")
    return corrected(derived(base) if base else checked, _answers(order)).told


def _copied(order: Order, checked: Checked) -> tuple[tuple[Download, ...], tuple[str, ...]]:
    """The annotated copy, or why there is none."""
    begin("写批注")
    try:
        path = annotate(checked, order.folder / OUTPUT, mends(checked)).path
    except UnusableInputError as error:  # its secret items, or a form that takes no comments
        return (), (f"没有带批注的副本：{error.problem}。请：{error.fix}。",)
    return (Download(_inner(order, path), ANNOTATED_COPY),), ()


def _drawn(
    order: Order, checked: Checked, found: Problems
) -> tuple[tuple[str, ...], Mapping[str, tuple[int, int, str]]]:
    """Put the pictures of a file into the order's folder; their titles, and where the cells of the problems are."""
    begin("画表格")
    named = {told_place(spot.place) for one in found.all for spot in one.spots}
    named |= {
        told_place(clue.spot.place) for p in found.all for told in p.lists for clue in told.clues if clue.spot
    }
    drawn = pictures(checked)
    cells: dict[str, tuple[int, int, str]] = {}
    (order.folder / PICTURES).mkdir()
    for number, picture in enumerate(drawn):
        for index, row in enumerate(picture.rows):
            for column, cell in enumerate(row.cells):
                if cell.place in named:
                    cells.setdefault(cell.place, (number, index, f"c{index}-{column}"))
        target = order.folder / PICTURES / f"{number}.json"
        target.write_text(json.dumps(asdict(picture), ensure_ascii=False), encoding="utf-8")
    return tuple(picture.title for picture in drawn), cells


def build_document(order: Order) -> View:
    """The document with its preview, and what else was asked for; nothing where errors forbid it."""
    wanted: dict[Publication, bool] = {"pdf": "pdf" in order.options, "release": "release" in order.options}
    also: list[Publication] = ["html", *(kind for kind, asked_for in wanted.items() if asked_for)]
    draft = "draft" in order.options
    out = order.folder / OUTPUT
    built = build(_given(order, "file"), out, draft=draft, prior=order.file("prior"), also=also)
    if not built.written:
        errors = sum(finding.severity == Severity.ERROR for finding in built.checked.findings)
        verdict = f"有 {errors} 处错误，没有生成公开文本。改正后再试；想先看样子，生成草稿。"
        return View(built.checked.path.name, verdict, good=False)
    pages = [path for path in built.written if path.suffix == ".html"]
    return View(
        built.checked.path.name,
        "已生成草稿：每页标明“草稿”，不能公开" if draft else "已生成公开文本",
        good=not draft,
        downloads=tuple(_built(order, built)),
        preview=_inner(order, pages[0]),
    )


def _built(order: Order, built: Built) -> Iterator[Download]:
    """The files of a build; those of a release as one, its forms of the document by themselves, too."""
    out = order.folder / OUTPUT
    document = next(path.stem for path in built.written if path.suffix == ".docx")
    for path in built.written:
        if path.parent == out or (path.stem == document and path.suffix != ".docx"):
            completed = path.stem.endswith(COMPLETED)
            title = COPY if completed else TITLES[path.suffix]
            yield Download(_inner(order, path), title + DRAFT * ("draft" in order.options and not completed))
    released = [path for path in built.written if path.parent != out]
    if released:
        bundle = out / f"{released[0].parent.name}.zip"
        bundle.write_bytes(pack({path.name: path.read_bytes() for path in released}))
        yield Download(_inner(order, bundle), TITLES[bundle.suffix])


def blank(order: Order) -> View:
    """A blank workbook with what is known of the unit."""
    declared = edition_of(order.options.get("edition"))
    house = declared.house
    given = {house.unit: order.options.get("name", "").strip(), house.kind: order.options.get("kind", "")}
    path = _outputs(order) / new.WORKBOOK_NAME.format(declared.edition)
    new.new(path, edition=declared.id, values={key: text for key, text in given.items() if text})
    return _workbook(order, path, "已生成空白的填报表")


def follow(order: Order) -> View:
    """Next year's workbook of last year's file."""
    last = _given(order, "file")
    with chdir(_outputs(order)):
        done = following.follow(last)
    path = order.folder / OUTPUT / done.written
    made = _workbook(order, path, f"已生成下一年的填报表，上年数取自 {last.name}")
    remarks = tuple(line for told in noticed(done) for line in told.splitlines())
    return replace(made, said=tuple(to_do(done)), remarks=remarks)


def _workbook(order: Order, path: Path, verdict: str) -> View:
    return View(
        path.name,
        verdict,
        good=True,
        downloads=(Download(_inner(order, path), "填报表：用 WPS 或 Excel 打开来填"),),
    )


def compare(order: Order) -> View:
    """What differs, as a page and as a workbook; a budget beside the accounts of its year."""
    old, recent = _given(order, "old"), _given(order, "new")
    page, book = (_outputs(order) / f"比较.{ending}" for ending in ("html", "xlsx"))
    done = diff(old, recent, form="xlsx", output=book)
    if isinstance(done, Settled):
        said = tuple(settlement.printed(done.figures, done.budget, done.accounts).splitlines())
        return View(
            recent.name,
            said[0],
            good=True,
            said=said[1:],
            downloads=(Download(_inner(order, book), "工作簿"),),
        )
    replace_file(page, render_page(done.changes, done.opinions))
    return View(
        recent.name,
        changes_report.summary(done.changes),
        good=not done.changes.differs,
        downloads=(
            Download(_inner(order, book), "工作簿：每张单子一页，可以填意见"),
            Download(_inner(order, page), "网页：不联网也能看"),
        ),
        preview=_inner(order, page),
    )


def verify(order: Order) -> View:
    """Whether a document says what its workbook says."""
    proved = prove(_given(order, "document"), _given(order, "workbook"))
    found = problems(proved.checked)
    sheets, cells = _drawn(order, proved.checked, found)
    return View(
        proved.checked.path.name,
        proof_verdict(proved),
        good=proved.passed,
        said=(numbers_tied(proved),),
        problems=found,
        sheets=sheets,
        cells=cells,
    )


def consolidate(order: Order) -> View:
    """The workbook of a department, or how its units stand."""
    explained = frozenset(order.files.get("explained", ()))
    sources = Sources(
        order.files.get("file", ()), order.file("units"), order.file("earlier"), explained=explained
    )
    with chdir(_outputs(order)):
        done = gather(sources, name=order.options.get("name", "").strip(), partial="partial" in order.options)
    found = [*done.admission.faults, *done.findings]
    said = understood(found, done.edition).splitlines() if found else []
    written = done.written or done.statuses
    title = "部门的填报表" if done.written else "报送情况"
    taken = f"已汇总 {len(done.admission.taken)} 个单位" if done.written else "没有汇总，改正后再试"
    missing = f"；不完整，缺{'、'.join(done.admission.missing)}" if done.admission.missing else ""
    return View(
        done.admission.name or "部门汇总",
        taken + (missing if done.written else ""),
        good=bool(done.written) and not done.admission.faults,
        said=tuple(said),
        downloads=(Download(f"{OUTPUT}/{written}", title),) if written else (),
        units=tuple(_units(done)),
    )


def _units(done: ConsolidationRun) -> Iterator[UnitLine]:
    states = done.edition.consolidating.traces.states
    for status in done.admission.statuses:
        sent = status.submission
        yield UnitLine(
            states[status.state],
            status.unit or "（没有单位名称）",
            sent.file if sent else "",
            status.remark,
        )


def judge(order: Order) -> View:
    """How a file that a unit has sent stands, and the same with the figures of the lists that came back."""
    checked, _ = _examined(order)
    made, path = corrected(checked, _answers(order)).data, ""
    if made:
        path = _inner(order, _outputs(order) / checked.path.name)
        replace_file(order.folder / path, made)
    sent = submission_of(checked.path.name, checked)
    judged = Judged(sent.unit, state_of(sent), sent.errors, sent.explains, sent.notes)
    return View(
        checked.path.name, conclusion(checked), good=not checked.failed, judged=judged, corrected=path
    )


def ask(order: Order) -> View:
    """The list of what is wrong with a file, and of what the department asks, to be answered."""
    checked, _ = _examined(order)
    lines = [line.strip() for line in order.options.get("asked", "").splitlines()]
    path = _outputs(order) / f"{checked.path.stem}{TITLE}.xlsx"
    replace_file(path, questions(checked, [line for line in lines if line]))
    said = "写好说明和填写人，在看板上交回；有错误的，改正填报表后重新报送。"
    listed = Download(_inner(order, path), "问题单：只列有问题的格和部门的提问")
    return View(checked.path.name, "已生成问题单", good=True, said=(said,), downloads=(listed,))


def documents(order: Order) -> View:
    """The documents of many units as one archive, with their SHA-256; made side by side."""
    files, folder = order.files.get("file", ()), _outputs(order) / "各单位"
    entries = run(BatchRun("build", jobs_of("build", files, Options(), folder), folder))
    made = dict(_documents(folder, entries))
    sums = "".join(f"{sha256(data).hexdigest()}  {name}\n" for name, data in sorted(made.items()))
    bundle = _outputs(order) / "全部公开文本.zip"
    replace_file(bundle, pack({**made, "SHA256SUMS": sums.encode()}))
    listed = Download(_inner(order, bundle), "各单位的公开文本和校验值")
    said = tuple(
        f"{one.file}：没有生成公开文本，{one.remark or '有错误'}" for one in entries if one.state != "done"
    )
    return View("部门", f"已生成 {len(made)} 份公开文本", good=not said, said=said, downloads=(listed,))


def _documents(folder: Path, entries: Sequence[Entry]) -> Iterator[tuple[str, bytes]]:
    """Each document under its own name; where two have the same, under that of its folder, too."""
    written = [PurePath(name) for one in entries for name in one.written if name.endswith(".docx")]
    names = Counter(path.name for path in written)
    for path in written:
        yield path.name if names[path.name] == 1 else path.as_posix(), (folder / path).read_bytes()


def against_control(order: Order) -> View:
    """What units have sent beside what the finance bureau has approved."""
    table = _outputs(order) / f"{control_report.TITLE}.xlsx"
    sources, money = Sources(order.files.get("file", ())), order.options.get("money") or None
    done = control(_given(order, "approved"), sources, money=money, output=table)
    told = (*control_report.lines_of(done.differences), *(f"{file}：{why}" for file, why in done.unread))
    more = (f"另有 {len(told) - SHOWN} 行，见工作簿",) if len(told) > SHOWN else ()
    return View(
        order.files["approved"][0].name,
        control_report.summary(len(done.differences), done.figures, done.units),
        good=not done.differences and not done.unread,
        said=(*told[:SHOWN], *more),
        downloads=(Download(_inner(order, table), "差异：逐单位、逐科目"),),
    )


TASKS: Mapping[Kind | BoardKind, Callable[[Order], View]] = {
    "check": check,
    "build": build_document,
    "new": blank,
    "follow": follow,
    "diff": compare,
    "verify": verify,
    "consolidate": consolidate,
    "judge": judge,
    "questions": ask,
    "documents": documents,
    "control": against_control,
}


def _given(order: Order, role: str) -> Path:
    path = order.file(role)
    if path is None:
        raise UnusableInputError("", "没有选择文件", "先选择文件，再按按钮")
    return path


def _outputs(order: Order) -> Path:
    out = order.folder / OUTPUT
    out.mkdir(exist_ok=True)
    return out


def _inner(order: Order, path: Path) -> str:
    return path.relative_to(order.folder).as_posix()
