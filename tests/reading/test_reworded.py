"""A sentence that a document words otherwise than the format is printed once: by the format; what is the office's own stays."""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import replace

import pytest

from budgetgen.app.pipeline.inputs import examine
from budgetgen.book.derivation import derive
from budgetgen.edition.loading import load
from budgetgen.reading.document.blocks import Text
from budgetgen.saying.disclosure import compose
from budgetgen.saying.interleaving import said_at
from budgetgen.saying.rewording import WordedSentence
from budgetgen.writing.workbook.writer import render_workbook
from tests.conftest import some
from tests.reading.test_leftover import WORDS, kept, open_sample, paragraphs, published, taken

OTHERS = {
    "安排": "编列",
    "主要": "大体",
    "用于": "花在",
    "包括": "含有",
    "其中": "里面",
    "收入": "进项",
    "支出": "开支",
    "预算": "计划",
    "单位": "机构",
    "增加": "多了",
    "减少": "少了",
    "原因": "缘由",
}
"""Words of the field, and what no edition declares to mean the same."""
LEADS = ("按照有关规定，", "经研究，现将有关情况说明如下：", "具体来看，")


def words(draw, text):
    """Two words said otherwise."""
    met = [word for word in OTHERS if word in text]
    for word in draw.sample(met, min(2, len(met))):
        text = text.replace(word, OTHERS[word], 1)
    return text


def order(draw, text):
    """The clauses in another order."""
    clauses = re.split("[，；]", text.rstrip("。"))
    at = draw.randrange(len(clauses))
    return "，".join(clauses[at:] + clauses[:at]) + "。"


def led_in(draw, text):
    """Words that lead in, and one that joins."""
    return draw.choice(LEADS) + text.replace("，", "，并且", 1)


KINDS = {
    "词语": words,
    "次序": order,
    "连接": led_in,
    "都有": lambda draw, text: led_in(draw, order(draw, words(draw, text))),
}


@pytest.fixture(scope="module", params=["xinjiang-2026", "shanghai-2024"])
def sample(request):
    """A format, the blocks of a document of it, and where its sentences stand."""
    edition = load(request.param)
    found = published(edition, open_sample(edition))
    plain = Counter(paragraphs(taken(found, edition), edition))
    stand = [
        n for n, b in enumerate(found) if isinstance(b, Text) and len(b.text) > 12 and plain[b.text] == 1
    ]
    return edition, found, [n for n in stand if "万元" in found[n].text]


def reworded(found, stand, kind, part, more=""):
    """Every other sentence in other words."""
    draw = random.Random(f"{kind} {part}")  # noqa: S311 - the same wordings each time
    new = {n: KINDS[kind](draw, found[n].text) for n in stand[part::2]}
    return [
        replace(b, text=new[n].rstrip("。") + "。" + more) if n in new else b for n, b in enumerate(found)
    ]


def worded(text):
    return WordedSentence(text, text)


@pytest.mark.parametrize("part", some((0, 1), 1))
@pytest.mark.parametrize("kind", some(KINDS, 2))
def test_a_sentence_with_figures_is_said_once_in_whatever_words(sample, kind, part):
    edition, found, stand = sample
    book = derive(taken(reworded(found, stand, kind, part), edition), edition)
    given, stored = said_at(compose(book, edition), edition), edition.verbatim
    twice = [
        (own.text, said.text)
        for row in book[stored.table].rows
        for own in WordedSentence.parts(row.text(stored.text))
        for paragraph in given.get(row.text(stored.section), ())
        for said in WordedSentence.parts(paragraph)
        if own.amounts and own.like(said) and Counter(own.amounts) <= Counter(said.amounts)
    ]
    assert twice == []


@pytest.mark.parametrize("kind", some(KINDS, 1))
def test_what_the_office_says_beside_it_stays(sample, kind):
    edition, found, stand = sample
    more = reworded(found, stand, kind, 0, WORDS)
    assert "".join(paragraphs(taken(more, edition), edition)).count(WORDS) == len(stand[0::2])


def first(found, beginning):
    return next(n for n, b in enumerate(found) if isinstance(b, Text) and b.text.startswith(beginning))


def test_what_is_said_in_other_words_is_told_with_what_it_says_beyond():
    edition = load("xinjiang-2026")
    found = list(published(edition, open_sample(edition)))
    at = first(found, "2026年财政拨款收支总预算")
    text = "2026年财政拨款收支的总计划是648.89万元，比往年更加精打细算。"
    found[at] = replace(found[at], text=text + WORDS)
    texts, findings = kept(found, edition)
    given = "2026年财政拨款收支总预算648.89万元。"
    beyond = "原文另有“比往年更加精打细算”，版式的一句里没有"
    assert texts == [WORDS]
    told = [(f.rule, f.message) for f in findings if "paragraph" in f.rule]
    assert told == [
        (
            "paragraph-reworded",
            f"“{text}”与版式的“{given}”说的是一件事，公开文本印版式的一句，原文不再印；{beyond}",
        ),
        ("paragraph-unplaced", f"没有读懂：{WORDS}"),
    ]


def test_a_line_below_a_table_in_other_words_is_said_once():
    edition = load("xinjiang-2026")
    found = list(published(edition, open_sample(edition)))
    note = next(b.remarks[0] for b in tables(found, edition) if b.remarks)
    at = next(n for n, b in enumerate(found) if isinstance(b, Text) and b.text == note)
    found[at] = replace(found[at], text=note.replace("本表", "上面这张表格里"))
    assert kept(found, edition)[0] == []
    assert {b.remarks for b in tables(found, edition) if note in b.remarks} == {(note,)}


def tables(found, edition):
    book = derive(taken(found, edition), edition)
    return [b for part in compose(book, edition).parts for b in part.blocks if hasattr(b, "remarks")]


def test_two_things_of_names_much_alike_are_two():
    one = worded("1.办公设备价值1.94万元。")
    assert [
        bool(one.same(worded(text), load("xinjiang-2026").review))
        for text in ("3、办公家具价值0.00万元。", "办公设备的价值1.94万元")
    ] == [
        False,
        True,
    ]


def test_what_the_format_says_with_other_figures_beside_a_kept_paragraph_is_told(tmp_path):
    """A sentence that alone tells of its thing is kept as it stands: the format says nothing of it but zero."""
    edition = load("xinjiang-2026")
    found = list(published(edition, open_sample(edition)))
    at = next(n for n, b in enumerate(found) if isinstance(b, Text) and "政府采购货物预算" in b.text)
    found[at] = replace(found[at], text=found[at].text.replace("政府采购预算", "要办的政府采购，计划"))
    path = tmp_path / "填报表.xlsx"
    path.write_bytes(render_workbook(edition, derive(taken(found, edition), edition)))
    (told,) = (f.message for f in examine(path).findings if f.rule == "paragraph-kept")
    assert told.startswith(f"照原文印出：“{found[at].text}”；版式在同一处另印“")
    assert "政府采购货物预算0.00万元" in told


def test_a_sentence_on_a_name_that_no_table_has_is_not_lost():
    edition = load("xinjiang-2026")
    found = list(published(edition, open_sample(edition)))
    at = first(found, "一般公共预算648.89万元，占")
    text = f"同时新增项目，{found[at].text}另按程序安排备用资金56.78万元。"
    found[at] = replace(found[at], text=text)
    texts, findings = kept(found, edition)
    assert texts == ["另按程序安排备用资金56.78万元。"]
    assert "paragraph-reworded" in {f.rule for f in findings}
