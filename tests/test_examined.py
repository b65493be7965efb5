"""Units that were examined before are not examined again, and never where anything they depend on has changed."""

from __future__ import annotations

import shutil
import stat
import sys
import zipfile

import pytest

from budgetgen.app.batch import added, examined
from budgetgen.app.pipeline import unit_files
from budgetgen.app.pipeline.unit_files import Sources, read_files
from budgetgen.department.department import Department, concluded
from budgetgen.department.together import Together
from budgetgen.edition import load
from budgetgen.values import keeping
from budgetgen.values.model import Cell
from budgetgen.values.packing import pack_book, unpack_book
from tests import commands
from tests.conftest import SAMPLES
from tests.workbooks import examined as examined_file

UNIT = SAMPLES / "department-2024" / "xinjiang-2024-transfer.xlsx"
STRINGS = "xl/sharedStrings.xml"


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """An empty cache."""
    monkeypatch.setattr(keeping, "user_cache_path", lambda *_, **__: tmp_path / "缓存")
    return tmp_path / "缓存" / examined.KEPT.name


@pytest.fixture
def unit(tmp_path):
    """A unit's workbook to be changed."""
    return shutil.copy(UNIT, tmp_path / "单位.xlsx")


@pytest.fixture
def seen(monkeypatch):
    """The files that are examined from here on."""
    found, examine = [], unit_files.examine
    monkeypatch.setattr(
        unit_files, "examine", lambda path, **how: found.append(path.name) or examine(path, **how)
    )
    return found


def told(*files, edition=None, kept=True):
    return read_files(Sources(files, workers=1, edition=edition, kept=kept))


def retyped(path, old, new):
    """Replace a text wherever a workbook says it."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    text = parts[STRINGS].decode()
    assert old in text
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in {**parts, STRINGS: text.replace(old, new).encode()}.items():
            package.writestr(name, data)


def test_what_has_not_changed_is_not_examined_again(cache, unit, seen):
    first = told(unit)
    assert told(unit) == first
    assert seen == ["单位.xlsx"]
    assert len(list(cache.iterdir())) == 1


def test_only_what_has_changed_is_examined_again(cache, unit, tmp_path, seen):
    other = shutil.copy(UNIT, tmp_path / "另一个.xlsx")
    before = told(unit, other)
    retyped(other, "乌鲁木齐", "吐鲁番")
    after = told(unit, other)
    assert seen == ["单位.xlsx", "另一个.xlsx", "另一个.xlsx"]
    assert after == [before[0], *told(other, kept=False)] != before


def test_another_format_another_program_or_another_name_is_examined_anew(
    cache, unit, tmp_path, seen, monkeypatch
):
    told(unit)
    told(unit, edition="xinjiang-2024")
    told(unit.rename(tmp_path / "改名.xlsx"))
    monkeypatch.setattr(unit_files, "program_fingerprint", lambda: "另一个程序")
    told(tmp_path / "改名.xlsx")
    assert seen == ["单位.xlsx", "单位.xlsx", "改名.xlsx", "改名.xlsx"]


def test_a_file_that_changes_while_it_is_read_is_not_kept(cache, unit, monkeypatch):
    examine = unit_files.examine

    def meanwhile(path, **how):
        checked = examine(path, **how)
        retyped(path, "乌鲁木齐", "吐鲁番")
        return checked

    monkeypatch.setattr(unit_files, "examine", meanwhile)
    told(unit)
    assert list(cache.glob("*")) == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: b"",
        lambda data: data[:-9],
        lambda data: data.replace(b'"errors": 0', b'"errors": 7'),
        lambda data: b"{}",
    ],
)
def test_what_is_damaged_is_as_if_it_were_not_there(cache, unit, seen, spoil):
    first = told(unit)
    (file,) = cache.iterdir()
    assert spoil(file.read_bytes()) != file.read_bytes()
    file.write_bytes(spoil(file.read_bytes()))
    assert told(unit) == first
    assert len(seen) == 2


def test_what_was_kept_of_another_file_is_not_taken(cache, unit, tmp_path, seen):
    told(unit)
    (file,) = cache.iterdir()
    retyped(unit, "乌鲁木齐", "吐鲁番")
    own = told(unit)
    (new,) = set(cache.iterdir()) - {file}
    shutil.copy(file, new)
    assert told(unit) == own
    assert len(seen) == 3


def test_nothing_is_kept_of_a_file_with_secret_items_or_of_one_that_cannot_be_read(
    cache, unit, tmp_path, seen
):
    item = next(row.text("项目名称") for row in examined_file(UNIT).book["项目支出"].lines())
    retyped(unit, item, "特定目标2410010U金丝雀")
    damaged = tmp_path / "损坏.xlsx"
    damaged.write_bytes(UNIT.read_bytes()[:9000])
    assert told(unit, damaged) == told(unit, damaged)
    assert list(cache.glob("*")) == []
    assert len(seen) == 4


def test_only_the_last_used_are_kept_and_only_for_the_user(cache, unit, seen, monkeypatch):
    monkeypatch.setattr(examined, "KEPT", keeping.Shelf(examined.KEPT.name, 2))
    monkeypatch.setattr(unit_files, "KEPT", examined.KEPT)
    cache.mkdir(parents=True, mode=0o700)
    for number in range(4):
        (cache / f"{number}.kept").write_bytes(b"")
    told(unit)
    told(unit)
    assert (len(list(cache.iterdir())), len(seen)) == (2, 1)
    if sys.platform != "win32":
        assert {stat.S_IMODE(f.stat().st_mode) for f in cache.iterdir() if f.stat().st_size} == {0o600}


def test_without_the_cache_nothing_is_taken_and_nothing_kept(cache, unit, tmp_path, seen):
    for name in ("甲", "乙"):
        commands.run("consolidate", unit, "-o", tmp_path / f"{name}.xlsx", "--workers", 1, "--no-cache")
    assert (len(seen), cache.parent.exists()) == (2, False)
    for name in ("丙", "丁"):
        commands.run("consolidate", unit, "-o", tmp_path / f"{name}.xlsx", "--workers", 1)
    assert (len(seen), len(list(cache.iterdir()))) == (3, 1)
    assert len({(tmp_path / f"{name}.xlsx").read_bytes() for name in "甲乙丙丁"}) == 1


def test_a_book_is_packed_without_loss():
    book = examined_file(SAMPLES / "xinjiang-2024-department.xlsx").book
    packed = pack_book(book)
    assert unpack_book(packed) == book
    known = {
        name: [
            {c: Cell() if cell == Cell(place=cell.place) else cell for c, cell in row.cells.items()}
            for row in table.rows
        ]
        for name, table in book.tables.items()
    }
    lean = unpack_book(packed, blanks=False)
    assert {name: [row.cells for row in table.rows] for name, table in lean.tables.items()} == known


# --- what neighbours have together ---


@pytest.fixture
def department(tmp_path):
    """The files of three units."""
    files = UNIT.parent.glob("*.xlsx")
    return [shutil.copy(path, tmp_path / path.name) for path in sorted(files)]


@pytest.fixture
def summed(monkeypatch):
    """The files whose figures are added up from here on, each a group of its own."""
    monkeypatch.setattr(added, "NEIGHBOURS", 1)
    found, add = [], Together.add
    monkeypatch.setattr(Together, "add", lambda self, unit: found.append(unit.book.file) or add(self, unit))
    return found


def sums(department, *, name="甲局", kept=True):
    """What these units have together, and what their department is by it."""
    together = added.summed_up(told(*department, kept=kept), load("xinjiang-2024"), name, kept=kept)
    return concluded(together, Department(name))


def test_only_what_has_changed_is_added_up_again(cache, department, summed):
    names = [path.name for path in department]
    first = sums(department)
    assert sums(department) == first
    assert summed == names
    retyped(department[1], "机房运行维护费", "机房设备维护费")
    again = sums(department)
    assert summed == [*names, names[1]]
    assert again == sums(department, kept=False) != first
    assert summed == [*names, names[1], *names]


def test_another_department_another_program_and_what_is_damaged_is_added_up_anew(
    cache, department, summed, monkeypatch
):
    first = sums(department)
    assert sums(department, name="乙局") != first
    monkeypatch.setattr(added, "program_fingerprint", lambda: "另一个程序")
    assert sums(department) == first
    for file in (cache.parent / added.SUMS.name).iterdir():
        file.write_bytes(file.read_bytes()[:-1])
    assert sums(department) == first
    assert len(summed) == 4 * len(department)


def test_of_a_group_with_secret_items_nothing_is_kept(cache, department, summed):
    retyped(department[1], "机房运行维护费", "特定目标2410010U金丝雀")
    assert sums(department) == sums(department)
    names = [path.name for path in department]
    assert summed == [*names, names[1]]
    assert len(list((cache.parent / added.SUMS.name).iterdir())) == len(names) - 1
