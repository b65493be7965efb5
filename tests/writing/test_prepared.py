"""A template is made ready once: kept, never stale, never another's; and what docxtpl's language says is done."""

from __future__ import annotations

import io

import pytest
from docx import Document
from docx.oxml.ns import qn
from docxtpl import DocxTemplate

from budgetgen.edition import load
from budgetgen.values import keeping
from budgetgen.writing.archive import pack
from budgetgen.writing.document import prepared
from budgetgen.writing.document.lines import LineRoom
from budgetgen.writing.document.prepared import environment, prepare
from budgetgen.writing.document.writer import _context, default_template, render_document
from budgetgen.writing.package import OfficePackage
from tests.writing.test_document import MAIN, disclosure, text

EDITION = load("xinjiang-2026")


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """An empty cache of one's own."""
    monkeypatch.setattr(keeping, "user_cache_path", lambda *_, **__: tmp_path / "cache")
    prepare.cache_clear()
    yield tmp_path / "cache" / prepared.KEPT.name
    prepare.cache_clear()


@pytest.fixture
def started(monkeypatch):
    """As at the next start of the program; whether a template is then made ready anew is counted."""
    made = []

    def start():
        prepare.cache_clear()
        made.clear()
        return made

    make = prepared._made
    monkeypatch.setattr(prepared, "_made", lambda template: made.append(template) or make(template))
    return start


def test_the_next_start_takes_what_was_kept_and_writes_the_same(cache, started):
    first = render_document(disclosure(), EDITION)
    made = started()
    assert render_document(disclosure(), EDITION) == first
    assert made == []
    assert [file.suffix for file in cache.iterdir()] == [".kept"]


def test_a_template_that_was_changed_is_made_ready_anew(cache, started):
    made = started()
    package = OfficePackage.read(default_template(EDITION))
    for title in ("{{ 目录标题 }}", "目录：{{ 目录标题 }}"):
        content = package.parts[MAIN].replace("{{ 目录标题 }}".encode(), title.encode())
        prepare(pack({**package.parts, MAIN: content}))
    assert len(made) == len(list(cache.iterdir())) == 2


def test_another_program_takes_nothing_of_this_one(cache, started, monkeypatch):
    prepare(default_template(EDITION))
    made = started()
    monkeypatch.setattr(prepared.sys, "version", "4.0")
    prepare(default_template(EDITION))
    assert len(made) == 1


@pytest.mark.parametrize("spoil", [lambda data: b"", lambda data: data[:-9], lambda data: data[:-1] + b"?"])
def test_what_was_kept_and_is_damaged_is_not_taken(cache, started, spoil):
    prepare(default_template(EDITION))
    (file,) = cache.iterdir()
    file.write_bytes(spoil(file.read_bytes()))
    made = started()
    prepare(default_template(EDITION))
    assert len(made) == 1


def others_may_write(cache, monkeypatch):
    (file,) = cache.iterdir()
    file.chmod(0o666)


def others_may_replace(cache, monkeypatch):
    cache.chmod(0o777)


def of_another(cache, monkeypatch):
    monkeypatch.setattr(keeping.os, "geteuid", lambda: 4321)


@pytest.mark.skipif(keeping.sys.platform == "win32", reason="Windows has other rights")
@pytest.mark.parametrize("foreign", [others_may_write, others_may_replace, of_another])
def test_what_somebody_else_may_have_put_there_is_not_taken(cache, started, monkeypatch, foreign):
    prepare(default_template(EDITION))
    foreign(cache, monkeypatch)
    made = started()
    prepare(default_template(EDITION))
    assert len(made) == 1


# --- docxtpl's language -------------------------------------------------------------------------------------

CELL = '<w:tc><w:tcPr><w:tcW w:w="1000" w:type="dxa"/></w:tcPr><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>'
LANGUAGE = {
    "cells made by a loop": ["{%tc for 行 in 封面 %}", "{{ 行 }}", "{%tc endfor %}"],
    "cells that are merged across": ["{% colspan 2 %}甲", "乙"],
    "cells that are coloured": ['{% cellbg "FF0000" %}甲', "乙"],
    "a comment": ["{# 不印 #}甲", "乙"],
    "signs that are meant": ["{_{ 甲 }_}", "{_% 乙 %_}"],
    "a placeholder in several runs": ["{</w:t></w:r><w:r><w:t>{ 年 }", "}</w:t></w:r><w:r><w:t>乙"],
}


def with_table(cells: list[str]) -> bytes:
    """The default template with a table of one row before all else."""
    row = "".join(CELL.format(cell) for cell in cells)
    grid = '<w:gridCol w:w="1000"/><w:gridCol w:w="1000"/>'
    drawn = f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid><w:tr>{row}</w:tr></w:tbl>"
    parts = OfficePackage.read(default_template(EDITION)).parts
    content = parts[MAIN].replace(b"<w:body>", f"<w:body>{drawn}".encode(), 1)
    return pack({**parts, MAIN: content})


def first_table(document) -> tuple[list[str], list[tuple[str, str, str]]]:
    """Its grid, and of each cell its text, span and colour."""
    drawn = document.tables[0]._tbl
    grid = [column.get(qn("w:w")) for column in drawn.tblGrid.iter(qn("w:gridCol"))]
    cells = [
        (
            "".join(piece.text or "" for piece in cell.iter(qn("w:t"))),
            *(
                node.get(qn(name)) if (node := cell.find(f"{qn('w:tcPr')}/{qn(tag)}")) is not None else ""
                for tag, name in (("w:gridSpan", "w:val"), ("w:shd", "w:fill"))
            ),
        )
        for cell in drawn.iter(qn("w:tc"))
    ]
    return grid, cells


@pytest.mark.parametrize("cells", LANGUAGE.values(), ids=LANGUAGE)
def test_a_table_of_an_office_s_own_is_filled_as_docxtpl_fills_it(tmp_path, cells):
    made = disclosure(cover=("甲", "乙", "丙"))
    template = tmp_path / "模板.docx"
    template.write_bytes(with_table(cells))
    usual = DocxTemplate(template)
    room = LineRoom.of(OfficePackage.read(template.read_bytes()))
    usual.render(_context(made, EDITION, room), environment())

    ours = Document(io.BytesIO(render_document(made, EDITION, template)))
    assert first_table(ours) == first_table(usual.docx)


def test_tables_within_tables_and_pictures_of_a_loop_keep_their_place(tmp_path):
    inner = "<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w='500'/></w:tblGrid><w:tr>{}</w:tr></w:tbl>"
    picture = (
        '<w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
        '<wp:docPr id="1" name="章"/></wp:inline></w:drawing>'
    )
    nested = "甲</w:t></w:r></w:p>" + inner.format(CELL.format("{{ 年 }}")) + "<w:p><w:r><w:t>"
    looped = "{%p for 行 in 封面 %}</w:t></w:r></w:p><w:p><w:r>" + picture
    looped += "</w:r></w:p><w:p><w:r><w:t>{%p endfor %}"
    template = tmp_path / "模板.docx"
    template.write_bytes(with_table([nested, looped + "</w:t></w:r></w:p><w:p><w:r><w:t>乙"]))

    document = Document(io.BytesIO(render_document(disclosure(told=(text("丁"),)), EDITION, template)))
    assert document.tables[0].cell(0, 0).tables[0].cell(0, 0).text == "2026"
    ids = [node.get("id") for node in document.element.iter() if node.tag.endswith("}docPr")]
    assert ids == ["1001", "1002"]


def test_a_table_without_anything_and_one_in_a_comment_are_no_tables(tmp_path):
    package = OfficePackage.read(default_template(EDITION))
    own = package.parts[MAIN].replace(b"<w:body>", b"<w:body><!-- <w:tbl> --><w:tbl/><w:p/><?odd one?>", 1)
    template = tmp_path / "模板.docx"
    template.write_bytes(pack({**package.parts, MAIN: own}))
    made, plain = (
        OfficePackage.read(render_document(disclosure(), EDITION, one)) for one in (template, None)
    )
    assert made.parts[MAIN] == plain.parts[MAIN].replace(b"<w:body>", b"<w:body><w:tbl/><w:p/>", 1)
