"""What a refusal says: what was wanted, what is wrong, and what to do about it in WPS, Excel or Word."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

from budgetgen.values.findings import Blame, UnusableInputError

if TYPE_CHECKING:
    from pathlib import Path

RESAVE: Final = "在 {app} 中打开这个文件，另存为新的 {suffix} 文件"
CHOOSE: Final = "选择填好的 {suffix} 文件"
DAMAGED: Final = (
    "文件不完整或已损坏，可能在复制、下载或传输时中断",
    "重新复制或下载这个文件；如果 {app} 还能打开它，就另存为新的 {suffix} 文件",
)
_ODD: Final = "文件的内部结构异常（{what}），不像是 {app} 直接保存的文件"
SPLIT: Final = "把内容分到几个文件里，或删除不需要的内容，保存后再试"
PASTE: Final = "从下发的空白填报表重新开始，只用“选择性粘贴—数值”把数据粘贴过去"
TRIM: Final = "在 {app} 中选中数据下方的全部空行和右侧的全部空列，删除后保存再试"


@dataclass(frozen=True, slots=True)
class FileWords:
    """What the caller came for, as messages call it.

    Attributes:
        suffix: the file name's ending.
        app: the programs that make such files.
        noun: what such a file is.
    """

    suffix: str
    app: str
    noun: str


@dataclass(frozen=True, slots=True)
class Wanted(FileWords):
    """What the caller came for, of the files that are packages of parts.

    Attributes:
        main_type: the content type of its main part.
        main_part: where the main part is unless the file says otherwise.
        dialect: the word in the main part's namespace.
        most_tags: how many tags all parts may have together.
    """

    main_type: str
    main_part: str
    dialect: str
    most_tags: int


_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
XLSX: Final = Wanted(
    suffix=".xlsx",
    app="WPS 或 Excel",
    noun="Excel 工作簿",
    main_type=_OFFICE + "spreadsheetml.sheet.main+xml",
    main_part="xl/workbook.xml",
    dialect="spreadsheetml",
    most_tags=10_000_000,
)
DOCX: Final = Wanted(
    suffix=".docx",
    app="WPS 或 Word",
    noun="Word 文档",
    main_type=_OFFICE + "wordprocessingml.document.main+xml",
    main_part="word/document.xml",
    dialect="wordprocessingml",
    most_tags=3_000_000,
)

PDF: Final = FileWords(suffix=".pdf", app="WPS 或 Word", noun="PDF 文件")
WEB: Final = FileWords(suffix=".html", app="浏览器", noun="网页")


class RefusalError(Exception):
    """A refusal before it is worded for the kind of file that was wanted."""

    def __init__(self, problem: str, fix: str, *, blame: Blame = Blame.FILE, **facts: str | int) -> None:
        super().__init__(problem)
        self.problem, self.fix, self.blame, self.facts = problem, fix, blame, facts

    def worded(self, path: Path, wanted: FileWords) -> UnusableInputError:
        """What is wrong with a file, and what to do, in the words of the kind of file that it should be."""
        words = asdict(wanted) | self.facts
        return UnusableInputError(path, self.problem.format(**words), self.fix.format(**words), self.blame)


def odd(what: str) -> RefusalError:
    """The refusal of a file that no office program makes."""
    return RefusalError(_ODD, RESAVE, what=what)
