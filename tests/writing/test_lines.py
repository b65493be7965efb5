"""Lines that are too long for the page end where a person would end them."""

from __future__ import annotations

import pytest
from docx import Document

from budgetgen.edition import available, load
from budgetgen.edition.declarations.own_styles import CLOSING, COVER, PART
from budgetgen.writing.document.filled import FilledBody, text_of
from budgetgen.writing.document.fitting import ems
from budgetgen.writing.document.lines import LineRoom, narrow
from budgetgen.writing.document.lines import broken as broken_in
from budgetgen.writing.document.markup import qn
from budgetgen.writing.document.writer import default_template
from budgetgen.writing.package import OfficePackage
from tests.commands import run
from tests.conftest import SAMPLES
from tests.workbooks import opened

EDITION = load("xinjiang-2026")


def broken(line, style, edition=EDITION):
    room = LineRoom.of(OfficePackage.read(default_template(edition)))
    return broken_in(line, style, room, edition.layout)


@pytest.mark.parametrize(
    ("line", "lines"),
    [
        ("2026年乌鲁木齐市财政局", ["2026年乌鲁木齐市财政局"]),
        (
            "2026年新疆维吾尔自治区乌鲁木齐市沙依巴克区财政局",
            ["2026年新疆维吾尔自治区", "乌鲁木齐市沙依巴克区财政局"],
        ),
        (
            "2026年新疆维吾尔自治区伊犁哈萨克自治州察布查尔锡伯自治县市场监督管理局",
            ["2026年新疆维吾尔自治区", "伊犁哈萨克自治州", "察布查尔锡伯自治县市场监督管理局"],
        ),
        (
            "2026年乌鲁木齐高新技术产业开发区（新市区）城市管理局",
            ["2026年乌鲁木齐高新技术产业开发区", "（新市区）城市管理局"],
        ),
        ("某某中心" * 8, ["某某中心" * 8]),  # nowhere: it is left to wrap
    ],
)
def test_a_line_of_the_cover_ends_at_a_natural_place_or_is_left_to_wrap(line, lines):
    assert broken(line, COVER).split("\n") == lines


def test_the_closing_has_more_room_for_smaller_letters():
    line = "新疆维吾尔自治区乌鲁木齐市沙依巴克区财政局"
    assert broken(line, CLOSING) == line
    assert "\n" in broken(line, COVER)


@pytest.mark.parametrize("name", available())
def test_no_format_breaks_a_name_inside_the_office_that_it_names(name):
    edition = load(name)
    line = "2026年新疆维吾尔自治区乌鲁木齐市天山区市场监督管理局与民政局和区域发展局"
    assert all(
        word in broken(line, COVER, edition).replace("\n", "|")
        for word in ("市场监督管理局", "民政局", "区域发展局")
    )


def test_a_long_name_is_broken_in_the_document_and_the_document_is_still_its_workbook_s(tmp_path):
    workbook = opened(SAMPLES / "xinjiang-2026-unit.xlsx")
    name = "新疆维吾尔自治区乌鲁木齐市沙依巴克区科技信息服务中心"
    for sheet in workbook:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value == "乌鲁木齐科技信息服务中心":
                    cell.value = name
    workbook.save(tmp_path / "填报.xlsx")
    run("build", tmp_path / "填报.xlsx", "-o", tmp_path, "--draft")
    (path,) = tmp_path.glob("*.docx")
    (first, *_) = (p.text for p in Document(path).paragraphs if p.style.name == COVER)
    lines = first.split("\n")
    assert (len(lines), "".join(lines)) == (2, f"2026年{name}")
    path = path.rename(tmp_path / "公开.docx")
    _, told = run("verify", path, tmp_path / "填报.xlsx", "--all")
    assert not any(line in told for line in lines)  # nothing of the cover is said to differ
    code, _ = run("import", path, "-o", tmp_path / "读回.xlsx")
    facts = {row[0].value: row[1].value for row in opened(tmp_path / "读回.xlsx")["单位信息"].iter_rows()}
    assert (code, facts["单位名称"]) == (0, name)


@pytest.mark.parametrize(
    ("heading", "lines"),
    [
        ("第一部分　2026年单位概况", []),
        (
            "第一部分　2024年乌鲁木齐市科学技术局部门概况",
            ["第一部分　2024年乌鲁木齐市", "科学技术局部门概况"],
        ),
        (
            "第一部分　2026年新疆维吾尔自治区乌鲁木齐市教育局部门概况",
            ["第一部分　2026年新疆维吾尔自治区", "乌鲁木齐市教育局部门概况"],
        ),
        ("第一部分　" + "某某中心" * 8, []),  # nowhere: it is left to wrap
    ],
)
def test_a_heading_of_a_part_is_made_as_narrow_as_its_first_line_and_its_text_stays(heading, lines):
    package = OfficePackage.read(default_template(EDITION))
    body, room = FilledBody.of(package), LineRoom.of(package)
    (node, *_) = body.styled(PART)
    for text in list(node.iter(qn("w:t"))):
        text.text = ""
    next(node.iter(qn("w:t"))).text = heading
    narrow(body, room, EDITION.layout)
    assert text_of(node) == heading
    found = list(node.iter(qn("w:ind")))
    assert len(found) == bool(lines)
    if lines:
        free = sum(int(found[0].get(qn(f"w:{edge}Chars"))) for edge in ("left", "right")) / 100
        held = room.width / body.styles.size(body.styles.id_of(PART)) - free
        assert all(ems(line) < held for line in lines)
        assert ems(lines[0]) + 1 > held
