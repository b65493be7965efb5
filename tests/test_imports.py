"""What each command imports: start-up takes longer than the work, and a library is there for those who need it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from budgetgen.app.pipeline.build import build
from budgetgen.edition import load
from budgetgen.writing.document.prepared import prepare
from budgetgen.writing.document.writer import default_template
from tests.conftest import SAMPLES

ALWAYS = {"click", "platformdirs"}
WORD = {"docx", "lxml", "typing_extensions"}
FILLED = {"jinja2", "lxml", "markupsafe"}
"""docxtpl and python-docx only where a template is new."""
DRAWN = {"docxtpl", "jinja2", "markupsafe"}
WRITTEN = {"pathvalidate", "xlsxwriter"}
EDITION = "xinjiang-2026"
UNIT = SAMPLES / f"{EDITION}-unit.xlsx"
PROGRAM = """
import json, sys
before = set(sys.modules)  # an environment imports some of its own, at every start
from budgetgen.app.cli import main
sys.argv[0] = "budgetgen"
try:
    main()
except SystemExit as end:
    told = {name for name, module in sys.modules.items() if module is not None} - before
    places = {name: getattr(sys.modules[name], "__file__", None) or "" for name in told if "." not in name}
    libraries = sorted(name for name, place in places.items() if "site-packages" in place and "budgetgen" not in name)
    rooms = sorted(name for name in told if name.startswith("budgetgen."))
    print("\\n" + json.dumps([end.code, libraries, rooms]))
"""


@pytest.fixture(scope="module", autouse=True)
def started_before(tmp_path_factory):
    """Every edition was loaded once: what only that needs is never imported again."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        subprocess.run([sys.executable, "-c", "from budgetgen.edition import sound; sound()"], check=True)
        yield


@pytest.fixture(scope="module")
def document(tmp_path_factory):
    return next(
        path
        for path in build(UNIT, tmp_path_factory.mktemp("built") / "公开").written
        if path.suffix == ".docx"
    )


def imported(*arguments):
    """The exit code, the libraries and the modules of the program that a command has imported."""
    command = [sys.executable, "-c", PROGRAM, *map(str, arguments)]
    shown = subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout
    code, libraries, modules = json.loads(shown.splitlines()[-1])
    return code, set(libraries), modules


@pytest.mark.parametrize(
    ("arguments", "libraries", "absent"),
    [
        (("--version",), {"click"}, ("edition", "reading", "writing")),
        (
            ("check", UNIT),
            ALWAYS,
            (
                "reading.document",
                "reading.secrets.paragraphs",
                "writing.workbook",
                "localisation.search",
                "comparison",
                "department.transfers",
                "department.sources",
                "years",
            ),
        ),
        (("diff", UNIT, UNIT), ALWAYS, ("reading.document.reader", "writing.workbook", "writing.document")),
        (("why", UNIT, "支出总体[总计].合计"), ALWAYS, ("reading.document", "writing.workbook")),
        (("rules",), ALWAYS, ("edition.resolution", "book", "reading", "checking", "writing")),
        (("explain", "expenditure-row"), ALWAYS | WRITTEN, ("reading.document", "writing.document")),
        (("explain", "text-unsaid"), ALWAYS, ("reading.document", "writing")),
        (("reasons", UNIT), ALWAYS | WRITTEN, ("reading.document.reader", "writing.document")),
        (
            ("template", "-o", "模板.docx"),
            ALWAYS | WRITTEN | WORD | DRAWN,
            ("reading.document", "book", "checking"),
        ),
        (
            ("new", "-o", "空白.xlsx"),
            ALWAYS | WRITTEN,
            ("reading", "checking", "localisation", "years", "writing.document"),
        ),
        (
            ("build", UNIT, "-o", "公开"),
            ALWAYS | WRITTEN | FILLED,
            (
                "reading.document",
                "writing.changes",
                "writing.publication",
                "writing.document.template",
                "localisation.search",
                "years.drafting",
            ),
        ),
    ],
    ids=lambda case: case[0] if isinstance(case, tuple) else "",
)
def test_a_command_imports_what_it_needs(arguments, libraries, absent, tmp_path, monkeypatch):
    prepare.cache_clear()  # what this process knows of it already would not be kept anew
    prepare(default_template(load(EDITION)))
    monkeypatch.chdir(tmp_path)
    code, found, modules = imported(*arguments)
    rooms = [f"budgetgen.{room}" for room in absent]
    assert (code, found - libraries) == (0, set())
    assert [
        name for name in modules if any(name == room or name.startswith(f"{room}.") for room in rooms)
    ] == []


@pytest.mark.parametrize("command", ["check", "import", "verify"])
def test_a_document_needs_nothing_that_validates_editions(command, document, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    more = {"import": ("-o", "回读.xlsx"), "verify": (UNIT,)}.get(command, ())
    code, found, _ = imported(command, document, *more)
    drawn = DRAWN if command == "verify" else set()
    assert (code, found - ALWAYS - WORD - WRITTEN - drawn) == (0, set())


def test_a_blank_workbook_that_is_kept_is_not_written_anew(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    _, (code, found, _) = (imported("new", "-o", f"{number}.xlsx") for number in range(2))
    assert (code, found - ALWAYS) == (0, set())
    assert (tmp_path / "0.xlsx").read_bytes() == (tmp_path / "1.xlsx").read_bytes()
