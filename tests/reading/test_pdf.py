"""PDFs: what of a page is text, table and furniture, and which files are refused."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from budgetgen.edition import load
from budgetgen.reading.document import pdf as package
from budgetgen.reading.document.blocks import Grid, Text, blocks
from budgetgen.reading.document.manuscript import Passage
from budgetgen.reading.document.pdf import pdf_blocks
from budgetgen.reading.document.pdf.extraction import Extraction
from budgetgen.reading.document.pdf.flow import blocks_of
from budgetgen.reading.document.pdf.furniture import OF_TABLE
from budgetgen.reading.document.pdf.marks import BareError, Box, DamagedError, ScannedError, TooManyError
from budgetgen.reading.document.pdf.reader import read as read_pdf
from budgetgen.reading.document.published import published_manuscript
from budgetgen.reading.guard import confined
from budgetgen.values.findings import UnusableInputError
from budgetgen.values.places import told_place
from budgetgen.values.text import fold
from tests.commands import run
from tests.conftest import FULL, PUBLISHED, SAMPLES
from tests.printings import LAYOUTS, TURNS, laid_out, turned
from tests.reading.pages import ENDLESS, HIGH, LEFT, paged, pdf, rules, sheet, signs, stream, table
from tests.variants import outcome
from tests.workbooks import cells

FULL_LINE = "一" * 48
"""As wide as the text is, from the left margin to the right one."""


def read(*sheets):
    return list(blocks_of(sheets, lambda: None))


def texts(*sheets):
    return [(block.beside, block.text) for block in read(*sheets) if isinstance(block, Text)]


def grids(*sheets):
    found = [block for block in read(*sheets) if isinstance(block, Grid)]
    return [[[raw.value or "" for raw in line] for line in grid.lines] for grid in found]


def column(*said, left=LEFT, top=100.0, step=16.0):
    """Lines below each other; each may be moved in."""
    return [
        signs(text.lstrip(" "), left + 10 * (len(text) - len(text.lstrip(" "))), top + step * n)
        for n, text in enumerate(said)
    ]


# --- paragraphs ---------------------------------------------------------------------------------------------


def test_a_paragraph_ends_with_a_short_line_an_indentation_a_gap_a_number_or_another_size():
    page = sheet(
        1,
        [
            *column("  " + FULL_LINE[:46], FULL_LINE, "短。", "  " + FULL_LINE[:46], "  第二段。"),
            *column(FULL_LINE, "二、标题", top=200),
            *column(FULL_LINE, top=240),
            *column("隔开的一段", top=280),
            signs(FULL_LINE[:40], LEFT, 320, 12),
            signs("小字", LEFT, 336, 10),
        ],
    )
    assert [text for _, text in texts(page)] == [
        FULL_LINE[:46] + FULL_LINE + "短。",
        FULL_LINE[:46],
        "第二段。",
        FULL_LINE,
        "二、标题",
        FULL_LINE,
        "隔开的一段",
        FULL_LINE[:40],
        "小字",
    ]


def test_a_line_is_full_where_the_number_that_follows_had_no_room():
    page = sheet(
        1,
        column(FULL_LINE, "支出" * 22, "12,345.67万元。", FULL_LINE, "年" * 30, "12,345.67万元。", FULL_LINE),
    )
    assert [text for _, text in texts(page)] == [
        FULL_LINE + "支出" * 22 + "12,345.67万元。",
        FULL_LINE + "年" * 30,
        "12,345.67万元。",
        FULL_LINE,
    ]


def test_a_paragraph_goes_on_over_the_end_of_a_page():
    first, second = sheet(1, column(*[FULL_LINE] * 3)), sheet(2, column("续完。", *[FULL_LINE] * 3))
    assert texts(first, second)[0] == ("", FULL_LINE * 3 + "续完。")


def test_entries_of_the_contents_stand_alone_without_leaders_and_pages():
    entries = ["一、主要职能" + "." * 80 + "3", "二、机构设置" + "…" * 38 + "12", "三、名词解释"]
    assert texts(sheet(1, column(*entries))) == [
        ("", "一、主要职能"),
        ("", "二、机构设置"),
        ("", "三、名词解释"),
    ]


def test_an_entry_of_the_contents_that_takes_two_lines_is_one():
    wide = "四、" + FULL_LINE[2:]
    entries = [
        wide,
        "总体说明" + "." * 80 + "16",
        wide,
        "." * 86 + "17",
        "五、短" + "." * 84 + "17",
        FULL_LINE,
    ]
    assert [text for _, text in texts(sheet(1, column(*entries)))] == [
        wide + "总体说明",
        wide,
        "五、短",
        FULL_LINE,
    ]


def test_entries_of_the_contents_are_known_from_the_headings_that_they_name():
    page = sheet(1, column("一、主要职能" + "." * 80 + "3", "一、主要职能"))
    found = [block for block in blocks_of((page,), lambda: None) if isinstance(block, Text)]
    assert [(text.text, text.led) for text in found] == [("一、主要职能", True), ("一、主要职能", False)]


def test_a_paragraph_knows_where_its_lines_end():
    page = sheet(1, column(FULL_LINE, "续完。", *[FULL_LINE] * 2))
    assert [b.breaks for b in read(page) if isinstance(b, Text)] == [(48,), (48,)]


# --- heads and feet -----------------------------------------------------------------------------------------


def test_heads_feet_and_page_numbers_are_no_text():
    pages = [
        sheet(
            n,
            [
                signs("某某中心预算公开", LEFT, 20),
                *column(f"第{'甲乙丙丁'[n - 1]}页的文字"),
                signs(f"- {n} -", 300, HIGH - 30),
            ],
        )
        for n in range(1, 5)
    ]
    assert texts(*pages) == [
        ("", "第甲页的文字"),
        ("", "第乙页的文字"),
        ("", "第丙页的文字"),
        ("", "第丁页的文字"),
        ("页眉", "某某中心预算公开"),
    ]


def test_what_heads_the_pages_heads_a_single_one_of_another_size_too():
    pages = [
        sheet(n, [signs("某某中心预算公开", LEFT, 20), *column(f"第{'甲乙丙丁'[n - 1]}页的文字")])
        for n in range(1, 5)
    ]
    wide = replace(pages[-1], width=1000.0, height=600.0)
    assert texts(*pages[:3], wide) == [
        ("", "第甲页的文字"),
        ("", "第乙页的文字"),
        ("", "第丙页的文字"),
        ("", "第丁页的文字"),
        ("页眉", "某某中心预算公开"),
    ]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (("科目编码", "科目名称", "合计", "基本支出", "项目支出"), True),
        (("1,234.50", "12.00"), True),
        (("合", "计", "某", "某", "局"), False),
        (("某某中心", "预算公开", "2026年"), False),
    ],
)
def test_the_header_of_a_table_without_rules_is_text_on_each_page_that_it_goes_on_over(said, told):
    """At the same height on all pages of one size, with nothing else there."""
    head, row = apart(said, 60), apart(("208", "住房改革", "12.00"), 400)
    pages = [sheet(n, [head, *column(f"第{'甲乙丙丁'[n - 1]}页的文字"), row]) for n in range(1, 5)]
    assert headed(said, pages) == ([""] * 4 if told else ["页眉"])


@pytest.mark.parametrize("tabled", [0, 1, 4])
def test_what_heads_pages_without_a_table_too_is_no_header_of_one(tabled):
    """However many of its words tab stops set apart: 天山区 部门预算 公开文本 2026年."""
    said, row = ("天山区", "部门预算", "公开文本", "2026年"), apart(("208", "住房改革", "12.00"), 400)
    pages = [
        sheet(
            n, [apart(said, 60), *column(f"第{'甲乙丙丁戊己庚'[n]}页的文字"), *([row] if n < tabled else ())]
        )
        for n in range(7)
    ]
    assert headed(said, pages) == ["页眉"]


def apart(words, top):
    """Words in columns."""
    return [sign for n, word in enumerate(words) for sign in signs(word, LEFT + 90 * n, top)]


def headed(said, pages):
    """Where some words were found."""
    return [where for where, text in texts(*pages) if said[0] in text and said[-1] in text]


@pytest.mark.parametrize("apart", ["", " "], ids=["joined", "apart"])
def test_the_number_of_a_table_at_the_head_of_its_page_is_text(edition, apart):
    """It counts on from page to page as the number of a page does, in whatever form an edition numbers its tables."""
    form = edition.typography.table_number or "附表{号}"
    told = [form.replace("{号}", str(table.ordinal)) for table in edition.printed]
    heads = [apart.join("".join(one.split())) for one in told]
    pages = [
        sheet(n, [signs(head, LEFT, 60), *column("表里的文字", top=200)])
        for n, head in enumerate(heads, start=1)
    ]
    assert [(beside, "".join(text.split())) for beside, text in texts(*pages)] == [
        ("", text) for one in told for text in ("".join(one.split()), "表里的文字")
    ]


def test_the_foot_of_a_low_page_reaches_as_far_up_as_that_of_a_high_one():
    pages = [
        replace(
            sheet(n, [*column(f"第{'甲乙丙'[n - 1]}页的文字"), signs(f"— {n} —", 300, 300)]), height=380.0
        )
        for n in (1, 2, 3)
    ]
    assert texts(*pages) == [("", "第甲页的文字"), ("", "第乙页的文字"), ("", "第丙页的文字")]


def test_a_title_that_is_repeated_where_other_pages_have_text_is_no_head():
    titled = [sheet(n, column("项目支出绩效目标表", f"{n}号", top=60)) for n in (1, 2, 3)]
    plain = sheet(4, column("别的文字", "四", top=60))
    assert [text for beside, text in texts(*titled, plain) if not beside].count("项目支出绩效目标表") == 3


# --- tables -------------------------------------------------------------------------------------------------

COLUMNS = (60, 160, 240, 360)
HEAD = ("科目代码", "科目名称", "合计")


def test_a_table_that_goes_on_is_one_without_its_repeated_header_and_its_torn_row_is_whole():
    first = table(
        1,
        700,
        COLUMNS,
        [HEAD, ("205", "教育支出", "1.00"), ("20506", "机关事业单位基\n本养老保险缴", "2.00")],
    )
    second = table(2, 60, COLUMNS, [HEAD, ("", "费支出", ""), ("206", "科学技术支出", "3.00")])
    assert grids(first, second) == [
        [
            [*HEAD],
            ["205", "教育支出", "1.00"],
            ["20506", "机关事业单位基本养老保险缴费支出", "2.00"],
            ["206", "科学技术支出", "3.00"],
        ]
    ]


@pytest.mark.parametrize(
    ("above", "below", "whole"),
    [
        (
            ("机关事业单位基\n本养老保险缴", "1,234,5\n67,8.", "2.00"),
            ("费", "90", ""),
            ("1,234,567,8.90", "2.00"),
        ),
        (("机关事业单位基\n本养老保险缴", "１２．", "2.00"), ("费", "３４", ""), ("１２．３４", "2.00")),
        (("机关事业单位基\n本养老保险缴", "1,234", "2.00"), ("费", ",567.00", ""), ("1,234,567.00", "2.00")),
        (("机关事业单位基\n本养老保险缴", "１．２", "2.00"), ("费", "３", ""), ("１．２３", "2.00")),
    ],
    ids=["point", "full-width", "thousands", "decimals"],
)
def test_a_figure_that_the_end_of_a_page_cuts_is_one(above, below, whole):
    columns, head = (60, 160, 240, 280, 360), ("科目代码", "科目名称", "合计", "其中")
    first = table(1, 700, columns, [head, ("20506", *above)])
    second = table(2, 60, columns, [("", *below), ("206", "科学技术支出", "3.00", "")])
    assert grids(first, second) == [
        [[*head], ["20506", "机关事业单位基本养老保险缴费", *whole], ["206", "科学技术支出", "3.00", ""]]
    ]


def test_a_line_that_is_set_in_has_less_room_so_that_it_goes_on():
    first = table(
        1,
        700,
        COLUMNS,
        [HEAD, ("205", "\u3000\u3000教育支出及\n其他", "1.00"), ("20506", "\u3000\u3000事业单位基", "2.00")],
    )
    second = table(2, 60, COLUMNS, [HEAD, ("", "本养老保险", ""), ("206", "\u3000\u3000特定目标", "3.00")])
    third = table(3, 60, COLUMNS, [("", "0510022L", "")])
    assert grids(first, second, third) == [
        [
            [*HEAD],
            ["205", "教育支出及其他", "1.00"],
            ["20506", "事业单位基本养老保险", "2.00"],
            ["206", "特定目标0510022L", "3.00"],
        ]
    ]


def test_a_centred_line_is_not_set_in():
    first = table(1, 700, COLUMNS, [HEAD, ("205", "\u3000教育支出\n教育支出小计", "1.00")])
    assert grids(first) == [[[*HEAD], ["205", "教育支出\n教育支出小计", "1.00"]]]


def test_a_rest_may_begin_with_a_year():
    first = table(1, 700, COLUMNS, [HEAD, ("20506", "依据某某区某\n局关于印发", "2.00")])
    second = table(2, 60, COLUMNS, [HEAD, ("", "2025 年要点", "")])
    assert grids(first, second) == [[[*HEAD], ["20506", "依据某某区某局关于印发2025年要点", "2.00"]]]


@pytest.mark.parametrize(
    "row",
    [("", "其中：公用", ""), ("", "202外交支出", ""), ("207", "其他", ""), ("", "其他", "3.00")],
    ids=["of-which", "code", "key", "figure"],
)
def test_a_row_of_its_own_at_the_head_of_a_page_is_not_taken_for_a_rest(row):
    first = table(1, 700, COLUMNS, [HEAD, ("20506", "机关事业单位基\n本养老保险缴费", "2.00")])
    second = table(2, 60, COLUMNS, [HEAD, row])
    assert grids(first, second) == [[[*HEAD], ["20506", "机关事业单位基本养老保险缴费", "2.00"], [*row]]]


def test_tables_with_text_between_them_or_other_columns_are_two():
    first = table(1, 700, COLUMNS, [HEAD, ("205", "教育支出", "1.00")])
    titled = table(2, 100, COLUMNS, [HEAD, ("206", "科技", "1.00")], above=column("另一张表", top=60))
    other = table(3, 60, (60, 100, 200, 360), [HEAD, ("207", "文化", "1.00")])
    assert [len(grid) for grid in grids(first, titled, other)] == [2, 2, 2]


def test_a_header_is_whole_whose_cell_over_two_rows_the_end_of_a_page_cuts():
    upright = [Box(x, 700, x, 740) for x in (60, 160, 360)] + [Box(110, 720, 110, 740)]
    level = [*(Box(60, y, 360, y) for y in (700, 740)), Box(60, 720, 160, 720)]
    said = [signs("科目", 63, 703), signs("类", 63, 723), signs("款", 113, 723)]
    said += [signs("资本性支出这一项按照基本建设来说的那种支", 163, 703)]
    first = sheet(1, said, [*upright, *level])
    below = [signs("出", 163, 63), signs("201", 63, 83), signs("01", 113, 83), signs("1.00", 163, 83)]
    second = sheet(2, below, rules((60, 110, 160, 360), (60, 80, 100)))
    assert grids(first, second) == [
        [["科目", "", "资本性支出这一项按照基本建设来说的那种支出"], ["类", "款", ""], ["201", "01", "1.00"]]
    ]


def test_merged_cells_stand_in_their_first_place_and_are_one_place():
    levels = (100, 120, 140, 160)
    ruled = [
        box for box in rules(COLUMNS, levels) if not (box.x0 == box.x1 == 240 or box.top == box.bottom == 120)
    ]
    ruled += [Box(240, 120, 240, 160), Box(160, 120, 360, 120)]
    said = [
        signs(text, x, y)
        for text, x, y in [("科目", 63, 103), ("预算", 163, 103), ("合计", 163, 123), ("其中", 243, 123)]
    ]
    (grid,) = read(sheet(3, said, ruled))
    assert [[raw.value for raw in line] for line in grid.lines[:2]] == [
        ["科目", "预算", None],
        [None, "合计", "其中"],
    ]
    assert [told_place(raw.place) for raw in grid.lines[0]] == [
        "PDF第3页第1个表第1行第1列",
        "PDF第3页第1个表第1行第2列",
        "PDF第3页第1个表第1行第2列",
    ]


def test_a_table_without_rules_at_its_sides_has_its_outer_columns():
    ruled = [box for box in rules(COLUMNS, (100, 120, 140)) if box.x0 == 60 != box.x1 or 60 < box.x0 < 360]
    said = [
        signs(t, x + 3, y)
        for y, row in ((103, HEAD), (123, ("205", "教育", "1.00")))
        for x, t in zip(COLUMNS, row, strict=False)
    ]
    assert grids(sheet(1, said, ruled)) == [[[*HEAD], ["205", "教育", "1.00"]]]


def test_a_frame_around_a_text_is_no_table():
    framed = rules((60, 360), (95, 115, 135))
    assert texts(sheet(1, column("框里的话。", "又一句。", top=100, step=20), framed)) == [
        ("", "框里的话。"),
        ("", "又一句。"),
    ]


# --- what is seen -------------------------------------------------------------------------------------------

FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
SHOWN = b"<</Font<</F 5 0 R>>>>"


def extracted(content, *others, resources=SHOWN):
    extraction = Extraction(paged(content, FONT, *others, resources=resources))
    (page,) = extraction.pages(1)
    return extraction.sheet(1, page, 1000)


def test_text_that_nobody_sees_is_hidden_and_a_slanted_one_a_watermark():
    found = extracted(
        b"BT /F 12 Tf 100 700 Td (seen) Tj 3 Tr (unseen) Tj 0 Tr 1 g 0 -50 Td (white) Tj 0 g 0 -900 Td (below) Tj ET "
        b"BT /F 30 Tf 0.7 0.7 -0.7 0.7 100 100 Tm (draft) Tj ET"
    )
    assert "".join(sign.text for sign in found.signs) == "seen"
    assert (found.hidden, found.slanted) == ("unseenwhitebelow", "draft")


def test_white_text_on_a_dark_ground_is_seen():
    found = extracted(b"0 0 1 rg 90 640 200 30 re f 1 g BT /F 12 Tf 100 650 Td (white) Tj ET")
    assert "".join(sign.text for sign in found.signs) == "white"


def test_a_page_whose_text_stands_upright_is_turned():
    found = extracted(b"BT /F 12 Tf 0 1 -1 0 100 100 Tm (turned) Tj ET 90 50 20 300 re S")
    assert (found.width, found.height) == (800, 600)
    assert "".join(sign.text for sign in sorted(found.signs, key=lambda s: s.box.x0)) == "turned"
    assert {(round(rule.width), round(rule.height)) for rule in found.rules} == {(300, 0), (0, 20)}


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_page_is_what_is_shown_of_it_however_it_is_turned(turn):
    said = b"BT /F 12 Tf 100 700 Td (shown) Tj ET BT /F 12 Tf 100 20 Td (cut) Tj ET 100 690 80 20 re S"
    told = paged(said, FONT, resources=SHOWN)
    boxes = b"/CropBox[50 100 550 750]/Rotate %d/MediaBox[0 0 600 800]" % turn
    extraction = Extraction(told.replace(b"/MediaBox[0 0 600 800]", boxes))
    (page,) = extraction.pages(1)
    found = extraction.sheet(1, page, 1000)
    ((first, *_), rule) = found.signs, min(found.rules, key=lambda rule: (rule.top, -rule.width))
    assert ("".join(sign.text for sign in found.signs), found.hidden) == ("shown", "cut")
    assert (found.width, found.height, first.size) == (500, 650, pytest.approx(first.box.height, abs=0.1))
    assert (round(first.box.x0), round(rule.x0), round(rule.top)) == (50, 50, 40)


def test_a_sign_that_is_printed_twice_to_look_bold_is_one():
    found = extracted(b"BT /F 12 Tf 100 700 Td (11) Tj ET BT /F 12 Tf 100.3 700 Td (11) Tj ET")
    assert [sign.text for sign in found.signs] == ["1", "1"]


def test_a_ground_in_colour_has_no_sides_and_a_white_one_has():
    found = extracted(b"0.9 g 100 100 300 20 re f 1 g 100 60 300 20 re f 0.9 g 100 50 300 1 re f")
    assert sorted({round(rule.top) for rule in found.rules if rule.width == 300}) == [720, 740, 750]


def test_dots_in_a_row_are_a_rule():
    dots = b" ".join(b"%d 500 0.75 0.75 re f" % x for x in range(100, 200, 2))
    assert [(round(r.x0), round(r.x1)) for r in extracted(dots).rules if r.width > 90] == [(100, 199)] * 2


# --- what is refused ----------------------------------------------------------------------------------------

IMAGE = stream(
    b"\0" * 100, b"/Type/XObject/Subtype/Image/Width 10/Height 10/ColorSpace/DeviceGray/BitsPerComponent 8"
)
SCAN = paged(b"600 0 0 800 0 0 cm /I Do", IMAGE, resources=b"<</XObject<</I 5 0 R>>>>")
RECOGNISED = paged(
    b"q 600 0 0 800 0 0 cm /I Do Q BT 3 Tr /F 12 Tf 100 700 Td (recognised) Tj ET",
    IMAGE,
    FONT,
    resources=b"<</XObject<</I 5 0 R>>/Font<</F 6 0 R>>>>",
)
REFUSED = {
    "recognised": (RECOGNISED, ScannedError),
    "blank": (paged(b"0 0 m"), BareError),
    "no-pages": (pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R]/Count 1>>"), BareError),
    "damaged": (b"%PDF-1.7\nnothing", DamagedError),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_pdf_that_cannot_be_relied_on_is_refused(name):
    data, error = REFUSED[name]
    with pytest.raises(error):
        read_pdf(data, lambda: None)


def test_a_page_with_too_much_on_it_is_refused():
    extraction = Extraction(paged(b"1 1 5 5 re f " * 101))
    (page,) = extraction.pages(1)
    with pytest.raises(TooManyError):
        extraction.sheet(1, page, 100)
    with pytest.raises(TooManyError):
        extraction.pages(0)


TOLD = {
    "scan": (lambda: SCAN, "是扫描件：只有图片，没有文字（图片里识别出来的文字靠不住，不读）"),
    "endless": (lambda: ENDLESS, "读这个 PDF 用的时间或内存太多，没有读完"),
    "bomb": (
        lambda: paged(b" " * (300 << 20)),
        "文件展开后太大（全部超过 256 MB，或其中一部分超过 128 MB），不像是公开文本",
    ),
    "no-pdf": ((SAMPLES / "xinjiang-2026-unit.xlsx").read_bytes, "这不是 PDF 文件"),
}


@pytest.mark.parametrize("name", TOLD)
def test_a_refusal_says_what_to_do_and_comes_in_time(name, tmp_path, monkeypatch):
    monkeypatch.setattr(confined, "BEAT", 8.0 if name == "endless" else confined.BEAT)
    made, said = TOLD[name]
    path = tmp_path / "a.pdf"
    path.write_bytes(made())
    with pytest.raises(UnusableInputError) as refused:
        pdf_blocks(path)
    assert refused.value.problem == said
    assert refused.value.fix


def test_without_its_library_the_way_out_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(package.reader, "find_spec", lambda name: None)
    path = tmp_path / "a.pdf"
    path.write_bytes(SCAN)
    code, said = run("check", path)
    assert (code, said) == (
        2,
        f"\n{path}：读 PDF 要用的组件没有安装。\n  请：执行 pip install “budgetgen[pdf]”；或换成 Word 文档。\n",
    )


# --- printed documents --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def printed(tmp_path_factory, convert):
    """Documents and the same printed to PDF: that of the sample, and with FULL=1 the published ones."""
    folder = tmp_path_factory.mktemp("printed")
    assert run("build", SAMPLES / "xinjiang-2026-unit.xlsx", "-o", folder)[0] == 0
    (built,) = folder.glob("*.docx")
    files = [built, *(sorted(PUBLISHED.glob("*.docx")) if FULL else ())]
    return dict(zip(files, convert("pdf", folder, *files), strict=True))


@pytest.mark.office
def test_a_printed_document_is_read_as_the_document_itself(printed):
    from budgetgen.app.pipeline.inputs import examine

    for document, page in printed.items():
        own, other = examine(document), examine(page)
        assert cells(other.book) == cells(own.book)
        errors = [
            [(f.rule, f.message) for f in one.findings if f.severity == "error"] for one in (own, other)
        ]
        assert errors[1] == errors[0]


LAID = ("inner", "torn", "grouped", "headings", "mono", "level", "headed", "striped")
"""Layouts, among them such with few rules and with none."""
TURNED = ("turned_90", "shown_270", "moved_turned")


@pytest.fixture(scope="module")
def variants(tmp_path_factory, convert):
    """What a document of whole 元 says, and the same in other layouts, printed; and its pages turned."""
    folder = tmp_path_factory.mktemp("laid")
    assert run("build", SAMPLES / "shanghai-2024-unit.xlsx", "-o", folder)[0] == 0
    (built,) = folder.glob("*.docx")
    files = [folder / f"{name}.docx" for name in ("plain", *LAID)]
    for file in files:
        file.write_bytes(laid_out(built.read_bytes(), LAYOUTS[file.stem]))
    printed = {file.stem: file.read_bytes() for file in convert("pdf", folder, *files)}
    own = outcome(built, tuple(blocks(built.read_bytes())))
    return built, own, printed | {name: turned(printed["plain"], TURNS[name]) for name in TURNED}


@pytest.mark.office
@pytest.mark.parametrize("name", ["plain", *LAID, *TURNED])
def test_in_another_layout_a_document_is_read_as_it_is(variants, name):
    built, own, found = variants
    other = outcome(built, read_pdf(found[name], lambda: None))
    assert other.faults(own, ()) == {}


@pytest.mark.office
def test_findings_name_the_page_and_no_annotated_copy_is_made_of_a_pdf(printed, tmp_path):
    page = next(iter(printed.values()))
    before = page.read_bytes()
    code, said = run("check", page, "--all", "--annotate", tmp_path)
    assert code == 2
    assert "公开.pdf!PDF第" in said
    assert f"{page}：批注写不进 PDF 和网页。\n  请：换成 Word 文档" in said
    assert (page.read_bytes(), list(tmp_path.iterdir())) == (before, [])


@pytest.mark.office
def test_a_printed_document_is_verified_against_its_workbook(printed):
    document, page = next(iter(printed.items()))
    found, own = (published_manuscript(one, load("xinjiang-2026")) for one in (page, document))
    rows = [
        [[fold(cell).form for cell in passage.cells] for passage in one.passages if passage.table]
        for one in (found, own)
    ]
    assert rows[0] == rows[1]
    assert Passage(("第四部分名词解释",), 1).text in {passage.text for passage in found.passages}


def test_numbers_of_paragraphs_begin_anew_on_each_page():
    page = read(sheet(1, column("甲。", "乙。", step=40)), sheet(2, column("丙。")))
    assert [told_place(block.place) for block in page] == ["PDF第1页第1段", "PDF第1页第2段", "PDF第2页第1段"]
    assert all(told_place(one.place) != told_place(other.place) for one, other in pairwise(page))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("表2", True),
        ("公开表3", True),
        ("公开04表", True),
        ("财决公开01表", True),
        ("公开四表", True),
        ("附表1-1", True),
        ("公开部门", False),
        ("第4页", False),
        ("2024年部门预算表", False),
        ("部门预算公开表", False),
    ],
)
def test_the_number_of_a_table_at_the_head_of_its_page_is_no_furniture(line, told):
    """It counts on from page to page at one height, as page numbers do."""
    assert (OF_TABLE.fullmatch(line) is not None) is told
