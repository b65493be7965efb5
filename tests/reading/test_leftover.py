"""What a published document says and the format has no place for stands in the next document too, where it stood."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from budgetgen.app.pipeline.inputs import examine
from budgetgen.book.derivation import derive
from budgetgen.checking.checks import check
from budgetgen.edition.loading import load
from budgetgen.reading.cells import Raw
from budgetgen.reading.document.blocks import BOX, HIDDEN, PICTURE, Grid, Text, blocks
from budgetgen.reading.document.reader import read_blocks
from budgetgen.reading.grid import read_grid
from budgetgen.saying.disclosure import compose
from budgetgen.saying.interleaving import Verse, interleaved, stations
from budgetgen.values.findings import Severity
from budgetgen.values.model import Paragraph, PrintedTable, Run
from budgetgen.values.places import DocumentPlace, SheetPlace
from budgetgen.writing.document.writer import render_document
from budgetgen.writing.workbook.writer import render_workbook
from tests.conftest import SAMPLES, some

WORDS = "另按程序安排备用资金12.34万元。"
"""A sentence that no format has."""
HEADING = re.compile(r"[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]+）")
"""The number of a heading."""
ITEMS = {"特定目标2410010U": "设施更新项目", "特定目标0510022L": "档案整理项目"}
"""The secret items of a sample, and ordinary ones in their place."""


def composed(book, edition):
    return compose(derive(book, edition), edition)


@pytest.fixture(scope="module", params=["xinjiang-2026", "shanghai-2024"])
def sample(request):
    """A format, and the paragraphs and tables of the document of its sample, without secret items."""
    edition = load(request.param)
    return edition, published(edition, open_sample(edition))


def open_sample(edition):
    """The sample of a format, its secret items made into ordinary ones."""
    text = (SAMPLES / f"{edition.edition.id}-unit.txt").read_text(encoding="utf-8")
    for secret, item in ITEMS.items():
        text = text.replace(secret, item)
    return text


def published(edition, text):
    """What a document holds; it is looked at by many and changed by none."""
    return _published(edition.edition.id, text)


@cache
def _published(name, text):
    edition = load(name)
    book, _ = read_grid(text, edition)
    return tuple(blocks(render_document(composed(book, edition), edition)))


def taken(found, edition):
    return read_blocks(Path("公开文本.docx"), found, edition.edition.id).book


def paragraphs(book, edition):
    """The texts of the document in order, each with what stands below tables."""
    for part in composed(book, edition).parts:
        yield part.heading
        for block in part.blocks:
            if isinstance(block, Paragraph):
                yield block.text
            elif isinstance(block, PrintedTable):
                yield from (block.title, *block.remarks)


def test_a_paragraph_that_no_format_has_stands_in_the_next_document_where_it_stood(sample):
    edition, found = sample
    plain = list(paragraphs(taken(found, edition), edition))
    texts = [block.text if isinstance(block, Text) else "" for block in found]
    said = [
        n for n, text in enumerate(texts) if len(text) > 12 and texts.count(text) == plain.count(text) == 1
    ]
    for n in some(said, 4):
        more = Text(WORDS, 9000)
        again = list(paragraphs(taken((*found[: n + 1], more, *found[n + 1 :]), edition), edition))
        at = plain.index(found[n].text)
        whole = [*plain[: at + 1], WORDS, *plain[at + 1 :]]
        if again != whole:  # it went on with a free text, or is one of a list of free texts
            assert "万元" not in found[n].text, [t for t in again if t not in plain]
            assert "".join(again).count(WORDS) == 1
            assert words(again) == words(plain)


def test_a_sentence_beside_the_units_is_no_unit(sample):
    edition, found = sample
    if edition.edition.id != "xinjiang-2026":
        return
    last = next(n for n, block in enumerate(found) if "无下属预算单位" in getattr(block, "text", ""))
    for said in ("本单位无内设机构。", "核定事业编制20名，实有18人。"):
        book = taken((*found[: last + 1], Text(said, 9000), *found[last + 1 :]), edition)
        rows = [(row.text("类别"), row.text("内容")) for row in book["职能与机构"].rows]
        assert ("机构补充说明", said) in rows
        assert "下属单位" not in {kind for kind, _ in rows}


def words(texts):
    """What texts say, without the words that were added and without numbers of items, in any order."""
    return sorted(
        filter(None, (re.sub(r"^(\d+[.、]|（.+?）)", "", text).replace(WORDS, "") for text in texts))
    )


def test_a_table_that_no_format_has_is_kept_line_by_line(sample):
    edition, found = sample
    cells = [["事项", "数量"], ["甲", "12"], ["乙", "34"]]
    lines = tuple(
        tuple(Raw(text, DocumentPlace(99, r, c)) for c, text in enumerate(line, start=1))
        for r, line in enumerate(cells, start=1)
    )
    at = next(
        n
        for n, b in enumerate(found)
        if (isinstance(b, Text) and b.text.startswith("名词解释")) or n == len(found) - 1
    )
    again = list(paragraphs(taken((*found[:at], Grid(lines, 99), *found[at:]), edition), edition))
    kept = [text for text in again if text in {"事项　数量", "甲　12", "乙　34"}]
    assert kept == ["事项　数量", "甲　12", "乙　34"]


def test_paragraphs_in_one_cell_with_their_heading_are_read(sample):
    edition, found = sample
    section = next(s.heading for s in edition.section if s.heading and "{" not in s.heading)
    at = next(
        n
        for n in reversed(range(len(found)))
        if isinstance(found[n], Text) and found[n].text.endswith(section)
    )
    cell = SheetPlace("情况说明", 3, 1)
    together = [
        replace(b, cell=cell) if at <= n < at + 3 and isinstance(b, Text) else b for n, b in enumerate(found)
    ]
    assert list(paragraphs(taken(together, edition), edition)) == list(
        paragraphs(taken(found, edition), edition)
    )


def test_a_line_below_a_table_is_printed_below_it(sample):
    edition, found = sample
    at = next(n for n, block in enumerate(found) if isinstance(block, Grid))
    book = taken((*found[: at + 1], Text(WORDS, 9000), *found[at + 1 :]), edition)
    tables = [
        block
        for part in composed(book, edition).parts
        for block in part.blocks
        if isinstance(block, PrintedTable)
    ]
    assert [table.remarks[-1:] for table in tables if WORDS in table.remarks] == [(WORDS,)]
    assert WORDS in tables[0].remarks


def test_what_was_kept_is_in_the_workbook_and_is_explained_where_it_has_figures(sample, tmp_path):
    edition, found = sample
    first = next(n for n, block in enumerate(found) if isinstance(block, Text) and "万元" in block.text)
    read = taken((*found[: first + 1], Text(WORDS, 9000), *found[first + 1 :]), edition)
    path = tmp_path / "填报表.xlsx"
    path.write_bytes(render_workbook(edition, derive(read, edition)))
    checked = examine(path)
    assert [f.message for f in checked.findings if f.rule == "paragraph-kept"] == [f"照原文印出：“{WORDS}”"]
    assert WORDS in paragraphs(checked.book, edition)


def kept(found, edition):
    """What a reading keeps of a document, and how its findings call what they tell of."""
    read = read_blocks(Path("公开文本.docx"), found, edition.edition.id)
    stored = edition.verbatim
    return [row.text(stored.text) for row in read.book[stored.table].rows], read.findings


def with_more(found, at, *texts, beside=""):
    more = (Text(text, 9000 + n, beside) for n, text in enumerate(texts, start=at * 10))
    return (*found[: at + 1], *more, *found[at + 1 :])


def said_at(found):
    """The last paragraph of the narrative that tells a sum, and the first table."""
    told = max(n for n, b in enumerate(found) if isinstance(b, Text) and re.search(r"\d万元.*。$", b.text))
    return told, next(n for n, block in enumerate(found) if isinstance(block, Grid))


def test_what_stands_beside_the_text_is_told_and_not_kept(sample):
    edition, found = sample
    sides = (BOX, PICTURE, HIDDEN, "页眉", "脚注")
    for side in sides:
        for at in said_at(found):
            found = with_more(found, at, WORDS, beside=side)
    texts, findings = kept(found, edition)
    assert texts == []
    told = [f for f in findings if f.rule in {"paragraph-unplaced", "text-hidden"}]
    assert [side for side in sides if any(side in str(s.place) for f in told for s in f.spots)] == list(sides)


def test_of_a_document_with_secret_items_nothing_is_kept():
    edition = load("xinjiang-2026")
    found = published(edition, (SAMPLES / "xinjiang-2026-unit.txt").read_text(encoding="utf-8"))
    _, table = said_at(found)
    told = next(n for n, b in enumerate(found) if isinstance(b, Text) and re.search(r"\d万元.*。$", b.text))
    secret = next(iter(ITEMS))
    cells = (Raw(text, DocumentPlace(99, 1, n)) for n, text in enumerate(("事项", secret), start=1))
    more = with_more(found, table, WORDS, f"{secret}（略）")
    more = with_more(more, told + 2, WORDS, f"{secret}用于甲地的设备。")
    texts, findings = kept((*more, Grid((tuple(cells),), 99)), edition)
    assert texts == []
    told = [spot for f in findings if f.message == f"没有读懂：{WORDS}" for spot in f.spots]
    assert len(told) == 2


def test_what_the_template_says_to_its_user_and_that_a_table_is_empty_is_not_kept(sample):
    edition, found = sample
    told, table = said_at(found)
    instructions = (
        "备注：无内容应公开空表并说明情况。",
        "备注:无内容应删除空表。",
        "（将名词解释全部保留。）",
    )
    empty = (
        "附列支出情况表为空表，上年12.00万元。",
        "说明：此表无数据。",
        "注：本单位不涉及此项内容，空表列示。",
    )
    more = with_more(found, told, *instructions, WORDS)
    more = with_more(more, table, *instructions, *empty, f"注：{WORDS}")
    texts, findings = kept(more, edition)
    assert sorted(texts) == [WORDS, f"注：{WORDS}"]
    unplaced = {f.message for f in findings if f.rule == "paragraph-unplaced"}
    assert unplaced == {f"没有读懂：{text}" for text in (*empty, f"注：{WORDS}", WORDS)}


def test_a_kept_paragraph_is_printed_where_it_says_or_is_told_to_be_nowhere(sample):
    edition, _ = sample
    places = stations(edition)
    wrong = ("其它", "《三公》", "收支总体", "《单位信息》", "")
    lines = [f" | {place} | | 原文{n}段。" for n, place in enumerate((*places, *wrong))]
    more = "\n".join(("", "原文段落 | 章节 | 接在 | 内容", *lines, ""))
    book, _ = read_grid(open_sample(edition) + more, edition)
    printed = "".join(paragraphs(book, edition))
    assert [n for n in range(len(lines)) if f"原文{n}段。" in printed] == list(range(len(places)))
    told = [f for f in check(derive(book, edition), edition) if f.rule == "paragraph-nowhere"]
    assert [(f.severity, f.spots[0].column, f.message) for f in told] == [
        (
            Severity.ERROR,
            edition.verbatim.section,
            f"公开文本里没有“{place}”，这一段印不出来：“原文{n}段。”；可以写：{'、'.join(places)}",
        )
        for n, place in enumerate(wrong[:-1], start=len(places))
    ]


@pytest.mark.parametrize(
    ("after", "placed"),
    [
        ("", ["原文", "甲收入预算1.00万元。", "乙支出预算2.00万元。"]),
        ("甲收入预算9.00万元", ["甲收入预算1.00万元。", "原文", "乙支出预算2.00万元。"]),
        ("没有这样的一段", ["甲收入预算1.00万元。", "乙支出预算2.00万元。", "原文"]),
    ],
)
def test_a_verse_stands_after_the_paragraph_that_it_followed(after, placed):
    said = [Paragraph("正文", (Run(text),)) for text in ("甲收入预算1.00万元。", "乙支出预算2.00万元。")]
    assert [block.text for block in interleaved(said, [Verse(after, "原文")])] == placed


def test_a_kept_paragraph_that_speaks_of_a_secret_item_is_sealed_where_it_stands(tmp_path):
    """What is left of its row says where it stood: nothing is told of a place that is none, and nothing printed."""
    edition = load("xinjiang-2026")
    secret, where = next(iter(ITEMS)), stations(edition)[-1]
    rows = f"\n原文段落 | 章节 | 接在 | 内容\n | {where} | | {secret}用于甲地。\n | {where} | | 另有一段。\n"
    book, _ = read_grid((SAMPLES / "xinjiang-2026-unit.txt").read_text(encoding="utf-8") + rows, edition)
    path = tmp_path / "填报表.xlsx"
    path.write_bytes(render_workbook(edition, derive(book, edition)))
    checked = examine(path)
    stored = edition.verbatim
    assert [row.text(stored.section) for row in checked.book[stored.table].rows] == [where, where]
    assert [f.message for f in checked.findings if f.rule == "paragraph-nowhere"] == []
    printed = list(paragraphs(checked.book, edition))
    assert ("甲地" in "".join(printed), printed.count("另有一段。"), printed.count("")) == (False, 1, 0)


@pytest.mark.parametrize("first", [True, False])
def test_of_the_lines_of_one_cell_only_those_that_speak_of_a_secret_item_are_sealed(first):
    edition = load("xinjiang-2026")
    found = published(edition, (SAMPLES / "xinjiang-2026-unit.txt").read_text(encoding="utf-8"))
    told, _ = said_at(found)
    lines = [f"{next(iter(ITEMS))}用于甲地的设备。", "这一句不涉密，照常读。"]
    cell = SheetPlace("情况说明", 3, 1)
    more = [Text(text, 9000 + n, cell=cell) for n, text in enumerate(lines if first else lines[::-1])]
    read = read_blocks(Path("公开文本.docx"), (*found[: told + 1], *more, *found[told + 1 :]))
    shown = "\n".join(text for _, text in read.paragraphs)
    assert ("甲地" in shown, shown.count(lines[1])) == (False, 1)


@pytest.mark.parametrize("cell", [SheetPlace("情况说明", 3, 1), None])
@pytest.mark.parametrize(
    "lines",
    [
        ["{}委托业务费2.00万元，主要用于：", "甲地设备审计。"],
        ["{}结转101.31万元", "，主要用于：甲地设备5.00万元，", "甲地维护5.00万元。"],
    ],
)
def test_what_goes_on_behind_a_sealed_line_is_sealed(lines, cell):
    edition = load("xinjiang-2026")
    found = published(edition, (SAMPLES / "xinjiang-2026-unit.txt").read_text(encoding="utf-8"))
    at = max(n for n, b in enumerate(found) if isinstance(b, Text) and next(iter(ITEMS)) in b.text)
    more = [Text(t.format(next(iter(ITEMS))), 9000 + n, cell=cell) for n, t in enumerate(lines)]
    read = read_blocks(Path("公开文本.docx"), (*found[: at + 1], *more, *found[at + 1 :]))
    told = "\n".join((*(text for _, text in read.paragraphs), *(f.message for f in read.findings)))
    assert "甲地" not in told


def test_a_heading_goes_on_with_no_sealed_line_that_lacks_its_stop():
    edition = load("xinjiang-2026")
    found = published(edition, (SAMPLES / "xinjiang-2026-unit.txt").read_text(encoding="utf-8"))
    last = max(n for n, b in enumerate(found) if isinstance(b, Text) and next(iter(ITEMS)) in b.text)
    sealed = Text(f"{next(iter(ITEMS))}委托业务费2.00万元，主要用于审计", 9000)
    heads = [n for n, b in enumerate(found) if isinstance(b, Text) and HEADING.match(b.text) and n > last]
    plain = [text for _, text in read_blocks(Path("公开文本.docx"), found).paragraphs]
    assert len(heads) > 5
    for at in some(heads, 6):
        read = read_blocks(Path("公开文本.docx"), (*found[:at], sealed, *found[at:]))
        shown = [text for _, text in read.paragraphs]
        assert ([text for text in shown if text in plain], "审计" in "".join(shown)) == (
            plain,
            "审计" in "".join(plain),
        )


@pytest.mark.parametrize(
    ("repeats", "kept"),
    [
        ("另行开展甲地设备安全性审计，六月完成。", False),
        ("本单位的经费全部列入了本年预算，另行开展设备更新。", True),
    ],
)
def test_what_repeats_the_words_of_a_sealed_line_is_sealed_wherever_it_stands(repeats, kept):
    edition = load("xinjiang-2026")
    found = published(edition, (SAMPLES / "xinjiang-2026-unit.txt").read_text(encoding="utf-8"))
    at = max(n for n, b in enumerate(found) if isinstance(b, Text) and next(iter(ITEMS)) in b.text)
    sealed = Text(f"{next(iter(ITEMS))}委托业务费2.00万元，用于甲地设备安全性审计。", 9000)
    own, before = Text(repeats, 9001), at - 3
    read = read_blocks(
        Path("公开文本.docx"), (*found[:before], own, *found[before : at + 1], sealed, *found[at + 1 :])
    )
    told = "\n".join((*(text for _, text in read.paragraphs), *(f.message for f in read.findings)))
    assert (repeats[:8] in told, "甲地" in told) == (kept, False)


@pytest.mark.parametrize(
    "act",
    [
        "乌鲁木齐市人民政府办公厅关于印发科技创新若干措施的通知（乌政办〔2025〕10号）",
        "《自治区科技成果转化奖励资金管理暂行办法》（新科规〔2020〕12号）",
        "“促进科技成果转化的若干规定”",
    ],
)
@pytest.mark.parametrize(
    ("own", "kept"),
    [("根据{}，自2026年起承担奖励的评审。", True), ("根据{}，另行开展甲地设备安全性审计。", False)],
)
def test_what_cites_the_act_that_a_sealed_line_cites_is_no_repetition_of_it(act, own, kept):
    edition = load("xinjiang-2026")
    found = published(edition, (SAMPLES / "xinjiang-2026-unit.txt").read_text(encoding="utf-8"))
    at = max(n for n, b in enumerate(found) if isinstance(b, Text) and next(iter(ITEMS)) in b.text)
    sealed = Text(f"{next(iter(ITEMS))}依据{act}实施，用于甲地设备安全性审计。", 9000)
    open_one = Text(own.format(act), 9001)
    read = read_blocks(
        Path("公开文本.docx"), (*found[: at - 3], open_one, *found[at - 3 : at + 1], sealed, *found[at + 1 :])
    )
    told = "\n".join((*(text for _, text in read.paragraphs), *(f.message for f in read.findings)))
    assert (open_one.text in told, "甲地" in told) == (kept, False)
