"""What is wrong with a file that is no TOML, in Chinese: the library tells it in English only."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tomllib import TOMLDecodeError

PLACE: Final = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
SAID: Final = {
    r"Illegal character '\\n'": "这一行的文字少了右边的引号",
    r"Unterminated string$": '到文件末尾还少一个引号：上面的文字少了右边的引号，或 """ 没有配对',
    r"Illegal character|Found invalid character": "有看不见的控制字符，删去重打",
    r"Invalid value$": "“=”的右边、列表里的一项不是内容：文字要写在半角引号里，方括号要配对",
    r"Invalid statement$": '这一行不是“名称 = 内容”，也不是 [表头]；多半是上面的 """ 没有配对，或用了全角符号',
    r"Expected newline": "内容的后面还有别的字：引号没有配对，或一行写了两项",
    r"Expected '='": "名称的后面不是半角的 =",
    r"Expected '\]": "表头的方括号没有配对",
    r"Expected ['\"]": '上面的 """ 没有配对',
    r"Unclosed array$": "方括号没有配对：上一行末少了逗号，或少了 ]",
    r"Unclosed inline table$": "花括号没有配对：各项之间少了逗号，或少了 }；花括号里不能换行",
    r"Cannot |Duplicate": "这个名称、表头在这个文件里已经写过",
    r"Unescaped|Escaped|Invalid hex": r"反斜杠要写成两个 \\，或把整段文字写在单引号里",
    r"Invalid initial": "名称写法有误：中文的名称要写在半角引号里",
    r"Invalid date": "日期、时间写法有误；文字要写在引号里",
}
"""How what the library says begins → what it says to an author of editions."""


def in_chinese(error: TOMLDecodeError, called: str, text: str) -> str:
    """What is wrong, with file and line; of what only the end of the file shows, the last line."""
    told = str(error)
    found = PLACE.search(told)
    bare = told[: found.start()] if found else told
    line = int(found[1]) if found and found[1] else max(1, len(text.splitlines()))
    said = next((words for begins, words in SAID.items() if re.match(begins, bare)), bare)
    return f"{called}:{line}: 不是正确的 TOML：{said}"
