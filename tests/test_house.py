"""The house: every module stands in a room, no room imports from one above it, and nothing goes in circles."""

import ast
import re
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "budgetgen"
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
ROOMS = tuple(re.findall(r"^\| \d+ \| `(\w+)/` \|", PAGE, re.MULTILINE))
"""From the ground up, as the architecture page lists them."""
MODULES = {
    ".".join(part for part in path.relative_to(PACKAGE).with_suffix("").parts if part != "__init__"): path
    for path in PACKAGE.rglob("*.py")
}


@cache
def parsed(module):
    """The syntax of a module; it is looked at by many and changed by none."""
    return ast.parse(MODULES[module].read_text(encoding="utf-8"))


def imported(module):
    """The modules of the program that a module imports, for its types too."""
    for node in ast.walk(parsed(module)):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("budgetgen"):
            base = node.module.removeprefix("budgetgen").lstrip(".")
            for name in (alias.name for alias in node.names):
                inner = f"{base}.{name}".lstrip(".")
                yield inner if inner in MODULES else base


@cache
def imports():
    """Of each module those that it imports."""
    return {name: set(imported(name)) - {name} for name in MODULES if name}


def room(module):
    return module.partition(".")[0]


def test_every_top_level_name_is_a_room_or_the_door():
    names = {path.name for path in PACKAGE.iterdir() if path.name != "__pycache__"}
    assert names == {*ROOMS, "editions", "__init__.py", "__main__.py", "py.typed"}
    assert len(ROOMS) <= 16


def test_no_room_imports_from_one_above_it():
    upward = [
        f"{name} imports {other}"
        for name, others in imports().items()
        if room(name) in ROOMS
        for other in others
        if room(other) in ROOMS and ROOMS.index(room(other)) > ROOMS.index(room(name))
    ]
    assert upward == []


def test_the_house_has_at_most_nine_floors():
    below = {name: set() for name in ROOMS}
    for name, others in imports().items():
        if room(name) in below:
            below[room(name)] |= {room(other) for other in others if room(other) in below} - {room(name)}
    floors = {}
    for name in ROOMS:  # from the ground up
        floors[name] = 1 + max((floors[other] for other in below[name]), default=0)
    assert max(floors.values()) <= 9


def test_no_module_imports_itself_by_way_of_others():
    try:
        order = tuple(TopologicalSorter(imports()).static_order())
    except CycleError as error:
        pytest.fail(f"a circle: {' ← '.join(error.args[1])}")
    assert set(order) >= set(imports())


def test_every_word_of_the_glossary_stands_in_the_code():
    page = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| [^|]+ \| (`[^|]+`) \|", page, re.MULTILINE)
    words = [word for row in rows for word in re.findall(r"`(\w+)`", row)]
    assert len(words) > 30
    assert set(words) - set(names()) == set()


def names():
    """The names that modules, classes, functions and fields of the program have."""
    for name in MODULES:
        yield from name.split(".")
        for node in ast.walk(parsed(name)):
            match node:
                case ast.ClassDef(name=own) | ast.FunctionDef(name=own) | ast.Name(id=own) | ast.arg(arg=own):
                    yield own


def test_no_two_classes_have_one_name():
    owners = {}
    for name in MODULES:
        for node in parsed(name).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                owners.setdefault(node.name, []).append(name)
    assert {own: where for own, where in owners.items() if len(where) > 1} == {}
