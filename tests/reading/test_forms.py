"""Old formats and saved web pages are read as the files that they were made of."""

from __future__ import annotations

from html import escape
from itertools import groupby

import pytest

from budgetgen.app.pipeline.inputs import examine
from budgetgen.reading.document.blocks import Grid, Text, blocks
from budgetgen.reading.document.web import web_blocks
from budgetgen.reading.guard import office
from budgetgen.reading.guard.soffice import SOFFICE
from budgetgen.values.findings import UnusableInputError
from budgetgen.values.places import told_place
from tests.commands import run
from tests.conftest import SAMPLES, some
from tests.workbooks import cells

SAMPLE = SAMPLES / "xinjiang-2026-unit.xlsx"


@pytest.fixture(scope="module")
def document(tmp_path_factory):
    folder = tmp_path_factory.mktemp("built")
    assert run("build", SAMPLE, "-o", folder)[0] == 0
    (built,) = folder.glob("*.docx")
    return built


def page(document):
    """A document as a site shows it: with what is around it, its tables as tables."""
    said = []
    for block in blocks(document.read_bytes()):
        if isinstance(block, Text):
            said += [] if block.beside else [f"<p><span>{escape(block.text)}</span></p>"]
            continue
        said.append("<table><tbody>")
        for line in block.lines:
            held = [list(raws) for _, raws in groupby(line, lambda raw: told_place(raw.place))]
            row = "".join(
                f"<td colspan={len(raws)}>{escape(str(raws[0].value or '')).replace(chr(10), '<br>')}</td>"
                for raws in held
            )
            said.append(f"<tr>{row}</tr>")
        said.append("</tbody></table>")
    menu = "<ul><li>首页</li><li>政务公开</li></ul><script>var a = '<p>1</p>'</script>"
    return f"<!DOCTYPE html><html><head><meta charset=gb2312></head><body>{menu}<div>{''.join(said)}</div></body></html>"


def test_a_saved_page_is_read_as_its_document(document, tmp_path):
    path = tmp_path / "a.html"
    path.write_bytes(page(document).encode("gb18030"))
    assert cells(examine(path).book) == cells(examine(document).book)


def test_a_page_saved_with_its_pictures_is_read(tmp_path):
    path = tmp_path / "a.mhtml"
    path.write_bytes(
        b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n"
        b"Content-Transfer-Encoding: quoted-printable\n\n<html><body><p>=E9=A2=84=E7=AE=97</p></body></html>\n--b--\n"
    )
    assert [block.text for block in web_blocks(path)] == ["预算"]


def test_merged_cells_layout_tables_and_hidden_texts_of_a_page(tmp_path):
    path = tmp_path / "a.htm"
    path.write_text(
        "<body><table><tr><td><p>标题<br>第二行</p><table>"
        "<tr><th rowspan=2>科目<th colspan=2>合计</tr><tr><td>甲<td>乙</tr><tr><td>205<td>1<td>2</tr>"
        "</table></td></tr></table><p style='display: none'>看不见</p></body>",
        encoding="utf-8",
    )
    *said, grid, hidden = web_blocks(path)
    assert [block.text for block in said] == ["标题", "第二行"]
    assert isinstance(grid, Grid)
    assert [[raw.value for raw in line] for line in grid.lines] == [
        ["科目", "合计", None],
        [None, "甲", "乙"],
        ["205", "1", "2"],
    ]
    assert (hidden.beside, hidden.text) == ("隐藏的文字", "看不见")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<html><body><script>1</script></body></html>", "网页里没有文字"),
        (
            b"<html><body>" + b"<table><tr><td>1<td colspan=999 rowspan=999>2</tr></table>" * 400,
            "网页里的表格太大，处理不了",
        ),
        (b"PK\3\4\0", "这不是 网页"),
    ],
    ids=["bare", "spans", "package"],
)
def test_a_page_that_holds_nothing_or_too_much_is_refused(content, said, tmp_path):
    path = tmp_path / "a.html"
    path.write_bytes(content)
    with pytest.raises(UnusableInputError) as refused:
        web_blocks(path)
    assert refused.value.problem == said


@pytest.mark.office
@pytest.mark.parametrize("suffix", some([".wps", ".et"], 1))
def test_old_formats_are_read_as_the_new_ones_and_nothing_stays(
    suffix, document, tmp_path, convert, monkeypatch
):
    new, kind = (document, "doc") if suffix == ".wps" else (SAMPLE, "xls")
    (made,) = convert(kind, tmp_path, new)
    old = made.rename(made.with_suffix(suffix))
    before = old.read_bytes()
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(office.tempfile, "tempdir", str(scratch))
    monkeypatch.delenv(SOFFICE)
    assert cells(examine(old).book) == cells(examine(new).book)
    assert (old.read_bytes(), list(scratch.iterdir())) == (before, [])


def test_without_libreoffice_the_way_out_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv(SOFFICE, "")
    path = tmp_path / "a.et"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"))
    code, said = run("check", path)
    assert (code, said.splitlines()[1:]) == (
        2,
        [
            f"{path}：这是旧格式的文件（.xls、.doc 或 WPS 的 .et、.wps），本机没有装 LibreOffice，不能代为转换。",
            "  请：在 WPS 或 Excel 中打开这个文件，另存为新的 .xlsx 文件。",
        ],
    )
