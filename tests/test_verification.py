"""A document is proved against its workbook: every hand edit is found and named, restyling raises nothing."""

from __future__ import annotations

import io
import json
import random
import re
import zipfile
from collections import Counter
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from lxml import etree

from budgetgen.app.cli import program
from budgetgen.app.pipeline.build import build
from budgetgen.app.pipeline.unit_files import Sources, read_files
from budgetgen.app.pipeline.verify import prove
from budgetgen.book.derivation import derive
from budgetgen.edition import available, load
from budgetgen.localisation import search
from budgetgen.reading.document.manuscript import manuscript
from budgetgen.reading.grid import read_grid
from budgetgen.saying.disclosure import compose
from budgetgen.values.sides import sides_of
from budgetgen.verification import verify
from budgetgen.verification.texts import differences
from budgetgen.writing.document.writer import render_document
from tests.conftest import PUBLISHED, SAMPLES, some
from tests.workbooks import derived_of, opened

SOURCE = SAMPLES / "xinjiang-2026-unit.txt"
BODY = "word/document.xml"
NUMBER = re.compile(r"\d(?:[\d.,]*\d)?")
EDITS, BATCH = 200, 20
DELETIONS, FEW = 40, 5


class Case:
    """A disclosure, and its document."""

    def __init__(self, book, edition, *, draft=False):
        self.edition = edition
        self.book = book
        self.disclosure = compose(self.book, edition, draft=draft)
        self.data = render_document(self.disclosure, edition)
        self.wanted = manuscript(self.data)

    def verify(self, data):
        return verify(self.disclosure, self.book, self.edition, self.wanted, manuscript(data))

    def told(self, data):
        return [(finding.rule, finding.message) for finding in self.verify(data).findings]


def of_grid(text, edition):
    """The case of a text grid."""
    return Case(derive(read_grid(text, edition)[0], edition), edition)


@pytest.fixture(scope="module")
def case():
    """The sample's document."""
    return of_grid(SOURCE.read_text(encoding="utf-8"), load("xinjiang-2026"))


def edited(data, *edits):
    """A document after edits of its parts: functions of the body, or (part, bytes)."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for edit in edits:
        if isinstance(edit, tuple):
            parts[edit[0]] = edit[1]
        else:
            root = etree.fromstring(parts[BODY])
            edit(root)
            parts[BODY] = etree.tostring(root)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def texts(root):
    return list(root.iter(qn("w:t")))


def paragraph(root, begins, number=-1):
    """The last paragraph that begins so: the contents come first."""
    found = [p for p in root.iter(qn("w:p")) if "".join(p.itertext(qn("w:t"))).startswith(begins)]
    return found[number]


def row(root, begins):
    return next(
        r for r in root.iter(qn("w:tr")) if "".join(r.itertext(qn("w:t"))).strip("　").startswith(begins)
    )


def in_contents(paragraph):
    style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    return style is not None and bool(re.fullmatch(r"TOC\d", style.get(qn("w:val"), "")))


# --- what is right ------------------------------------------------------------------------------------------


def test_a_fresh_document_is_all_tied(case):
    proof = case.verify(case.data)
    assert proof.findings == ()
    assert proof.numbers == proof.tied > 700


@pytest.mark.parametrize("path", sorted(SAMPLES.rglob("*.xlsx")), ids=lambda path: path.stem)
def test_a_fresh_document_of_every_sample_is_all_tied(path):
    """Nothing but the marks of what is missing is told, of units and of the department."""
    reading = derived_of(path)
    case = Case(reading.book, reading.edition, draft=True)
    proof = case.verify(case.data)
    assert {finding.rule for finding in proof.findings} <= {"verify-mark"}
    assert proof.numbers == proof.tied > 400


@pytest.mark.parametrize("name", available())
def test_a_fresh_document_of_every_edition_is_all_tied(name):
    edition = load(name)
    spending = (
        SPENDING if "项目支出" in edition.tables else SPENDING.partition("项目支出 | 科目代码 | 项目名称")[0]
    )
    text = f"单位信息 | 项目 | 内容\n | 单位名称 | 甲中心\n | 预算年度 | {name[-4:]}\n{spending}"
    case = of_grid(text, edition)
    assert {rule for rule, _ in case.told(case.data)} == {"verify-mark"}, (
        "what is missing in so small a workbook"
    )


SPENDING = """一般公共预算支出 | 科目代码 | 基本支出 | 项目支出
 | 2060501 | 1,060.00 |
 | 2060599 |  | 40.00
项目支出 | 科目代码 | 项目名称 | 商品和服务支出
 | 2060599 | 甲项目 | 40.00
"""


def restyle(document):
    """Fonts, spacing, page breaks, empty paragraphs, widths, runs split: what harms nobody."""
    for number, each in enumerate(document.paragraphs):
        each.paragraph_format.space_after = Pt(7)
        for run in each.runs:
            run.font.name, run.font.size, run.bold = "Arial", Pt(11), True
        if number % 40 == 30:
            each.insert_paragraph_before().add_run().add_break(docx.enum.text.WD_BREAK.PAGE)
    for table in document.tables:
        for cell in table.columns[0].cells:
            cell.width = Mm(33)
    for node in list(document.element.body.iter(qn("w:t"))):
        run, text = node.getparent(), node.text or ""
        if len(text) > 3 and run.tag == qn("w:r") and len(run.findall(qn("w:t"))) == 1:
            twin = etree.fromstring(etree.tostring(run))
            twin.find(qn("w:t")).text, node.text = text[2:], text[:2]
            run.addnext(twin)


def test_restyling_raises_nothing(case):
    document = docx.Document(io.BytesIO(case.data))
    restyle(document)
    buffer = io.BytesIO()
    document.save(buffer)
    assert case.told(buffer.getvalue()) == []


@pytest.mark.office
def test_saving_with_libreoffice_raises_nothing(case, tmp_path, convert):
    (tmp_path / "甲.docx").write_bytes(case.data)
    (saved,) = convert("docx", tmp_path / "乙", tmp_path / "甲.docx")
    assert case.told(saved.read_bytes()) == []


def test_a_renewed_table_of_contents_raises_nothing(case):
    def renew(root):
        for each in root.iter(qn("w:p")):
            if in_contents(each) and texts(each):
                last = texts(each)[-1].getparent()
                page = etree.SubElement(last.getparent(), qn("w:r"))
                etree.SubElement(page, qn("w:tab"))
                etree.SubElement(page, qn("w:t")).text = "12"
                last.addnext(page)
                first = texts(each)[0]
                first.text = re.sub("^[一二三四五六七八九十]+、", "", first.text)

    assert case.told(edited(case.data, renew)) == []


# --- 200 edits of numbers -----------------------------------------------------------------------------------


def mistyped(draw, text):
    """A number as a hand may leave it: a digit changed, dropped, added, two swapped, or nothing of it."""
    digits = [place for place, sign in enumerate(text) if sign.isdigit()]
    place = draw.choice(digits)
    swaps = [n for n in digits if n + 1 in digits and text[n] != text[n + 1]]
    kind = draw.choice(["change", "drop", "add", "swap", "delete"])
    if kind == "swap" and swaps:
        n = draw.choice(swaps)
        return text[:n] + text[n + 1] + text[n] + text[n + 2 :]
    if kind == "drop":
        return text[:place] + text[place + 1 :]
    if kind == "add":
        return text[:place] + draw.choice("123456789") + text[place:]
    if kind == "delete":
        return ""
    return text[:place] + draw.choice([d for d in "0123456789" if d != text[place]]) + text[place + 1 :]


@pytest.mark.parametrize("seed", some(range(EDITS // BATCH), 3))
def test_every_mistyped_number_is_found_and_named(case, seed):
    draw = random.Random(seed)  # noqa: S311 - the same edits each time
    right = []

    def mistype(root):
        numbered = [node for node in texts(root) if NUMBER.search(node.text or "")]
        for node in draw.sample(numbered, BATCH):
            number = draw.choice(list(NUMBER.finditer(node.text)))
            node.text = node.text[: number.start()] + mistyped(draw, number[0]) + node.text[number.end() :]
            right.append(number[0])

    told = case.told(edited(case.data, mistype))
    assert len(told) == BATCH
    assert {rule for rule, _ in told} <= {"verify-number", "verify-style"}
    for number in sorted(right, key=len, reverse=True):
        found = next(
            (each for each in told if re.search(rf"(应为|少了)“[^”]*{re.escape(number)}", each[1])), None
        )
        assert found, (number, told)
        told.remove(found)


# --- deletions ----------------------------------------------------------------------------------------------


def said(node):
    """The text of a paragraph, or of a row with its cells apart."""
    cells = node.findall(qn("w:tc")) or [node]
    return " | ".join(filter(None, ("".join(cell.itertext(qn("w:t"))).strip() for cell in cells)))


def deletable(root):
    """The paragraphs of the text and the rows of its tables, headings of columns and texts said twice apart.

    Of two that say the same it cannot be told which one is missing.
    """
    paragraphs = [node for node in root.find(qn("w:body")) if node.tag == qn("w:p") and not in_contents(node)]
    rows = [row for row in root.iter(qn("w:tr")) if row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is None]
    found = [node for node in (*paragraphs, *rows) if said(node)]
    often = Counter(map(said, found))
    return [node for node in found if often[said(node)] == 1]


@pytest.mark.parametrize("seed", some(range(DELETIONS // FEW), 3))
def test_every_deleted_paragraph_or_row_is_found_and_named(case, seed):
    draw = random.Random(seed)  # noqa: S311 - the same deletions each time
    gone = []

    def delete(root):
        for node in draw.sample(deletable(root), FEW):
            gone.append((node.tag == qn("w:tr"), said(node)))
            node.getparent().remove(node)

    told = [message for rule, message in case.told(edited(case.data, delete)) if rule == "verify-missing"]
    assert len(told) == FEW
    for row, text in gone:
        kind = "缺少一行" if row else "缺少一段"
        begins = "".join(text.split())[:10]
        plain = [
            re.sub(r"\s", "", m).replace("‘", "“").replace("’", "”") for m in told
        ]  # quoted in a quotation
        assert [m for m in plain if m.startswith(kind) and begins in m], (text, told)


@pytest.mark.parametrize("seed", range(5))
def test_a_deleted_table_is_found_and_named(case, seed):
    """The table alone, its titles left standing."""
    draw = random.Random(seed)  # noqa: S311 - the same tables each time
    gone = []

    def delete(root):
        tables = root.findall(f"{qn('w:body')}/{qn('w:tbl')}")
        table = draw.choice(tables)
        gone.extend(said(row) for row in table.iter(qn("w:tr")) if said(row))
        table.getparent().remove(table)

    told = case.told(edited(case.data, delete))
    assert [rule for rule, _ in told] == ["verify-missing"], (gone, told)
    assert re.search(rf"（{len(gone)} (行|段或行)）", told[0][1])


# --- edits one by one ---------------------------------------------------------------------------------------


def change(old, new):
    def edit(root):
        node = next(n for n in reversed(texts(root)) if old in (n.text or ""))
        node.text = node.text.replace(old, new)

    return edit


def drop_row(root):
    found = row(root, "2.非财政拨款结转结余")
    found.getparent().remove(found)


def drop_paragraph(root):
    found = paragraph(root, "收入预算包括：一般公共预算、")
    found.getparent().remove(found)


def drop_table(root):
    """Table 8, with its titles and remarks."""
    first, last = paragraph(root, "表 8"), paragraph(root, "表 9")
    body = first.getparent()
    for node in body[body.index(first) : body.index(last)]:
        body.remove(node)


def add_paragraph(text):
    def edit(root):
        before = paragraph(root, "收入预算包括：一般公共预算、")
        added = etree.fromstring(etree.tostring(before))
        for node in texts(added):
            node.text = ""
        texts(added)[0].text = text
        before.addnext(added)

    return edit


def move_paragraph(root):
    first = paragraph(root, "收入预算包括：一般公共预算、")
    first.getnext().addnext(first)


@pytest.mark.parametrize(
    ("edit", "rules", "words"),
    [
        (change("所有收入和支出均纳入", "收入支出都纳入"), ["verify-wording"], "应为"),
        (change("794.86", "794.8600"), ["verify-style"], "应为“794.86”"),
        (change("3,486.02", "3486.02"), ["verify-style"], "应为“3,486.02"),
        (change("聘请法律顾问", "聘请顾问"), ["verify-text"], "少了“法律”"),
        (change("第三部分", "第二部分"), ["verify-number"], "应为“三”"),
        (change("比上年预算增加", "比上年预算减少"), ["verify-wording"], "文档是“减少”，应为“增加”"),
        (change("单位：万元", "单位：元"), ["verify-number"], "少了“万”，金额相差一万倍"),
        (change("特定目标0510022L", "雷达工程"), ["verify-secret"], "文档里的文字不在这里重复"),
        (drop_row, ["verify-missing"], "缺少一行：“2.非财政拨款结转结余 | 224 灾害防治及应急管理支出”"),
        (drop_paragraph, ["verify-missing"], "缺少一段：“收入预算包括：一般公共预算、"),
        (drop_table, ["verify-missing"], "缺少“表8 政府性基金预算支出情况表”"),
        (add_paragraph("另安排经费12.00万元。"), ["verify-untied"], "另安排经费12.00万元。"),
        (add_paragraph("另安排经费若干。"), ["verify-added"], "另安排经费若干。"),
        (move_paragraph, ["verify-order"], "换了位置：“"),
        (add_paragraph("特定目标0510022L雷达工程。"), ["verify-secret"], "多出一段"),
        (add_paragraph("【待补：原因】"), ["verify-added", "verify-mark"], "【待补：原因】"),
    ],
)
def test_an_edit_is_told(case, edit, rules, words):
    told = case.told(edited(case.data, edit))
    assert [rule for rule, _ in told] == rules
    assert words in told[-1][1]
    assert "雷达" not in str(told), "what stands behind the code of a secret item is not repeated"


def test_a_number_is_told_with_its_row_and_its_cell(case):
    def retype(root):
        texts(row(root, "一、本年收入"))[1].text = "676.98"

    message = (
        "“一、本年收入 | 676.98 | 201 一般公共服务支出”的“收入.预算数”："
        "文档是“676.98”，应为“676.89”（取自 收支总体[本年收入].预算数（推算））"
    )
    (finding,) = case.verify(edited(case.data, retype)).findings
    assert (finding.rule, finding.message) == ("verify-number", message)
    stands, should = sides_of(finding)
    cells = [(cell.table, cell.row, cell.column) for cell in should.terms[0].cells]
    assert (stands.value, should.value, cells) == ("676.98", "676.89", [("收支总体", "本年收入", "预算数")])


def test_a_number_in_the_wrong_column_is_found(case):
    def shift(root):
        amount, blank = row(root, "一、本年收入").findall(qn("w:tc"))[1::2][:2]
        blank.find(qn("w:p")).append(texts(amount)[0].getparent())

    assert [rule for rule, _ in case.told(edited(case.data, shift))] == ["verify-number", "verify-number"]


def test_a_row_with_another_number_of_cells_is_told(case):
    def merge(root):
        found = row(root, "一、本年收入")
        found.remove(found.findall(qn("w:tc"))[-1])

    assert [rule for rule, _ in case.told(edited(case.data, merge))] == ["verify-row"]


# --- what is left in a document -----------------------------------------------------------------------------

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def insert(markup):
    """Put markup at the end of a paragraph."""

    def edit(root):
        for node in etree.fromstring(f'<w:p xmlns:w="{W}">{markup}</w:p>'):
            paragraph(root, "收入预算包括：一般公共预算、").append(node)

    return edit


def mark_run(properties):
    def edit(root):
        run = texts(paragraph(root, "收入预算包括：一般公共预算、"))[0].getparent()
        for old in run.findall(qn("w:rPr")):
            run.remove(old)
        run.insert(0, etree.fromstring(f'<w:rPr xmlns:w="{W}">{properties}</w:rPr>'))

    return edit


def number_paragraph(root):
    node = etree.fromstring(f'<w:numPr xmlns:w="{W}"><w:ilvl w:val="0"/><w:numId w:val="3"/></w:numPr>')
    paragraph(root, "收入预算包括：一般公共预算、").find(qn("w:pPr")).append(node)


CORE = "docProps/core.xml"
DATED = '<w:fldSimple w:instr=" DATE "><w:r><w:t xml:space="preserve"></w:t></w:r></w:fldSimple>'


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (
            insert('<w:del w:id="9"><w:r><w:delText>5.00</w:delText></w:r></w:del>'),
            [("verify-revision", "删除的文字：“5.00”")],
        ),
        (
            (
                "word/comments.xml",
                f'<w:comments xmlns:w="{W}"><w:comment><w:p><w:r><w:t>再核</w:t></w:r></w:p></w:comment></w:comments>'.encode(),
            ),
            [("verify-comment", "批注：“再核”")],
        ),
        (mark_run("<w:vanish/>"), [("verify-hidden", "隐藏的文字：“收入预算包括：”")]),
        (
            mark_run('<w:highlight w:val="yellow"/>'),
            [("verify-highlight", "突出显示的文字：“收入预算包括：”")],
        ),
        (
            mark_run('<w:shd w:val="clear" w:color="auto" w:fill="FFFF00"/>'),
            [("verify-highlight", "突出显示的文字：“收入预算包括：”")],
        ),
        (mark_run('<w:shd w:val="clear" w:color="auto" w:fill="FFFFFF"/>'), []),
        (mark_run('<w:shd w:val="clear" w:color="auto" w:fill="auto"/>'), []),
        (insert(DATED), [("verify-field", "自动更新的域：“DATE”")]),
        (("word/media/image1.png", b""), [("verify-object", "图片：“word/media/image1.png”")]),
        (
            ("docProps/app.xml", b"<Properties><Company>ACME</Company></Properties>"),
            [("verify-metadata", "公司：“ACME”")],
        ),
        (
            (
                "word/footnotes.xml",
                f'<w:footnotes xmlns:w="{W}"><w:footnote><w:p><w:r><w:t>另有3万元</w:t></w:r></w:p></w:footnote></w:footnotes>'.encode(),
            ),
            [("verify-untied", "脚注里有填报表没有的文字：“另有3万元”")],
        ),
    ],
)
def test_what_is_left_in_a_document_is_told(case, edit, told):
    assert case.told(edited(case.data, edit)) == told


def test_automatic_numbers_are_told(case):
    assert [rule for rule, _ in case.told(edited(case.data, number_paragraph))] == ["verify-numbering"]


# --- texts --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "found", "told"),
    [
        ("增加12.00万元", "增加12.00万元", []),
        ("甲1.00，乙2.00", "甲2.00，乙1.00", [("number", "1.00", "2.00"), ("number", "2.00", "1.00")]),
        ("共3家", "共家", [("number", "3", "")]),
        ("占3.00%", "占3.00", [("number", "3.00%", "3.00")]),
        ("增加3.00", "增加-3.00", [("number", "3.00", "-3.00")]),
        ("下设三个", "下设四个", [("number", "三", "四")]),
    ],
)
def test_differences(wanted, found, told):
    assert [(d.kind, d.wanted, d.found) for d in differences(wanted, found)] == told


# --- files --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """The sample's document and completed workbook, as a draft: whether it passes is the matter of other tests."""
    return build(SAMPLES / "xinjiang-2026-unit.xlsx", tmp_path_factory.mktemp("甲"), draft=True).written


DRAFT = {"verify-mark", "verify-workbook"}


def test_a_draft_is_told_to_be_one_and_nothing_else(files):
    proved = prove(*files)
    assert {finding.rule for finding in proved.checked.findings} - {"verify-workbook"} == {"verify-mark"}
    assert proved.numbers == proved.tied


def test_the_command_line(files, capsys):
    assert program.main(["verify", *map(str, files), "--format", "json"], standalone_mode=False) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["workbook"] == str(files[1])
    assert told["numbers"] == told["tied"]
    assert {finding["rule"] for finding in told["findings"]} <= DRAFT


def renamed(old, new):
    """An edit of every paragraph that says something."""

    def rename(root):
        for each in root.iter(qn("w:p")):
            joined = "".join(node.text or "" for node in texts(each))
            for number, node in enumerate(texts(each)):
                node.text = joined.replace(old, new) if not number else ""

    return rename


def test_the_year_may_stand_behind_the_unit(files, tmp_path):
    """As other offices have it on the cover and in the headings: 某中心 2026 年单位预算公开."""
    other = tmp_path / "另.docx"
    old, new = "2026年乌鲁木齐科技信息服务中心", "乌鲁木齐科技信息服务中心2026 年"
    other.write_bytes(edited(Path(files[0]).read_bytes(), renamed(old, new)))
    assert [finding.message for finding in prove(other, files[1]).checked.findings] == [
        "“乌鲁木齐科技信息服务中心2026年”：少了“2026年”",
        "“乌鲁木齐科技信息服务中心2026年”：多了“2026年”，填报表里没有",
        "页眉还有“草稿，不得公开”",
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("2026年", "2025年", "2026 年的"),
        ("乌鲁木齐科技信息服务中心", "乙中心", "“乌鲁木齐科技信息服务中心”的"),
    ],
)
def test_another_unit_or_year_is_refused(files, tmp_path, old, new, said):
    other = tmp_path / "另.docx"
    other.write_bytes(edited(Path(files[0]).read_bytes(), renamed(old, new)))
    with pytest.raises(Exception, match="不是同一单位、同一年度") as refused:
        prove(other, files[1])
    assert said in refused.value.problem


@pytest.mark.parametrize(
    ("edit", "code", "said"),
    [
        (change("3,486.02", "3486.02"), 0, "通过（"),
        (change("聘请法律顾问", "聘请顾问"), 1, "未通过，尚有与填报表不同之处（"),
    ],
)
def test_only_notes_pass(tmp_path, capsys, edit, code, said):
    """A text edited by hand is told, and is not tied: there is nothing that explains it."""
    written = build(SAMPLES / "xinjiang-2026-unit.xlsx", tmp_path).written
    Path(written[0]).write_bytes(edited(Path(written[0]).read_bytes(), edit))
    assert program.main(["verify", *map(str, written)], standalone_mode=False) == code
    assert f"：{said}" in capsys.readouterr().out.splitlines()[-1]


def test_a_secret_row_is_withheld_when_its_cells_are_changed(case):
    def merge(root):
        found = row(root, "特定目标0510022L")
        texts(found)[0].text = "雷达工程"
        found.remove(found.findall(qn("w:tc"))[-1])

    told = case.told(edited(case.data, merge))
    assert {rule for rule, _ in told} <= {"verify-row", "verify-secret", "verify-missing"}
    assert "雷达" not in str(told)


def test_which_figures_are_wrong_is_not_looked_for_where_it_is_not_told(tmp_path, monkeypatch):
    """It takes longest: neither where a document is proved, nor of the units of a department."""
    workbook = opened(SAMPLES / "xinjiang-2026-unit.xlsx")
    workbook["一般公共预算支出"]["E10"] = 294.21
    workbook.save(tmp_path / "填报.xlsx")
    document = build(tmp_path / "填报.xlsx", tmp_path / "草稿", draft=True).written[0]
    monkeypatch.setattr(search, "localise", None)
    told = [finding.message for finding in prove(document, tmp_path / "填报.xlsx").checked.findings]
    assert any("处错误" in message for message in told), told
    ((unit, *_),) = read_files(Sources((tmp_path / "填报.xlsx",), workers=1, kept=False))
    assert unit.errors > 0


@pytest.mark.published
@pytest.mark.parametrize("name", ["2024-bureau", "2025-district", "2026-center", "2026-park"])
def test_documents_made_of_published_ones_are_all_tied(name, tmp_path):
    built = build(PUBLISHED / f"{name}.docx", tmp_path, draft=True)
    proved = prove(*built.written)
    assert {finding.rule for finding in proved.checked.findings} <= DRAFT
    assert proved.numbers == proved.tied
