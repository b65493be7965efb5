"""The base document: what an office changes in it is what the templates look like."""

from __future__ import annotations

import io
import re
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm

from budgetgen.edition import folder, load
from budgetgen.edition.library import FOLDERS
from budgetgen.values.findings import UnusableInputError
from budgetgen.writing.document.base import BASE_DOCUMENT, base_of
from budgetgen.writing.document.template import render_template
from tests.commands import run

BASES = sorted(folder().glob(f"*/{BASE_DOCUMENT}"))
HEAD = """
extends = "{0}"
[edition]
id = "own-2027"
title = "本省单位预算公开（2027年）"
year = 2027
region = "本省"
"""


@pytest.fixture
def own(tmp_path, monkeypatch):
    """An edition of the user's own: its folder, and its base document opened as Word would."""
    home = tmp_path / "editions" / "own-2027"
    home.mkdir(parents=True)
    monkeypatch.setenv(FOLDERS, str(home.parent))

    def begin(extends="xinjiang-2026"):
        (home / "edition.toml").write_text(HEAD.format(extends), "utf-8")
        return home / BASE_DOCUMENT, Document(folder() / "common" / BASE_DOCUMENT)

    return begin


def drawn():
    return Document(io.BytesIO(render_template(load("own-2027"))))


def test_what_is_changed_in_the_base_document_is_what_the_template_looks_like(own):
    path, base = own()
    base.styles["Body Text"].font.name = "Arial"
    base.styles["小表文"].paragraph_format.alignment = 2
    base.tables[1].rows[1].height = Mm(9)
    base.sections[0].left_margin = Mm(40)
    base.sections[0].footer.paragraphs[0].add_run("（第一页）")
    base.core_properties.author = "某某"
    base.save(path)

    template = drawn()
    assert (template.core_properties.author, template.core_properties.last_modified_by) == ("", "")
    assert template.styles["Body Text"].font.name == "Arial"
    assert template.styles["小表文"].paragraph_format.alignment == 2
    long_table = template.tables[0]
    assert {round(row.height.mm) for row in long_table.rows} == {9}
    standing = {section.left_margin.mm for section in template.sections if section.page_width < Mm(250)}
    assert {round(margin) for margin in standing} == {40}
    widths = [int(column.get(qn("w:w"))) for column in long_table._tbl.tblGrid]
    assert abs(sum(widths) - (210 - 40 - 26) / 25.4 * 1440) < 2
    assert template.sections[0].footer.paragraphs[0].text.endswith("（第一页）")


@pytest.mark.parametrize("extends", ["shanghai-2025", "xinjiang-2024-accounts"])
def test_an_edition_without_one_has_that_of_the_edition_that_it_extends(own, extends):
    own(extends)
    assert base_of(load("own-2027")).package.parts == base_of(load(extends)).package.parts
    assert base_of(load(extends)).package.parts != base_of(load("xinjiang-2026")).package.parts


def test_a_larger_font_makes_columns_wider_that_hold_money(own):
    path, base = own()
    base.styles["小表数"].font.size = base.styles["小表数"].font.size * 2
    base.save(path)
    before = Document(io.BytesIO(render_template(load("xinjiang-2026"))))

    def amounts(document):
        table = next(t for t in document.tables if "{{ 表.收入总体.题名 }}" in t._tbl.tblPr.xml)
        return [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid][-11:]

    assert all(new >= old for new, old in zip(amounts(drawn()), amounts(before), strict=True))
    assert sum(amounts(drawn())) > sum(amounts(before))


def test_it_can_be_exported_and_is_not_written_over_another(own):
    path, _ = own()
    assert run("template", "--base", "--edition", "shanghai-2025", "-o", path)[0] == 0
    assert path.read_bytes() == (folder() / "shanghai-2025" / BASE_DOCUMENT).read_bytes()
    assert run("template", "--base", "-o", path)[0] != 0


def test_what_the_base_document_lacks_is_told_at_once(own):
    path, base = own()
    base.styles.element.remove(base.styles["表注"].element)
    base.styles.element.remove(base.styles["封面标题"].element)
    base.tables[1]._tbl.getparent().remove(base.tables[1]._tbl)
    base.save(path)
    with pytest.raises(UnusableInputError) as error:
        base_of(load("own-2027"))
    assert error.value.problem == "底稿里没有样式“封面标题”、样式“表注”、写着“长表”的表"
    code, told = run("edition", "check", path.parent)
    assert code != 0
    assert "底稿里没有样式“封面标题”" in told


def test_a_base_document_that_is_none_is_told(own):
    path, _ = own()
    path.write_text("字体：宋体")
    with pytest.raises(UnusableInputError, match="不是 Word 文档"):
        base_of(load("own-2027"))


@pytest.mark.office
def test_a_base_document_saved_by_another_program_serves(own, tmp_path, convert):
    path, base = own()
    source = tmp_path / "原来" / BASE_DOCUMENT
    source.parent.mkdir()
    base.save(source)
    (saved,) = convert("docx", tmp_path, source)
    path.write_bytes(saved.read_bytes())
    template, ours = drawn(), Document(io.BytesIO(render_template(load("xinjiang-2026"))))
    assert [p.style.name.lower() for p in template.paragraphs] == [
        p.style.name.lower() for p in ours.paragraphs
    ]
    assert [[cell.text for cell in t.rows[0].cells] for t in template.tables] == [
        [cell.text for cell in t.rows[0].cells] for t in ours.tables
    ]


@pytest.mark.parametrize("base", BASES, ids=lambda base: base.parent.name)
def test_it_names_nobody(base):
    with ZipFile(base) as archive:
        names = set(archive.namelist())
        core = archive.read("docProps/core.xml").decode()
    assert not {name for name in names if "app.xml" in name or "custom" in name or "comments" in name}
    assert re.sub(r"<\?.*?\?>|\s", "", core).endswith("/>")
