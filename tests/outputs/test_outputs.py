"""Word and Excel take every file as it is: no validator, and none of our own checks, has anything to say of it."""

from __future__ import annotations

import re

import openxml_audit.context
import pytest
from openxml_audit import OpenXmlValidator

from tests.conftest import SAMPLES
from tests.outputs.excel import BOOK, STRINGS, excel_faults
from tests.outputs.packages import Package, package_faults
from tests.outputs.word import COMMENTS, MAIN, SETTINGS, STYLES, word_faults


@pytest.fixture(scope="module", autouse=True)
def _fast_positions():
    """The validator counts siblings for the paths in its messages: in a sheet of many rows that is most of its time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(openxml_audit.context, "_sibling_position", lambda _: 1, raising=False)
        yield


def test_the_validator_of_office_finds_nothing(output):
    # A validator of its own for each file: one that is used again mistakes parts for those of the last file.
    assert [str(error) for error in OpenXmlValidator().validate(str(output)).errors] == []


def test_the_package_is_whole(output):
    assert list(package_faults(Package(output))) == []


def test_word_has_nothing_to_put_right(document):
    assert list(word_faults(document)) == []


def test_excel_has_nothing_to_put_right(book):
    assert list(excel_faults(book)) == []


# --- the checks notice what they are there for --------------------------------------------------------------


def broken(path, part, old, new):
    """The file with something replaced in a part."""
    package = Package(path)
    text = package.parts[part].decode()
    changed, found = re.subn(old, new, text, count=1)
    assert found
    package.parts[part] = changed.encode()
    return package


ROW = "<w:tr>(?:(?!</w:tr>).)*</w:tr>"
SHEET = "xl/worksheets/sheet3.xml"


@pytest.mark.parametrize(
    ("part", "old", "new", "told"),
    [
        (STYLES, r'<w:shd w:val="clear"[^>]*/>', '<w:highlight w:val="yellow"/>', "Word ignores the highlighting"),
        (STYLES, 'w:styleId="CommentReference"', 'w:styleId="Other"', "w:rStyle of no character style"),
        (STYLES, 'w:styleId="SmallText"', 'w:styleId="SmallHead"', "style twice: SmallHead"),
        (STYLES, '<w:lang w:val="zh-CN"', '<w:lang w:val="en-US"', "language of w:docDefaults: .*en-US"),
        (STYLES, '<w:lang w:val="x-none"', '<w:lang w:val="zh-CN"', "language of w:style: .*zh-CN', 'zh-CN"),
        (SETTINGS, "<w:themeFontLang[^>]*/>", "", "language of w:settings: ..$"),
        (COMMENTS, '<w:comment w:id="0"', '<w:comment w:id="1"', "comment twice: 1"),
        (MAIN, '<w:commentRangeEnd w:id="3"/>', "", "w:commentRangeEnd do not match the comments"),
        (MAIN, '<w:bookmarkEnd w:id="2"/>', "", "bookmarks that do not end"),
        (MAIN, 'w:anchor="_Toc00000001"', 'w:anchor="_Toc1"', "link to no bookmark: _Toc1"),
        (MAIN, '<w:fldChar w:fldCharType="end"/>', "", "fields that do not end"),
        (MAIN, "<w:tblHeader/>", "", "heads below other rows"),
        (MAIN, '<w:gridSpan w:val="2"/>', '<w:gridSpan w:val="3"/>', "row 1 has more columns|has 5 columns"),
        (MAIN, '<w:vMerge w:val="restart"/>', "", "a cell continues none above"),
        (MAIN, '<w:gridCol w:w="[0-9]+"/>', '<w:gridCol w:w="9"/>', "a cell is .* wide, its columns"),
        (MAIN, "<w:t>[0-9.]{4,}</w:t>|(?<=>)[0-9]+\\.[0-9]{2}(?=</w:t>)", "1" * 60, "needs .* of"),
        (MAIN, 'w:pStyle w:val="BodyText"', 'w:numPr><w:numId w:val="7"/></w:numPr><w:pStyle w:val="BodyText"', "no such list: 7"),
    ],
)  # fmt: skip
def test_a_document_that_word_would_put_right_is_noticed(workshop, part, old, new, told):
    package = broken(workshop["批注文本.docx"], part, old, new)
    assert any(re.search(told, fault) for fault in word_faults(package))


@pytest.mark.parametrize(
    ("part", "old", "new", "told"),
    [
        (BOOK, 'name="基本支出"', 'name="' + "长" * 32 + '"', "sheet name: 长"),
        (BOOK, 'name="基本支出"', 'name="项目支出"', "sheet twice: 项目支出"),
        (BOOK, 'definedName name="功能科目代码"', 'definedName name="AB12"', "defined name: AB12"),
        (BOOK, "!\\$B\\$[0-9]+</definedName>", "!#REF!</definedName>", "name of nothing"),
        (STRINGS, "</t>", "长" * 40_000 + "</t>", "a text of 400"),
        (SHEET, '<c r="A1" s="[0-9]+"', '<c r="A1" s="9999"', "in no style"),
        (SHEET, 't="s"><v>[0-9]+', 't="s"><v>999999', "holds no text"),
        (SHEET, '<mergeCell ref="[^"]*"/>', '<mergeCell ref="A1:B2"/><mergeCell ref="B2:C3"/>', "merged twice"),
        (SHEET, ' prompt="', ' prompt="' + "长" * 256, "prompt of"),
        (SHEET, "<formula1>", "<formula1>" + "长" * 256, "a rule of"),
        (SHEET, '<row r="5"', '<row r="1"', "row 1 below row"),
        (SHEET, "<oddFooter>", "<oddFooter>" + "长" * 256, "oddFooter of"),
        ("xl/worksheets/sheet2.xml", "<f>", '<f>"' + "长" * 256 + '"&amp;', "a text in a formula"),
        ("xl/worksheets/sheet2.xml", "<f>", "<f>没有的表!A1+", "a formula about no sheet: 没有的表"),
        ("xl/worksheets/sheet2.xml", 'dxfId="0"', 'dxfId="99"', "a format without a look"),
        ("xl/worksheets/sheet1.xml", 'location="[^"]*"', 'location="没有的表!A1"', "a formula about no sheet"),
    ],
)  # fmt: skip
def test_a_workbook_that_excel_would_put_right_is_noticed(part, old, new, told):
    package = broken(SAMPLES / "xinjiang-2026-unit.xlsx", part, old, new)
    assert any(re.search(told, fault) for fault in excel_faults(package))


@pytest.mark.parametrize(
    ("part", "old", "new", "told"),
    [
        ("[Content_Types].xml", "<Override[^>]*styles[^>]*/>", '<Override PartName="/x.xml" ContentType="y"/>', "declared and not there"),
        ("word/_rels/document.xml.rels", 'Target="styles.xml"', 'Target="style.xml"', "leads to nothing: word/style.xml"),
        ("word/_rels/document.xml.rels", 'Id="header1"', 'Id="header2"', "relation twice: header2"),
        (MAIN, ':id="header1"', ':id="header9"', "no such relation: header9"),
        (MAIN, ' xml:space="preserve">', "> ", "white space is lost"),
    ],
)  # fmt: skip
def test_a_package_that_is_not_whole_is_noticed(workshop, part, old, new, told):
    package = broken(workshop["批注文本.docx"], part, old, new)
    assert any(re.search(told, fault) for fault in package_faults(package))
