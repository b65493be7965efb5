"""How Word may hold the same document: kinds of runs, wrappers, breaks and cells, each a change of its body.

They change what stands in the file and nothing of what a reader of the printed pages would read.
"""

from __future__ import annotations

import copy
import itertools
import re
from io import BytesIO
from typing import TYPE_CHECKING

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lxml.etree import _Element

PRESERVED = "{http://www.w3.org/XML/1998/namespace}space"
CHAPTER = re.compile(r"[一二三四五六七八九十]{1,3}、\s*")
NUMBERED = re.compile(r"\d{1,2}[.、．](?!\d)|[（(][一二三四五六七八九十]{1,3}[）)]")
AMOUNT = re.compile(r"-?[\d,]+[.．]\d+")
PARTS = re.compile(r"第[一二三四]部分")


def element(tag: str, *children: _Element, **attributes: str) -> _Element:
    """A Word element with its children."""
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    made.extend(children)
    return made


def run(text: str, tag: str = "w:t") -> _Element:
    """A run that shows a text."""
    shown = element(tag)
    shown.text = text
    shown.set(PRESERVED, "preserve")
    return element("w:r", shown)


def paragraph(text: str) -> _Element:
    """A paragraph that says a text."""
    return element("w:p", run(text))


def words(node: _Element) -> str:
    """The text of an element."""
    return "".join(t.text or "" for t in node.iter(qn("w:t")))


def reworded(node: _Element, text: str) -> None:
    """Let a paragraph or cell say another text, in its first run."""
    shown = list(node.iter(qn("w:t")))
    for one in shown[1:]:
        one.text = ""
    shown[0].text = text
    shown[0].set(PRESERVED, "preserve")


def paragraphs(body: _Element) -> list[_Element]:
    """Its paragraphs with words, those of tables apart."""
    return [child for child in body if child.tag == qn("w:p") and words(child).strip()]


def told(body: _Element) -> list[_Element]:
    """Those of the narrative that tell amounts."""
    return [one for one in paragraphs(body) if "万元" in words(one)]


def tables(body: _Element) -> list[_Element]:
    """Its tables, not those within."""
    return body.findall(qn("w:tbl"))


def rows(table: _Element) -> list[_Element]:
    """The rows of a table."""
    return table.findall(qn("w:tr"))


def cells(row: _Element) -> list[_Element]:
    """The cells of a row."""
    return row.findall(qn("w:tc"))


def runs(node: _Element) -> list[_Element]:
    """The runs of a paragraph."""
    return node.findall(qn("w:r"))


# --- runs ---------------------------------------------------------------------------------------------------


def runs_split(body: _Element) -> None:
    """Each run is cut in the middle, with another font behind and a mark of the spelling between."""
    for one in list(body.iter(qn("w:r"))):
        shown = one.findall(qn("w:t"))
        if len(shown) == 1 and len(shown[0].text or "") > 1:
            text = shown[0].text
            half = len(text) // 2
            more = copy.deepcopy(one)
            shown[0].text, more.find(qn("w:t")).text = text[:half], text[half:]
            for part in (one, more):
                part.find(qn("w:t")).set(PRESERVED, "preserve")
            properties = more.get_or_add_rPr()
            properties.append(element("w:lang", val="en-US"))
            one.addnext(element("w:proofErr", type="spellEnd"))
            one.getnext().addnext(more)


def tracked(body: _Element) -> None:
    """Every second paragraph with an amount was inserted, over a deleted draft of it."""
    for one in told(body)[::2]:
        kept = runs(one)
        gone = element("w:del", run("初稿：此处金额待核1.00万元。", "w:delText"), id="1", author="甲")
        kept[0].addprevious(gone)
        inserted = element("w:ins", id="2", author="甲")
        kept[0].addprevious(inserted)
        inserted.extend(kept)


def tracked_cells(body: _Element) -> None:
    """The figures of the tables were inserted over others."""
    for cell in (cell for table in tables(body)[:12:2] for row in rows(table) for cell in cells(row)):
        if AMOUNT.fullmatch(words(cell).strip()):
            held = cell.find(qn("w:p"))
            kept = runs(held)
            kept[0].addprevious(element("w:del", run("9.99", "w:delText"), id="3", author="甲"))
            inserted = element("w:ins", id="4", author="甲")
            kept[0].addprevious(inserted)
            inserted.extend(kept)


def annotated(body: _Element) -> None:
    """Bookmarks, ranges of comments and references of notes stand between the runs."""
    for number, one in enumerate(told(body)):
        first, last = runs(one)[0], runs(one)[-1]
        first.addprevious(element("w:bookmarkStart", id=str(number), name=f"_书签{number}"))
        first.addprevious(element("w:commentRangeStart", id=str(number)))
        last.addnext(element("w:bookmarkEnd", id=str(number)))
        last.addnext(element("w:commentRangeEnd", id=str(number)))


def controls(body: _Element) -> None:
    """Paragraphs and tables stand in content controls."""
    for one in (*told(body)[1::2], *tables(body)[1::3]):
        holder = element("w:sdtContent")
        one.addprevious(element("w:sdt", element("w:sdtPr"), holder))
        holder.append(one)


def linked(body: _Element) -> None:
    """Runs stand in links and smart tags."""
    for index, one in enumerate(told(body)):
        kept = runs(one)
        holder = element("w:hyperlink" if index % 2 else "w:smartTag")
        kept[-1].addprevious(holder)
        holder.append(kept[-1])


def tabbed(body: _Element) -> None:
    """Paragraphs are indented by signs, and end in blanks."""
    for one in paragraphs(body):
        first = next(one.iter(qn("w:t")))
        first.text = f"　　{first.text or ''}"
        first.set(PRESERVED, "preserve")
        one.append(run("　 "))


def blanks(body: _Element) -> None:
    """Blanks stand around the figures of the narrative, hard ones too."""
    for one in told(body):
        text = re.sub(r"(?<![\d.,])(\d[\d,]*(?:\.\d+)?)(?=万元|%)", "\u00a0\\1 ", words(one))
        reworded(one, text)


# --- paragraphs ---------------------------------------------------------------------------------------------


def sections(body: _Element) -> None:
    """Page and section breaks, and empty paragraphs, stand between the parts and around the tables."""
    for one in paragraphs(body):
        if PARTS.match(words(one).strip()):
            one.addprevious(element("w:p", element("w:r", element("w:br", type="page"))))
            one.addnext(element("w:p"))
    for table in tables(body):
        broken = element("w:p", element("w:pPr", element("w:sectPr", element("w:type", val="nextPage"))))
        table.addnext(broken)
        broken.addnext(element("w:p"))


def lines_broken(body: _Element) -> None:
    """The sentences of a section that follow each other are lines of one paragraph."""
    last: _Element | None = None
    for child in list(body):
        text = words(child).strip() if child.tag == qn("w:p") else ""
        plain = "万元" in text and child.find(qn("w:pPr") + "/" + qn("w:sectPr")) is None
        if plain and last is not None:
            last.append(element("w:r", element("w:br")))
            last.extend(runs(child))
            body.remove(child)
        elif child.tag != qn("w:p") or text:
            last = child if plain else None


def numbered_by_word(body: _Element) -> None:
    """The numbers of headings and lists are Word's own: they are no text."""
    for one in paragraphs(body):
        text = words(one).strip()
        found = CHAPTER.match(text) or NUMBERED.match(text)
        if found and ("关于" in text or "情况" in text or "：" in text or "万元" in text):
            reworded(one, text[found.end() :])
            one.get_or_add_pPr().append(
                element("w:numPr", element("w:ilvl", val="0"), element("w:numId", val="1"))
            )


def without_contents(body: _Element) -> None:
    """There is no table of contents."""
    found = paragraphs(body)
    starts = [n for n, one in enumerate(found) if words(one).strip().startswith("第一部分")]
    begin = next((n for n, one in enumerate(found) if re.fullmatch(r"目\s*录", words(one).strip())), None)
    if begin is not None and len(starts) > 1:
        for one in found[begin : starts[-1]]:
            body.remove(one)


def cover_in_one(body: _Element) -> None:
    """The lines of the cover are one paragraph."""
    found = paragraphs(body)
    end = next(
        (n for n, one in enumerate(found) if re.fullmatch(r"目\s*录|第一部分.*", words(one).strip())), 0
    )
    for one in found[1:end]:
        found[0].extend(runs(one))
        body.remove(one)


def parts_marked(body: _Element) -> None:
    """The headings of the parts have a colon behind their number."""
    for one in paragraphs(body):
        text = words(one).strip()
        if (found := PARTS.match(text)) and len(text) < 50 and text[found.end() :].strip():
            reworded(one, f"{found[0]}：{text[found.end() :].strip()}")


def titles_boxed(body: _Element) -> None:
    """What stands right above a table stands in a text box."""
    for table in tables(body)[:8]:
        above = table.getprevious()
        if above is not None and above.tag == qn("w:p") and "单位" in words(above):
            text = words(above)
            shape = element("w:txbxContent", paragraph(text))
            for one in runs(above):
                above.remove(one)
            above.append(element("w:r", element("w:pict", shape)))


# --- cells --------------------------------------------------------------------------------------------------


def cells_wrapped(body: _Element) -> None:
    """The longer names in cells go on in a second paragraph."""
    for cell in (c for table in tables(body)[:12] for row in rows(table) for c in cells(row)):
        text = words(cell).strip()
        if len(text) > 7 and not AMOUNT.fullmatch(text) and len(cell.findall(qn("w:p"))) == 1:
            half = len(text) // 2
            reworded(cell, text[:half])
            cell.append(paragraph(text[half:]))


def captions_wrapped(body: _Element) -> None:
    """The captions of tables stand one sign below the other."""
    for table in tables(body)[:12]:
        for cell in (cell for row in rows(table)[:2] for cell in cells(row)):
            text = words(cell).strip()
            if 1 < len(text) < 7:
                reworded(cell, text[0])
                held = cell.findall(qn("w:p"))[-1]
                for sign in reversed(text[1:]):
                    held.addnext(paragraph(sign))


def codes_merged(body: _Element) -> None:
    """The parts of codes that repeat those above are merged with them."""
    for table in tables(body)[1:12]:
        _merged(table, tuple(_code_columns(table)))


def _code_columns(table: _Element) -> Iterator[int]:
    for row in rows(table)[:4]:
        texts = [words(cell).strip() for cell in cells(row)]
        if texts[:2] == ["类", "款"]:
            yield from range(3 if texts[2:3] == ["项"] else 2)
            return


def _merged(table: _Element, columns: tuple[int, ...]) -> None:
    above: list[str] = []
    firsts: dict[int, _Element] = {}
    for row in rows(table):
        held = cells(row)
        texts = [words(held[c]).strip() if c < len(held) else "" for c in columns]
        coded = bool(texts) and texts[0].isdigit() and len(held) > len(columns) + 1
        for place, column in enumerate(columns):
            same = coded and texts[: place + 1] == above[: place + 1] and texts[place]
            if same and any(texts[place + 1 :]) and column in firsts:
                _continue(firsts[column], held[column])
            elif coded:
                firsts[column] = held[column]
        above = texts if coded else []


def _continue(first: _Element, cell: _Element) -> None:
    for one, value in ((first, "restart"), (cell, "continue")):
        properties = one.get_or_add_tcPr()
        if properties.find(qn("w:vMerge")) is None:
            properties.append(element("w:vMerge", val=value))
    reworded(cell, "")


def columns_lettered(body: _Element) -> None:
    """Below the captions stands a row that numbers the columns."""
    for table in tables(body)[1:6]:
        held = rows(table)
        first = next(
            (row for row in held if any(AMOUNT.fullmatch(words(c).strip()) for c in cells(row))), None
        )
        if first is None or any(words(c).strip() == "1" for row in held[:5] for c in cells(row)):
            continue
        numbered = copy.deepcopy(first)
        count = itertools.count(1)
        named = False
        for cell in cells(numbered):
            money = bool(AMOUNT.fullmatch(words(cell).strip()) or (named and not words(cell).strip()))
            named = named or bool(re.search("[一-鿿]", words(cell)))
            for one in cell.findall(qn("w:p"))[1:]:
                cell.remove(one)
            held_in = cell.find(qn("w:p"))
            for one in runs(held_in):
                held_in.remove(one)
            held_in.append(run(str(next(count)) if money else "栏次" if not named else ""))
        first.addprevious(numbered)


def split_halves(body: _Element) -> None:
    """The longer tables are cut in two, one right behind the other, and 续表 between them."""
    for table in tables(body)[1:6]:
        held = rows(table)
        if len(held) > 12:
            more = copy.deepcopy(table)
            half = len(held) // 2
            for row in rows(more)[:half]:
                more.remove(row)
            for row in held[half:]:
                table.remove(row)
            between = paragraph("续表")
            table.addnext(between)
            between.addnext(more)


def nested(body: _Element) -> None:
    """Tables stand in a table that only lays them out, with a line above them."""
    for table in tables(body)[1:5]:
        above = table.getprevious()
        cell = element("w:tc")
        table.addprevious(element("w:tbl", element("w:tblPr"), element("w:tr", cell)))
        if above is not None and above.tag == qn("w:p") and "单位" in words(above):
            cell.append(above)
        cell.append(table)
        cell.append(element("w:p"))


KINDS: dict[str, Callable[[_Element], None]] = {
    kind.__name__: kind
    for kind in (
        runs_split,
        tracked,
        tracked_cells,
        annotated,
        controls,
        linked,
        tabbed,
        blanks,
        sections,
        lines_broken,
        numbered_by_word,
        without_contents,
        cover_in_one,
        parts_marked,
        titles_boxed,
        cells_wrapped,
        captions_wrapped,
        codes_merged,
        columns_lettered,
        split_halves,
        nested,
    )
}
"""Each by its name."""


def layered(data: bytes, kinds: tuple[str, ...]) -> bytes:
    """A document of which the body is changed in some kinds."""
    document = Document(BytesIO(data))
    for kind in kinds:
        KINDS[kind](document.element.body)
    made = BytesIO()
    document.save(made)
    return made.getvalue()
