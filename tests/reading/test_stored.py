"""The workbook as stored: what is read is what openpyxl reads, whoever wrote the file."""

import datetime as dt
import subprocess
import zipfile
from io import BytesIO
from xml.parsers.expat import ExpatError

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from budgetgen.edition import available
from budgetgen.reading.cells import NOTHING, Raw
from budgetgen.reading.guard import admit_parts
from budgetgen.reading.rows import rows_in
from budgetgen.reading.sheets import Surroundings
from budgetgen.reading.stored import StoredPart, StoredWorkbook
from budgetgen.values.places import told_place
from tests.conftest import ROOT, SAMPLES

VALUES = (
    "文字",
    "  两边有空格 ",
    "一_x000D_二",
    "",
    0,
    -12,
    648.9,
    1e-7,
    1234567890,
    True,
    False,
    "#DIV/0!",
    dt.datetime(2026, 3, 1, 12, 30, 15),
    dt.datetime(1900, 1, 15),
    dt.date(2026, 12, 31),
    dt.time(8, 45, 30),
    dt.timedelta(hours=49, minutes=5),
    CellRichText("前", TextBlock(InlineFont(b=True), "粗"), "后"),
)
FORMATS = (
    "General",
    "0%",
    "yyyy-mm-dd",
    "[h]:mm",
    '0.00"万元"',
    "@",
    'yyyy"年"m"月"',
    "#,##0_);(#,##0)",
    "h:mm AM/PM",
)

pytestmark = pytest.mark.filterwarnings(
    "ignore:Cell .* is marked as a date"
)  # openpyxl's, of days that are none


def stored(path):
    """Every cell that holds something, by sheet and place."""
    workbook = StoredWorkbook(admit_parts(path, "xlsx"))
    return {
        told_place(raw.place): (raw.value, raw.formula)
        for sheet in workbook.sheets
        for line in workbook.rows(sheet, Surroundings())
        for raw in line
        if raw.value is not None or raw.formula
    }


def opened(path):
    """The same by openpyxl; the empty text that a formula gave is none to it."""
    values, formulas = (load_workbook(path, data_only=only, rich_text=False) for only in (True, False))
    return {
        f"{sheet.title}!{cell.coordinate}": (
            cell.value,
            formulas[sheet.title][cell.coordinate].data_type == "f",
        )
        for sheet in values.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None or formulas[sheet.title][cell.coordinate].data_type == "f"
    }


def alike(path):
    """The cells that are read otherwise, with both values."""
    own, other = stored(path), opened(path)
    return {
        place: (own.get(place), other.get(place))
        for place in own.keys() | other.keys()
        if not same(own.get(place), other.get(place))
    }


def same(own, other):
    return own == other or (own == ("", True) and other == (None, True))


@pytest.fixture(params=[False, True], ids=["1900", "1904"])
def every_kind(request, tmp_path):
    """A workbook with every kind of value in every format."""
    workbook = Workbook()
    if request.param:
        workbook.epoch = CALENDAR_MAC_1904
    sheet = workbook.active
    for row, value in enumerate(VALUES, start=2):
        for column, code in enumerate(FORMATS, start=2):
            sheet.cell(row, column, value).number_format = code
    sheet.append(["=1+1", None, "后面"])
    sheet.merge_cells("A40:B41")
    workbook.create_sheet("第二页")["C3"] = 5
    workbook.save(tmp_path / "各种.xlsx")
    return tmp_path / "各种.xlsx"


def test_every_kind_of_value_is_read_as_openpyxl_reads_it(every_kind):
    assert len(stored(every_kind)) > 100
    assert alike(every_kind) == {}


@pytest.mark.parametrize(
    "path",
    [*sorted(SAMPLES.glob("*.xlsx")), ROOT / "templates" / "xlsx" / f"{available()[0]}.xlsx"],
    ids=lambda p: p.name,
)
def test_samples_and_templates_are_read_as_openpyxl_reads_them(path):
    assert alike(path) == {}


@pytest.mark.office
def test_what_libreoffice_has_saved_is_read_as_openpyxl_reads_it(every_kind, tmp_path):
    out = tmp_path / "out"
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", out, every_kind],
        check=True,
        capture_output=True,
    )
    assert alike(out / every_kind.name) == {}


def changed(path, part, old, new):
    """The file with something in one part replaced."""
    result = BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(result, "w") as target:
        for name in source.namelist():
            text = source.read(name)
            target.writestr(name, text.replace(old, new) if name == part else text)
    path.write_bytes(result.getvalue())
    return path


@pytest.mark.parametrize(
    ("xml", "value"),
    [
        (
            b'<c r="C3" t="inlineStr"><is><t>\xe7\x94\xb2</t><rPh sb="0" eb="1"><t>jia</t></rPh></is></c>',
            ("甲", False),
        ),
        (b'<c r="C3" t="d"><v>2026-03-01T00:00:00</v></c>', (dt.datetime(2026, 3, 1), False)),
        (b'<c r="C3" t="str"><f>A1</f><v></v></c>', ("", True)),
        (b'<c r="C3"><f>A1</f></c>', (None, True)),
        (b'<c r="C3" t="e"><v>#N/A</v></c>', ("#N/A", False)),
        (b'<c r="C3"><v>1.5E3</v></c>', (1500.0, False)),
    ],
)
def test_what_other_programs_store(every_kind, xml, value):
    path = changed(every_kind, "xl/worksheets/sheet2.xml", b'<c r="C3" t="n"><v>5</v></c>', xml)
    assert stored(path)["第二页!C3"] == value


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="B2" s="1" t="s"><v>0</v></c>',
        '<c r="B2" t="str"><f t="shared" ref="B2:B3" si="0">IF(A1&lt;&gt;"",A1&amp;"元","&amp;lt;")</f><v>1&lt;2</v></c>',
        '<c r="B2"><f t="shared" si="0"/><v>3</v></c>',
        '<c r="B2" t="inlineStr"><is><t xml:space="preserve"> 甲 &amp; 乙 </t></is></c>',
        '<c r="B2"><v></v></c><c r="D2"/><c r="F2" s="2"/><c r="E2"><v>4</v></c>',
        # from here on in other forms
        '<c t="str" r="B2"><v>甲</v></c>',
        "<c r='B2'><v>5</v></c>",
        "<c><v>6</v></c>",
        '<c r="B2"><v>&#55;</v></c>',
        '<c r="B2" t="str"><v>一\r\n二</v></c>',
        '<c r="B2"> <v>8</v></c>',
        '<c r="B2" t="str"><v>九<!-- <c r="C2"><v>1</v></c> --></v></c>',
        '<c r="B2" t="str"><v><![CDATA[<十>]]></v></c>',
        '<c r="B2" t="inlineStr"><is><r><t>一</t></r><rPh sb="0" eb="1"><t>yi</t></rPh><r><t>二</t></r></is></c>',
        '<c r="B2" cm="1"><v>11</v></c>',
    ],
)
@pytest.mark.parametrize(
    "row",
    [
        '<row r="2" hidden="1" ht="12.5">',
        '<row r="2"><!-- 注 -->',
        "<row>",
        '<row hidden="1">',
        '<row r="2"\thidden="1">',
        '<row r="2"\nhidden="1" >',
        '<row r="2" hidden ="1">',
        "<row r='2' hidden='1'>",
        '<row r="2" hidden="&#49;">',
    ],
)
def test_the_usual_way_through_a_sheet_gives_what_the_parser_gives(cell, row):
    def meaning(*told):
        return Raw(told[3], told[4] is not None, told[0], f"{told[4]}|{told[5]}", f"{told[1]}|{told[2]}")

    first = '<row r="1" spans="1:2"><c r="A1" s="3"><v>1</v></c></row><row r="7" hidden="1"/>'
    last = '<row r="3"><c r="A3"><v>2</v></c></row>'
    data = SHEET.format(f"{first}{row}{cell}</row>{last}").encode()
    (lines, around), (wanted, noted) = both(data, meaning)
    assert lines == wanted
    assert around == noted
    assert around.merges == [(1, 1, 2, 1)]
    assert around.columns == [(3, 4)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('<col min="3"', '<col\nmin="3"'),
        ('<col min="3"', '<col\tmin="3"'),
        ('hidden="1"/>', "hidden='1'/>"),
        ('hidden="1"/>', 'hidden="1"></col>'),
        ('<mergeCell ref="A1:B1"/>', '<mergeCell\nref="A1:B1"/>'),
        ('<mergeCell ref="A1:B1"/>', '<mergeCell ref="A1:B1" />'),
        ('<mergeCell ref="A1:B1"/>', '<mergeCell ref="A1:B1"></mergeCell>'),
    ],
)
def test_what_stands_around_the_rows_is_noted_in_whatever_form(old, new):
    data = SHEET.format('<row r="1"><c r="A1"><v>1</v></c></row>').replace(old, new).encode()
    (lines, around), (wanted, noted) = both(data, lambda *told: Raw(told[3], False, told[0]))
    assert lines == wanted
    assert around == noted
    assert (around.merges, around.columns) == ([(1, 1, 2, 1)], [(3, 4)])


SHEET = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cols><col min="3" max="4" hidden="1"/>'
    '</cols><sheetData>{}</sheetData><mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells></worksheet>'
)


def both(data, meaning):
    """The rows of a sheet and what stands around them, read the usual way and by the parser."""
    workbook, usual, parsed = StoredWorkbook({"1": data}), Surroundings(), Surroundings()
    object.__setattr__(workbook, "_raw", meaning)
    lines = list(workbook.rows(StoredPart("甲", "1", True, 1), usual))
    wanted = list(rows_in(data, "甲", meaning, parsed))
    for raw in (raw for line in (*lines, *wanted) for raw in line if raw.value is None):
        assert raw == NOTHING or raw.place
    bare = [[raw if raw.value is not None or raw.formula else raw.place for raw in line] for line in lines]
    same = [[raw if raw.value is not None or raw.formula else raw.place for raw in line] for line in wanted]
    return (bare, usual), (same, parsed)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("</row>", "</rows>"),
        ('<c r="A1" s="3">', '<c r="A1" s="3" s="3">'),
        ("<v>1</v>", "<v>1&nbsp;</v>"),
        ("<v>1</v>", "<v>1\x01</v>"),
        ("</worksheet>", ""),
        ("<row ", "<x:row "),
    ],
)
def test_a_sheet_that_is_no_xml_is_refused(old, new):
    row = '<row r="1"><c r="A1" s="3"><v>1</v></c></row>'
    workbook = StoredWorkbook({"1": SHEET.format(row).replace(old, new).encode()})
    with pytest.raises(ExpatError):
        list(workbook.rows(StoredPart("甲", "1", True, 1), Surroundings()))


def test_a_part_in_utf_16_is_read(every_kind):
    with zipfile.ZipFile(every_kind) as source:
        text = source.read("xl/worksheets/sheet2.xml").decode()
    declared = (
        '<?xml version="1.0" encoding="UTF-16"?>' + text.partition("?>")[2]
        if text.startswith("<?xml")
        else '<?xml version="1.0" encoding="UTF-16"?>' + text
    )
    path = changed(every_kind, "xl/worksheets/sheet2.xml", text.encode(), declared.encode("utf-16"))
    assert stored(path)["第二页!C3"] == (5, False)
