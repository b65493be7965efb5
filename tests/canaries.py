"""Canaries: words that no output of any command may hold, one for each place of a file that speaks of a secret item.

A workbook is filled with rows of a secret item in every table that has items, and every cell of these rows, and of
those that speak of them, gets a word of its own, in Chinese or in Latin letters; likewise what a file holds besides
its cells. Every command is run on it, and all that comes of it is searched: files within files, texts cut into runs.
"""

from __future__ import annotations

import html
import io
import itertools
import random
import re
import zipfile
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import docx
from click.testing import CliRunner
from docx.oxml import parse_xml
from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from budgetgen.app.cli import program
from budgetgen.book.derivation import derive
from budgetgen.department.sources import Source
from budgetgen.reading.grid import read_grid
from budgetgen.reading.workbook import read
from budgetgen.saying.disclosure import compose
from budgetgen.values.findings import UnusableInputError
from budgetgen.values.places import told_place
from budgetgen.writing.document.writer import render_document
from budgetgen.writing.workbook.writer import render_workbook

CODE = "特定目标2410010U"
STAND_IN = "乙项目"
"""Stands for the secret item where a Book has none, until the workbook is written."""
OWN, OTHER = "示例市科技局（本级）", "示例市信息中心"
FRONTS = (
    "青松",
    "云岭",
    "海棠",
    "砚台",
    "竹溪",
    "金雀",
    "白桦",
    "芦荻",
    "紫藤",
    "寒梅",
    "鹿鸣",
    "星槎",
    "沧浪",
    "雪莲",
)
BACKS = (
    "北坡管线",
    "旧库腾挪",
    "哨位翻新",
    "频点迁移",
    "密柜添置",
    "洞室加固",
    "暗渠疏浚",
    "靶标更换",
    "阵地平整",
    "天线校准",
)
LATIN = (
    ("Quiet", "Amber", "Velvet", "Hollow", "Silver", "Crimson"),
    ("Harbour", "Lantern", "Meadow", "Falcon", "Orchid"),
)
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


@dataclass
class Canaries:
    """The words, and where each was put; the same seed gives the same ones."""

    seed: int = 1
    letters: bool | None = None
    places: dict[str, str] = field(default_factory=dict)

    def __post_init__(self):
        turn = random.Random(self.seed)  # noqa: S311 - no secret of ours
        chinese = [front + back for front, back in itertools.product(FRONTS, BACKS)]
        plain = ["".join(pair) for pair in itertools.product(*LATIN)]
        latin = plain + [f"{one}{two[:5]}gate" for one, two in itertools.combinations(plain, 2)]
        turn.shuffle(chinese)
        turn.shuffle(latin)
        more = (f"{one}{two}" for one, two in itertools.product(chinese, BACKS))
        words = {True: latin, False: itertools.chain(chinese, more)}
        self._words = {kind: iter(words[kind]) for kind in words}

    def word(self, place):
        """A new word for a place."""
        latin = len(self.places) % 2 == 1 if self.letters is None else self.letters
        return self.places.setdefault(place, next(self._words[latin]))

    def found(self, texts):
        """The places whose word stands in some text."""
        whole = "\n".join(set(texts))
        begun = {start for start in map(_start, self.places.values()) if start in whole}
        return sorted(place for place, word in self.places.items() if _start(word) in begun and word in whole)


def _start(word):
    """How a word begins: few begin otherwise, and where none of these beginnings stands there is no word."""
    return word[:4] if word.isascii() else word[:2]


def items_of(table):
    """The columns of a table that name items."""
    return [column.name for column in table.columns.values() if column.type == "item"]


# --- files --------------------------------------------------------------------------------------------------


def filled(edition, *, department):
    """The Book of a unit or department with a secret item, and an open one, wherever items may stand."""
    house, listed = edition.house, edition.consolidation
    unit = "示例市科技局" if department else OTHER
    kind = listed.kind if department else edition.kind_by_default
    facts = {house.unit: unit, house.kind: kind, house.year: str(edition.edition.year), house.money: "万元"}
    lines = [f"{house.about} | 项目 | {house.value}", *(f" | {key} | {text}" for key, text in facts.items())]
    for table in edition.table:
        columns = table.main.columns
        if items_of(table):
            lines.append(" | ".join((table.name, *(column.name for column in columns))))
            stand_in = table.name in {
                name for one in edition.performance for name in (one.heads, one.indicators)
            }
            items = (
                (STAND_IN, *(("",) if any(c.merge for c in columns) else ()), "甲项目")
                if stand_in
                else (CODE, "甲项目")
            )
            for item in items:
                cells = (_cell(column, item, OTHER) for column in columns)
                lines.append(" | ".join(("", *cells)))
    stood = listed.institutions
    lines += [
        f"{stood.table} | {stood.label} | {stood.name}",
        f" | {stood.unit} | {OTHER}",
        f" | {stood.unit} | {OWN}",
    ]
    moved = listed.transfers
    lines += [f"{moved.table} | {moved.payer} | {moved.receiver} | {moved.amount} | {moved.basis}"]
    lines += [f" | {OWN} | {OTHER} | 1.00 | {CODE}"]
    told = edition.explanations
    lines += [f"{told.table} | {told.rule} | {told.place} | {told.text} | {told.name}"]
    lines += [
        f" | negative | 结转用途[{CODE}].金额 | {CODE} | 张三",
        " | other-sum | 其他说明 | 已核实 | 张三",
    ]
    lines += ["其他说明 | 类别 | 术语 | 内容", f" | 名词解释 | 甲术语 | {CODE}"]
    reasons = edition.comparisons
    lines += [
        f"{reasons.reasons} | 指标 | 科目代码 | {reasons.reason}",
        f" | 一般公共预算支出 | 2060599 | {CODE}",
    ]
    if department:
        traces = listed.traces
        lines += [f"{traces.differences} | {traces.table} | {traces.row} | {traces.column} | {traces.remark}"]
        lines += [f" | 结转用途 | {CODE} | 金额 | 无"]
        lines += [f"{traces.statuses} | {traces.unit} | {traces.file} | {traces.state} | {traces.remark}"]
        lines += [f" | {OTHER} | 信息.xlsx | {traces.states['passed']} | {CODE}"]
    return derive(read_grid("\n".join(lines), edition)[0], edition)


def _cell(column, item, unit):
    match column.type:
        case "item":
            return item
        case "unit":
            return unit
        case "code":
            return "2060599"
        case "money" | "number" | "count":
            return "1.00" if column.type == "money" else "1"
        case "choice":
            return column.choices[0]
    return "" if column.type == "name" else f"{column.name}文字" if item != CODE else ""


SOURCE = Source("结转用途", CODE, "金额", OTHER, "信息.xlsx", "结转用途!B5", Decimal(1))


def planted(edition, canaries, path, *, department, amounts=True):
    """A workbook with a word in every cell of every row that speaks of a secret item.

    Args:
        edition: the format.
        canaries: takes the words.
        path: where it is written.
        department: whether it is a department's.
        amounts: whether amounts and codes are left as they are.
    """
    sources = [SOURCE] if department else []
    path.write_bytes(render_workbook(edition, filled(edition, department=department), sources=sources))
    book = load_workbook(path)
    reading = read(path)
    name = canaries.word("名称")
    for table in edition.table:
        for row in reading.book[table.name].rows:
            texts = [cell.value for cell in row.cells.values() if isinstance(cell.value, str)]
            if any(CODE in text or text == STAND_IN for text in texts):
                _plant_row(book, table, row, canaries, name, amounts=amounts)
            elif items_of(table) and row.text(items_of(table)[0]) == "甲项目":
                _echo(book, table, row, name)
    _plant_sheets(book, edition, canaries)
    book.save(path)


def _plant_row(book, table, row, canaries, name, *, amounts):
    owner = items_of(table)[:1]
    for column, cell in row.cells.items():
        kind = table.columns[column].type
        if not told_place(cell.place) or (amounts and kind in {"money", "number", "count", "code", "label"}):
            continue
        sheet, _, at = told_place(cell.place).rpartition("!")
        word = canaries.word(f"{table.name}.{column}.{at}")
        spoken = isinstance(cell.value, str) and (CODE in cell.value or cell.value == STAND_IN)
        text = f"{word}（{CODE}）" if spoken else word
        if column in owner and spoken:
            text = f"{name}（{CODE}）{word}" if book[sheet][at].value else None
        elif kind == "unit":
            text = f"{OTHER}{word}"
        book[sheet][at] = text


def _echo(book, table, row, name):
    """Say the name of the secret item, without its code, in the texts of another."""
    for column, cell in row.cells.items():
        if table.columns[column].type == "text" and told_place(cell.place) and cell.value:
            sheet, _, at = told_place(cell.place).rpartition("!")
            book[sheet][at] = f"与{name}同时实施"


def _plant_sheets(book, edition, canaries):
    """Words in what a workbook holds besides its tables, and below and beside these."""
    sheet = book["结转用途"]
    last = sheet.max_column + 2
    sheet[f"{get_column_letter(last)}5"] = canaries.word("表右边的格")
    sheet[f"{get_column_letter(last)}4"] = canaries.word("表右边的列名")
    below = book["采购与资产"]
    below[f"A{below.max_row + 3}"], below[f"B{below.max_row}"] = (
        canaries.word(f"表下边的格{n}") for n in range(2)
    )
    strange = book.create_sheet(canaries.word("工作表名称"))
    strange["A1"] = canaries.word("不认识的工作表")
    hidden = book.create_sheet(canaries.word("隐藏工作表名称"))
    hidden.sheet_state, hidden["B2"] = "veryHidden", canaries.word("隐藏的工作表")
    if (sources := edition.consolidation.traces.sources) in book.sheetnames:
        for row in book[sources].iter_rows():
            if any(CODE in str(cell.value) for cell in row):
                for cell in row[:-1]:
                    word = canaries.word(f"{sources}.{cell.column_letter}")
                    cell.value = f"{word}（{CODE}）" if cell.value == CODE else word
    for carry in CARRIERS.values():
        carry(book, canaries)


def _comment(book, canaries):
    book["结转用途"]["A5"].comment = Comment(canaries.word("批注"), canaries.word("批注作者"))


def _name(book, canaries):
    word = canaries.word("名称管理器")
    book.defined_names[word] = DefinedName(
        word, attr_text="结转用途!$A$5", comment=canaries.word("名称的备注")
    )


def _validation(book, canaries):
    rule = DataValidation("list", formula1=f'"{canaries.word("数据有效性")}"', allow_blank=True)
    rule.prompt, rule.error = canaries.word("输入提示"), canaries.word("出错警告")
    rule.add("C5")
    book["结转用途"].add_data_validation(rule)


def _margins(book, canaries):
    book["结转用途"].oddHeader.center.text = canaries.word("工作表页眉")
    book["结转用途"].oddFooter.center.text = canaries.word("工作表页脚")


def _link(book, canaries):
    cell = book["项目支出"]["A1"]
    cell.hyperlink = f"https://example.org/{canaries.word('链接')}"
    cell.hyperlink.tooltip = canaries.word("链接提示")


def _format(book, canaries):
    book["项目支出"]["K7"].number_format = f'0.00"{canaries.word("数字格式")}"'


def _formula(book, canaries):
    book["项目支出"]["Z3"] = f'="{canaries.word("公式里的文字")}"&1'


def _properties(book, canaries):
    about = book.properties
    about.title, about.subject, about.creator = (canaries.word(f"工作簿属性{n}") for n in range(3))
    about.keywords, about.description, about.category = (canaries.word(f"工作簿属性{n}") for n in range(3, 6))


CARRIERS = {
    "批注": _comment,
    "名称": _name,
    "数据有效性": _validation,
    "页眉": _margins,
    "链接": _link,
    "数字格式": _format,
    "公式": _formula,
    "属性": _properties,
}
"""What a workbook may hold besides its cells."""
STRIPPED = frozenset({"属性"})
"""What a copy does without."""


# --- documents ----------------------------------------------------------------------------------------------


def plain_document(edition, path, *, department=False, book=None):
    """The document of a Book, by default of one with a secret item wherever items may stand."""
    book = book or filled(edition, department=department)
    path.write_bytes(render_document(compose(book, edition, draft=False), edition))


def planted_document(edition, canaries, path, *, department=False):
    """A document with a word behind each code, in each cell of its rows, and wherever a document can hold one."""
    plain_document(edition, path, department=department)
    document = docx.Document(str(path))
    name = canaries.word("文档名称")
    _plant_tables(document, canaries, name)
    _plant_paragraphs(document, canaries, name)
    for carry in DOCUMENT_CARRIERS.values():
        carry(document, canaries)
    document.save(str(path))


def _plant_tables(document, canaries, name):
    for number, table in enumerate(document.tables):
        for row in table.rows:
            if any(CODE in cell.text for cell in row.cells):
                for index, cell in enumerate(dict.fromkeys(row.cells)):
                    if CODE in cell.text:
                        _say(cell.paragraphs[0], f"{name}（{CODE}）{canaries.word(f'表{number}名称')}")
                    elif not re.fullmatch(r"[\d.,]+", cell.text):
                        _say(cell.paragraphs[0], canaries.word(f"表{number}格{index}"))


def _plant_paragraphs(document, canaries, name):
    secret = False
    for number, paragraph in enumerate(document.paragraphs):
        if CODE in paragraph.text:
            secret = True
            _say(paragraph, paragraph.text.replace(CODE, f"{CODE}{canaries.word(f'段{number}')}"))
        elif secret and "：完全不予公开" in paragraph.text:
            _say(paragraph, paragraph.text.replace("完全不予公开", canaries.word(f"段{number}")))
        elif paragraph.text.startswith("甲项目"):
            _say(paragraph, f"{paragraph.text}与{name}同时实施。")


def _say(paragraph, text):
    for run in paragraph.runs[1:]:
        run._r.getparent().remove(run._r)
    half = len(text) // 2
    if paragraph.runs:
        paragraph.runs[0].text = text[:half]
        paragraph.add_run(text[half:])
    else:
        paragraph.add_run(text)


def _first(document):
    return next(p for p in document.paragraphs if "特定目标" in p.text)


def _d_comment(document, canaries):
    document.add_comment(_first(document).runs, canaries.word("文档批注"), canaries.word("批注人"))


def _d_deleted(document, canaries):
    run = f"<w:r><w:delText>{canaries.word('删去的文字')}</w:delText></w:r>"
    author = canaries.word("修订人")
    _first(document)._p.append(parse_xml(f"<w:del {W} w:id='1' w:author='{author}'>{run}</w:del>"))


def _d_hidden(document, canaries):
    run = _first(document).add_run(canaries.word("隐藏的文字"))
    run.font.hidden = True


def _d_margins(document, canaries):
    section = document.sections[0]
    section.header.is_linked_to_previous = section.footer.is_linked_to_previous = False
    section.header.paragraphs[0].text = canaries.word("页眉")
    section.footer.paragraphs[0].text = canaries.word("页脚")


def _d_box(document, canaries):
    v = 'xmlns:v="urn:schemas-microsoft-com:vml"'
    inner = f"<w:txbxContent><w:p><w:r><w:t>{canaries.word('文本框')}</w:t></w:r></w:p></w:txbxContent>"
    shape = f'<v:shape alt="{canaries.word("替代文字")}"><v:textbox>{inner}</v:textbox></v:shape>'
    _first(document)._p.append(parse_xml(f"<w:r {W} {v}><w:pict>{shape}</w:pict></w:r>"))


def _d_bookmark(document, canaries):
    word = canaries.word("书签")
    _first(document)._p.append(parse_xml(f"<w:bookmarkStart {W} w:id='77' w:name='{word}'/>"))
    _first(document)._p.append(parse_xml(f"<w:bookmarkEnd {W} w:id='77'/>"))


def _d_field(document, canaries):
    words = f'HYPERLINK "https://example.org/{canaries.word("域")}"'
    _first(document)._p.append(parse_xml(f"<w:fldSimple {W} w:instr='{words}'/>"))


def _d_control(document, canaries):
    tags = f"<w:alias w:val='{canaries.word('控件标题')}'/><w:tag w:val='{canaries.word('控件标记')}'/>"
    text = "<w:sdtContent><w:r><w:t>。</w:t></w:r></w:sdtContent>"
    document.paragraphs[-1]._p.append(parse_xml(f"<w:sdt {W}><w:sdtPr>{tags}</w:sdtPr>{text}</w:sdt>"))


def _d_table(document, canaries):
    word = canaries.word("表的说明")
    document.tables[0]._tbl.tblPr.append(parse_xml(f"<w:tblDescription {W} w:val='{word}'/>"))


def _d_properties(document, canaries):
    about = document.core_properties
    about.title, about.subject, about.author = (canaries.word(f"文档属性{n}") for n in range(3))
    about.keywords, about.comments, about.category = (canaries.word(f"文档属性{n}") for n in range(3, 6))


def _d_variable(document, canaries):
    word = canaries.word("文档变量")
    settings = document.settings.element
    settings.append(parse_xml(f"<w:docVars {W}><w:docVar w:name='{word}' w:val='{word}'/></w:docVars>"))


def _d_style(document, canaries):
    document.styles.add_style(canaries.word("样式名称"), 1)


DOCUMENT_CARRIERS = {
    "批注": _d_comment,
    "删除": _d_deleted,
    "隐藏": _d_hidden,
    "页眉": _d_margins,
    "文本框": _d_box,
    "书签": _d_bookmark,
    "域": _d_field,
    "控件": _d_control,
    "表的说明": _d_table,
    "属性": _d_properties,
    "变量": _d_variable,
    "样式": _d_style,
}
"""What a document may hold besides its visible text."""
DOCUMENT_STRIPPED = frozenset({"控件", "表的说明", "属性", "变量", "样式"})


def with_part(path, canaries):
    """Put a part of its own into a file, as programs do, and the words of a custom property."""
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("customXml/item9.xml", f"<x>{canaries.word('自定义部件')}</x>")


# --- running and searching ----------------------------------------------------------------------------------


def run(*arguments, log=None):
    """What a command printed, or why it stopped; an internal error is one, and raises."""
    done = CliRunner().invoke(program, list(map(str, arguments)), standalone_mode=False, env=log)
    if done.exception and not isinstance(done.exception, UnusableInputError):
        raise done.exception
    return f"{done.output}\n{done.exception or ''}"


def texts_of(data, name=""):
    """All texts of a file, of files within it too: in each encoding, without marks, runs joined."""
    yield name
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield archive.comment.decode("utf-8", "ignore")
            for inner in archive.namelist():
                yield from texts_of(archive.read(inner), inner)
        return
    for coding in ("utf-8", "utf-16-le", "utf-16-be"):
        text = html.unescape(data.decode(coding, "ignore"))
        yield text
        yield re.sub(r"<[^>]*>", "", text)
        yield re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)


def written(folder):
    """All texts of the files that were written into a folder."""
    for path in sorted(Path(folder).rglob("*")):
        if path.is_file():
            yield from texts_of(path.read_bytes(), path.name)
