"""budgetgen diff: what is told, what is written, and what is refused."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO

import docx
import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from budgetgen.app.cli import program
from budgetgen.edition import load
from budgetgen.values.findings import UnusableInputError
from budgetgen.writing.workbook.writer import render_workbook
from tests.test_comparison import BOOK, LAST, NEXT, book_of

LISTS = ("figures", "reasons", "wording", "structure", "linkage")


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Workbooks of two years, and one edited."""
    folder = tmp_path_factory.mktemp("甲")
    texts = {
        "旧": (LAST, "xinjiang-2025"),
        "新": (NEXT, "xinjiang-2026"),
        "原": (BOOK, "xinjiang-2026"),
        "改": (BOOK.replace("| 2 | 30.00", "| 3 | 30.00"), "xinjiang-2026"),
    }
    paths = {}
    for name, (text, edition) in texts.items():
        paths[name] = folder / f"{name}.xlsx"
        paths[name].write_bytes(render_workbook(load(edition), book_of(text, edition)))
    return paths


def run(*arguments):
    return CliRunner().invoke(program, ["diff", *map(str, arguments)], standalone_mode=False)


def test_the_same_file_twice(files):
    done = run(files["原"], files["原"])
    assert done.return_value == 0
    assert done.stdout.splitlines()[2:] == ["没有差异。"]
    assert "前后给出的是同一个文件" in done.stderr


def test_two_units_are_told_first(files, tmp_path):
    other = tmp_path / "乙.xlsx"
    book = book_of(BOOK.replace("某中心", "乙学校"), "xinjiang-2026")
    other.write_bytes(render_workbook(load("xinjiang-2026"), book))
    done = run(files["原"], other)
    assert done.return_value == 1
    assert done.stdout.startswith("两份文件不是同一单位：旧文件是“某中心”，新文件是“乙学校”。")


def test_one_edit_is_told_and_nothing_else(files):
    done = run(files["原"], files["改"])
    assert done.return_value == 1
    assert done.output.splitlines()[2:] == [
        "── 数字 1 处，其中变动达到 10% 的 1 处 ──",
        "  采购与资产 车辆 数量 2 → 3（+1，+50.00%）",
    ]


def test_json_for_machines(files):
    done = run(files["原"], files["改"], "--format", "json")
    told = json.loads(done.output)
    assert list(told) == ["old", "new", *LISTS]
    assert told["old"] == {"file": "原.xlsx", "edition": "xinjiang-2026", "unit": "某中心", "year": 2026}
    assert {name: len(told[name]) for name in LISTS} == {
        "figures": 1,
        "reasons": 0,
        "wording": 0,
        "structure": 0,
        "linkage": 0,
    }
    (figure,) = told["figures"]
    assert {
        name: figure[name] for name in ("kind", "table", "key", "column", "old", "new", "change", "rate")
    } == {
        "kind": "changed",
        "table": "采购与资产",
        "key": "车辆",
        "column": "数量",
        "old": "2.00",
        "new": "3.00",
        "change": "1.00",
        "rate": "50.00",
    }


@pytest.mark.parametrize("suffix", ["xlsx", "html", "docx", "json", "txt"])
def test_the_name_of_the_file_decides_what_is_written(files, tmp_path, suffix):
    target = tmp_path / f"比较.{suffix}"
    done = run(files["旧"], files["新"], "-o", target)
    assert done.return_value == 1
    assert done.output.splitlines()[-1] == f"已写出 {target}"
    assert target.read_bytes()[:2] == {"xlsx": b"PK", "docx": b"PK", "html": b"<!", "json": b"{\n"}.get(
        suffix, b"\xef\xbb"
    )


def test_without_a_name_the_file_is_named_after_both(files, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run(files["原"], files["改"], "--format", "html").output.endswith("已写出 改（与原比较）.html\n")
    assert (tmp_path / "改（与原比较）.html").is_file()


def test_a_file_that_is_there_is_not_written_over(files, tmp_path):
    target = tmp_path / "比较.html"
    target.write_text("别人的", encoding="utf-8")
    done = run(files["原"], files["改"], "-o", target)
    assert isinstance(done.exception, UnusableInputError)
    assert target.read_text(encoding="utf-8") == "别人的"


def test_the_draft_of_a_workbook_is_commented(files, tmp_path):
    target = tmp_path / "批注.docx"
    run(files["旧"], files["新"], "-o", target)
    texts = [comment.text for comment in docx.Document(BytesIO(target.read_bytes())).comments]
    assert any(text.startswith("【与上年衔接】收入 单位资金：新文件说上年数 9.00") for text in texts)


def test_a_secret_is_in_no_part_of_any_output(files, tmp_path):
    canary, code = "绝密字样", "特定目标0510022L"
    text = BOOK + f"结转结余 | 项目 | 合计\n | {code} | 5.00\n结转用途 | 项目名称 | 金额\n | {code} | 5.00\n"
    path = tmp_path / "密.xlsx"
    path.write_bytes(render_workbook(load("xinjiang-2026"), book_of(text)))
    workbook = load_workbook(path)
    cells = [cell for sheet in workbook for row in sheet.iter_rows() for cell in row if cell.value == code]
    for cell in cells:
        cell.value = f"{canary}（{code}）{canary}"
    workbook.save(path)
    assert {cell.parent.title for cell in cells} == {"结转结余", "结转用途"}
    outputs = [run(files["原"], path, "--all").output.encode()]
    assert code in outputs[0].decode()
    for suffix in ("json", "html", "xlsx", "docx"):
        target = tmp_path / f"比较.{suffix}"
        run(files["原"], path, "-o", target)
        if suffix in {"xlsx", "docx"}:
            with zipfile.ZipFile(target) as archive:
                outputs += [archive.read(name) for name in archive.namelist()]
        else:
            outputs.append(target.read_bytes())
    assert not any(canary.encode() in output for output in outputs)


def test_files_in_the_wrong_order_are_refused(files):
    error = run(files["新"], files["旧"]).exception
    assert isinstance(error, UnusableInputError)
    assert "次序反了" in str(error)


@pytest.mark.parametrize("text", ["一成", "", "%"])
def test_a_threshold_that_is_no_number_is_refused(files, text):
    error = run(files["原"], files["改"], "--threshold", text).exception
    assert isinstance(error, UnusableInputError)
    assert "写成 10% 或 50（万元）" in str(error)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-o", "比较.pdf"], "看不出 比较.pdf 要写成什么"),
        (["-o", "比较.xlsx", "--format", "html"], "不一致"),
    ],
)
def test_a_form_that_cannot_be_told_is_a_slip(files, arguments, said):
    assert said in str(run(files["原"], files["改"], *arguments).exception)
