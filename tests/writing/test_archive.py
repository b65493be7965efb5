"""Files on the disk: the same bytes for the same content, and never half a file."""

from __future__ import annotations

import errno
import io
import os
import zipfile
from pathlib import Path

import pytest

from budgetgen.values.findings import UnusableInputError
from budgetgen.writing.archive import make_folder, move_file, normalise, pack, replace_file

PARTS = {
    "word/document.xml": b"<document/>",
    "_rels/.rels": b"<rels/>",
    "docProps/core.xml": b"<core/>",
    "[Content_Types].xml": b"<types/>",
}


def zipped(names: list[str], year: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name, (year, 5, 6, 7, 8, 10)), PARTS[name])
    return buffer.getvalue()


def test_an_archive_is_the_same_whenever_and_in_whatever_order_it_was_made():
    first, second = zipped(list(PARTS), 2025), zipped(sorted(PARTS), 2026)

    assert first != second
    assert normalise(first) == normalise(second) == pack(PARTS)
    with zipfile.ZipFile(io.BytesIO(normalise(first))) as archive:
        told = [(entry.filename, entry.date_time, archive.read(entry)) for entry in archive.infolist()]
    time = (1980, 1, 1, 0, 0, 0)
    assert told == [
        ("[Content_Types].xml", time, b"<types/>"),
        ("_rels/.rels", time, b"<rels/>"),
        ("docProps/core.xml", time, b"<core/>"),
        ("word/document.xml", time, b"<document/>"),
    ]


def test_a_file_is_written_and_replaced(tmp_path):
    path = tmp_path / "2026年某单位预算公开.docx"

    replace_file(path, b"first")
    replace_file(path, b"second")

    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {path.name: b"second"}


def test_a_name_as_long_as_a_name_can_be(tmp_path):
    path = tmp_path / ("预" * 85)  # 255 bytes

    replace_file(path, b"data")

    assert [file.name for file in tmp_path.iterdir()] == [path.name]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_others_may_read_what_is_written(tmp_path):
    mask = os.umask(0o022)
    try:
        replace_file(tmp_path / "文本.docx", b"data")
    finally:
        os.umask(mask)

    assert (tmp_path / "文本.docx").stat().st_mode & 0o777 == 0o644


@pytest.mark.skipif(os.name == "nt", reason="making links needs a right on Windows")
def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "真.docx").write_bytes(b"old")
    (tmp_path / "链.docx").symlink_to(tmp_path / "真.docx")

    replace_file(tmp_path / "链.docx", b"new")

    assert (tmp_path / "链.docx").is_symlink()
    assert (tmp_path / "真.docx").read_bytes() == b"new"


def failing(error: OSError):
    def fail(*_: object, **__: object) -> None:
        raise error

    return fail


def refusal(path: Path) -> tuple[str, str]:
    with pytest.raises(UnusableInputError) as caught:
        replace_file(path, b"new")
    assert caught.value.path == path
    return caught.value.problem, caught.value.fix


def test_a_read_only_file_is_left_alone(tmp_path):
    path = tmp_path / "文本.docx"
    path.write_bytes(b"old")
    path.chmod(0o444)

    assert refusal(path) == (
        "这个文件是只读的，或所在的磁盘、U 盘不允许写入",
        "在文件“属性”里去掉“只读”，或换一个文件名或位置保存",
    )
    assert path.read_bytes() == b"old"


def test_a_file_open_in_another_program_is_left_alone(tmp_path, monkeypatch):
    path = tmp_path / "文本.docx"
    path.write_bytes(b"old")
    monkeypatch.setattr(Path, "replace", failing(PermissionError(errno.EACCES, "拒绝访问")))

    assert refusal(path) == (
        "这个文件正被 Word、WPS 或 Excel 等程序打开，写不进去",
        "关闭打开它的程序后再试，或换一个文件名",
    )
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {"文本.docx": b"old"}


def test_a_folder_that_may_not_be_written_to(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "open", failing(PermissionError(errno.EACCES, "拒绝访问")))

    assert refusal(tmp_path / "文本.docx") == (
        "没有在这里写入的权限",
        "换到自己的文件夹（例如“文档”或桌面）保存",
    )
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_nothing_behind(tmp_path, monkeypatch):
    path = tmp_path / "文本.docx"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", failing(OSError(errno.ENOSPC, "磁盘空间不足")))

    assert refusal(path) == ("磁盘或 U 盘已满，写不下这个文件", "清理出一些空间，或换一个位置保存")
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {"文本.docx": b"old"}


def test_an_interrupted_write_leaves_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "fsync", failing(KeyboardInterrupt()))

    with pytest.raises(KeyboardInterrupt):
        replace_file(tmp_path / "文本.docx", b"new")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("没有/文本.docx", "要保存到的文件夹不存在"),
        ("文件/文本.docx", "要保存到的文件夹不存在"),
        ("文件夹", "这里已有一个同名的文件夹"),
        ("预" * 86, "文件名或文件夹的路径太长"),
    ],
)
def test_places_where_nothing_can_be_written(tmp_path, name, problem):
    (tmp_path / "文件").touch()
    (tmp_path / "文件夹").mkdir()

    assert refusal(tmp_path / name)[0] == problem
    assert sorted(file.name for file in tmp_path.rglob("*")) == ["文件", "文件夹"]


def test_folders_are_made_and_files_moved(tmp_path):
    make_folder(tmp_path / "甲" / "乙")
    make_folder(tmp_path / "甲" / "乙")
    (tmp_path / "旧.docx").write_bytes(b"old")

    move_file(tmp_path / "旧.docx", tmp_path / "甲" / "乙" / "新.docx")

    assert (tmp_path / "甲" / "乙" / "新.docx").read_bytes() == b"old"
    assert not (tmp_path / "旧.docx").exists()


def test_a_folder_where_a_file_stands(tmp_path):
    (tmp_path / "甲").touch()

    with pytest.raises(UnusableInputError, match="这里已有一个同名的文件，建不了文件夹"):
        make_folder(tmp_path / "甲")


def test_a_file_that_cannot_be_moved(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "rename", failing(PermissionError(errno.EACCES, "拒绝访问")))

    with pytest.raises(UnusableInputError, match="正被 Word、WPS 或 Excel 等程序打开"):
        move_file(tmp_path / "旧.docx", tmp_path / "新.docx")
