"""What wraps the text of a Word document, hangs on it, or is gone from it: nothing is lost, and nothing is read twice."""

from __future__ import annotations

from io import BytesIO

import pytest
from docx import Document
from docx.oxml import parse_xml

from budgetgen.reading.document.blocks import HIDDEN, Grid, Text, anchors, blocks
from budgetgen.reading.document.manuscript import manuscript
from budgetgen.values.places import DocumentPlace, told_place

SPACES = " ".join(
    f'xmlns:{prefix}="{space}"'
    for prefix, space in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    }.items()
)


def run(text):
    return f"<w:r><w:t>{text}</w:t></w:r>"


def par(text):
    return f"<w:p>{run(text)}</w:p>"


def cell(text, properties="", more=""):
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{par(text)}{more}</w:tc>"


def row(*cells, properties=""):
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def table(*rows):
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def control(inner):
    return f"<w:sdt><w:sdtPr/><w:sdtContent>{inner}</w:sdtContent></w:sdt>"


def box(*paragraphs):
    return f"<w:txbxContent>{''.join(paragraphs)}</w:txbxContent>"


def document(body):
    made = Document()
    for node in parse_xml(f"<w:body {SPACES}>{body}</w:body>"):
        made.element.body.insert_element_before(node, "w:sectPr")
    return made


def saved(made):
    data = BytesIO()
    made.save(data)
    return data.getvalue()


def told(found):
    """Paragraphs as texts, tables as rows of texts."""
    return [
        block.text
        if isinstance(block, Text)
        else [tuple(str(raw.value or "") for raw in line) for line in block.lines]
        for block in found
    ]


INSERTED, MOVED = '<w:ins w:id="1" w:author="x">{}</w:ins>', '<w:moveTo w:id="1" w:author="x">{}</w:moveTo>'
GONE = '<w:moveFrom w:id="1" w:author="x"><w:r><w:t>移走的</w:t></w:r></w:moveFrom>'


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (control(par("甲")) + par("乙"), ["甲", "乙"]),
        (control(control(table(row(cell("甲"), cell("1.00"))))), [[("甲", "1.00")]]),
        (
            table(control(row(cell("甲"), cell("1.00"))), row(cell("乙"), cell("2.00"))),
            [[("甲", "1.00"), ("乙", "2.00")]],
        ),
        (table(row(cell("甲"), control(cell("1.00")), cell("2.00"))), [[("甲", "1.00", "2.00")]]),
        (table(row(f"<w:tc>{control(par('甲'))}</w:tc>", cell("乙"))), [[("甲", "乙")]]),
        (table(INSERTED.format(row(cell("甲"), cell("乙")))), [[("甲", "乙")]]),
        (
            f"<w:p>{INSERTED.format(run('甲'))}{control(run('乙'))}<w:hyperlink>{run('丙')}</w:hyperlink></w:p>",
            ["甲乙丙"],
        ),
        (f"<w:p>{run('甲')}{GONE}{MOVED.format(run('乙'))}</w:p>", ["甲乙"]),
        (
            table(
                row(cell("甲"), cell("乙")),
                row(cell("丙"), properties='<w:del w:id="1" w:author="x"/>'),
            ),
            [[("甲", "乙")]],
        ),
        (
            table(row(cell("甲"), cell("乙", '<w:cellDel w:id="1" w:author="x"/>'), cell("丙"))),
            [[("甲", "丙")]],
        ),
        (
            table(
                row(cell("甲"), cell("乙"), cell("丙")),
                row(cell("丁"), properties='<w:gridBefore w:val="2"/>'),
            ),
            [[("甲", "乙", "丙"), ("", "", "丁")]],
        ),
        (
            table(
                row(cell("甲"), cell("乙"), cell("丙")),
                row(cell("丁"), properties='<w:gridAfter w:val="2"/>'),
            ),
            [[("甲", "乙", "丙"), ("丁", "", "")]],
        ),
        (table(row(cell("甲")), row(cell("乙"))), ["甲", "乙"]),
    ],
)
def test_wrappers_are_no_layer_and_what_is_gone_is_not_read(body, expected):
    assert told(blocks(saved(document(body)))) == expected


def test_a_table_within_a_cell_is_a_table_of_its_own():
    inner = table(row(cell("里"), cell("55.55")))
    outer, nested = blocks(
        saved(document(table(row(cell("甲"), cell("1.00", more=inner)), row(cell("乙"), cell("2.00")))))
    )
    assert told([outer, nested]) == [[("甲", "1.00"), ("乙", "2.00")], [("里", "55.55")]]
    assert (outer.within, nested.within, nested.number) == (None, DocumentPlace(1, 1, 2), 1)


def test_a_text_box_follows_its_paragraph_and_is_read_once():
    shape = (
        f"<mc:AlternateContent><mc:Choice Requires='wps'><wps:txbx>{box(par('框'))}</wps:txbx></mc:Choice>"
    )
    shape += f"<mc:Fallback><w:pict>{box(par('框'))}</w:pict></mc:Fallback></mc:AlternateContent>"
    body = f"<w:p>{run('甲')}<w:r>{shape}</w:r></w:p>{par('乙')}"
    made = document(body)
    assert [(b.text, told_place(b.place)) for b in blocks(saved(made))] == [
        ("甲", "文档第1段"),
        ("框", "文档文本框第1段"),
        ("乙", "文档第2段"),
    ]
    found = {str(place): node for place, node in anchors(made.element.body).items()}
    assert found["文档文本框第1段"] is found["文档第1段"]
    assert [aside.text for aside in manuscript(saved(made)).asides] == ["框"]


def test_headers_and_footers_come_last():
    made = document(par("甲"))
    made.sections[0].header.paragraphs[0].text = "内部资料"
    made.sections[0].footer.paragraphs[0].text = "第1页"
    assert [(b.text, told_place(b.place)) for b in blocks(saved(made))] == [
        ("甲", "文档第1段"),
        ("第1页", "文档页脚第1段"),
        ("内部资料", "文档页眉第1段"),
    ]


def test_places_of_cells_are_those_of_the_grid():
    made = document(
        table(row(cell("甲"), cell("乙")), row(cell("丙"), properties='<w:gridBefore w:val="1"/>'))
    )
    (grid,) = blocks(saved(made))
    assert isinstance(grid, Grid)
    assert told_place(grid.lines[1][1].place) == "文档第1个表第2行第2列"
    assert set(anchors(made.element.body)) == {
        DocumentPlace(1, 1, 1),
        DocumentPlace(1, 1, 2),
        DocumentPlace(1, 2, 2),
    }


# --- hidden text --------------------------------------------------------------------------------------------

STYLES = (
    '<w:style w:type="{0}" w:styleId="{0}藏"><w:name w:val="{0}藏"/><w:rPr><w:vanish/></w:rPr></w:style>',
    '<w:style w:type="{0}" w:styleId="{0}承"><w:name w:val="{0}承"/><w:basedOn w:val="{0}藏"/></w:style>',
    (
        '<w:style w:type="{0}" w:styleId="{0}现"><w:name w:val="{0}现"/><w:basedOn w:val="{0}藏"/>'
        '<w:rPr><w:vanish w:val="0"/></w:rPr></w:style>'
    ),
)
"""Styles of paragraphs or characters: one that hides, one based on it, one that shows again."""


def styled(*runs, style=""):
    """A document of one paragraph of runs as (text, properties)."""
    inner = "".join(f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>" for text, properties in runs)
    own = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    made = document(f"<w:p>{own}{inner}</w:p>")
    both = "".join(text.format(kind) for kind in ("paragraph", "character") for text in STYLES)
    for node in parse_xml(f"<w:styles {SPACES}>{both}</w:styles>"):
        made.styles.element.append(node)
    return made


@pytest.mark.parametrize(
    ("properties", "style", "hidden"),
    [
        ("<w:vanish/>", "", True),
        ('<w:vanish w:val="true"/>', "", True),
        ('<w:vanish w:val="0"/>', "paragraph藏", False),
        ("<w:webHidden/>", "", False),
        ('<w:rStyle w:val="character藏"/>', "", True),
        ('<w:rStyle w:val="character承"/>', "", True),
        ('<w:rStyle w:val="character现"/>', "", False),
        ("", "paragraph藏", True),
        ("", "paragraph承", True),
        ("", "paragraph现", False),
        ('<w:rStyle w:val="character藏"/>', "paragraph藏", False),
        ("", "没有的样式", False),
    ],
)
def test_hidden_text_is_apart_from_what_is_shown(properties, style, hidden):
    made = styled(("看得见", '<w:vanish w:val="0"/>'), ("99.99", properties), style=style)
    shown = [Text("看得见", 1), Text("99.99", 1, HIDDEN)] if hidden else [Text("看得见99.99", 1)]
    assert list(blocks(saved(made))) == shown


def test_a_paragraph_that_is_not_shown_takes_no_number():
    made = styled(("99.99", "<w:vanish/>"))
    made.add_paragraph("后面")
    assert list(blocks(saved(made))) == [Text("后面", 1), Text("99.99", 1, HIDDEN)]
    assert list(anchors(made.element.body)) == [DocumentPlace(paragraph=1)]


def mark(kind):
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


BEGIN, PARTED, END = map(mark, ("begin", "separate", "end"))
COMMAND = "<w:r><w:instrText> IF 1 = </w:instrText></w:r>"


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ((BEGIN, COMMAND, PARTED, run("1.00"), END), "甲1.00乙"),
        ((BEGIN, COMMAND, BEGIN, COMMAND, PARTED, run("9.99"), END, PARTED, run("1.00"), END), "甲1.00乙"),
        ((BEGIN, PARTED, BEGIN, COMMAND, PARTED, run("1.00"), END, run("元"), END), "甲1.00元乙"),
        ((BEGIN, run("9.99"), END), "甲乙"),
        ((BEGIN, COMMAND, run("1.00")), "甲1.00乙"),
        ((run("1.00"), PARTED, END), "甲1.00乙"),
        ((f"<w:del>{BEGIN}</w:del>", run("1.00"), f"<w:del>{END}</w:del>"), "甲1.00乙"),
        (
            (f"<w:r><w:ruby><w:rt>{run('jia')}</w:rt><w:rubyBase>{run('1.00')}</w:rubyBase></w:ruby></w:r>",),
            "甲1.00乙",
        ),
    ],
    ids=[
        "field",
        "in-a-command",
        "in-a-result",
        "no-result",
        "never-ended",
        "never-begun",
        "unlinked",
        "spoken",
    ],
)
def test_fields_show_their_results_and_words_how_they_are_written(inner, expected):
    body = f"<w:p>{run('甲')}{''.join(inner)}{run('乙')}</w:p>"
    assert told(blocks(saved(document(body)))) == [expected]
