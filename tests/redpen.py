"""Slips that a reviewer marks with a red pen, made in any document where a draw decides: each a rewriting of one text."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from budgetgen.reading.document.blocks import Block, Grid, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from random import Random

    from budgetgen.reading.cells import Raw
    from budgetgen.values.places import FilePlace
    from tests.plants import Manuscript

Rewriting: TypeAlias = "str | Callable[[re.Match[str]], str]"


@dataclass(frozen=True)
class Marked:
    """A document with one slip.

    Attributes:
        blocks: all of it.
        place: where it stands.
        said: what stands there now.
    """

    blocks: tuple[Block, ...]
    place: FilePlace | None
    said: str


def _more(step: float) -> Callable[[re.Match[str]], str]:
    return lambda m: f"{float(m[0].replace(',', '')) + step:,.2f}"


def _turned(match: re.Match[str]) -> str:
    digits = match[0]
    n = next(
        (n for n in range(len(digits) - 1) if digits[n : n + 2].isdigit() and digits[n] != digits[n + 1]), 0
    )
    return digits[:n] + digits[n + 1] + digits[n] + digits[n + 2 :]


def _next(match: re.Match[str]) -> str:
    return str(int(match[0]) + 1)


def _last(match: re.Match[str]) -> str:
    return str(int(match[0]) - 1)


AMOUNT = r"\d[\d,]*\.\d\d(?=万元)"
SENTENCES: Mapping[str, tuple[str, Rewriting]] = {
    "金额改": (AMOUNT, _more(1)),
    "金额倒置": (AMOUNT, _turned),
    "小数点错位": (
        AMOUNT,
        lambda m: f"{float(m[0].replace(',', '')) * 10:.2f}" if float(m[0].replace(",", "")) else "1.00",
    ),
    "尾数差一分": (AMOUNT, _more(0.01)),
    "万元写作元": (r"(?<=\d)万元", "元"),
    "漏单位": (r"(?<=\.\d\d)万元(?=[，。；])", ""),
    "增写作减": (r"(?<=[比较]上年预算)增加(?=[1-9])", "减少"),
    "减写作增": (r"(?<=[比较]上年预算)减少(?=[1-9])", "增加"),
    "增长写作下降": (r"增长(?=[1-9][\d,.]*[%％])", "下降"),
    "下降写作增长": (r"下降(?=[1-9][\d,.]*[%％])", "增长"),
    "占比改": (r"(?<=占)\d+\.\d\d(?=[%％])", _more(1)),
    "增长率改": (r"(?<=[长降])[1-9]\d*\.\d\d(?=[%％])", _more(3)),
    "年份未改": (r"20\d\d(?=年.{0,40}(?:预算|安排|收入|支出))", _last),
    "年份写到下年": (r"20\d\d(?=年.{0,40}(?:预算|安排|收入|支出))", _next),
    "上年写作本年": (r"[比较]上年", "比本年"),
    "自称换了": (r"本单位|本部门", lambda m: "本部门" if m[0] == "本单位" else "本单位"),
    "列举漏一项": (r"、[^、，。；]{2,8}(?=、)", ""),
    "列举多一项": (r"、(?=[^、，。；]{2,8}、)", "、会议场地租用费、"),
    "款写作类": (r"（款）", "（类）"),
    "项写作款": (r"（项）", "（款）"),
    "句末无句号": (r"。$", ""),
    "句号两个": (r"。$", "。。"),
    "逗号两个": (r"，", "，，"),
    "字重复": (r"安排|支出|收入|主要", lambda m: m[0] * 2),
    "的字重复": (r"的(?=[\u4e00-\u9fff])", "的的"),
    "半个括号": (r"）", ""),
    "半个书名号": (r"》", ""),
    "半个引号": (r"”", ""),
    "逗号半角": (r"，", ","),
    "文号用方括号": (r"〔(\d{4})〕", r"[\1]"),
    "文号用圆括号": (r"〔(\d{4})〕", r"（\1）"),
    "不存在的日子": (r"\d+月\d+日", "2月30日"),
    "十三月": (r"\d+(?=月)", "13"),
    "执行时间倒了": (r"(\d+)月(\d+)日(?=[—至-])", "12月31日"),
    "留着XX": (r"项目(?=[\u4e00-\u9fff])", "XX项目"),
    "留着填写说明": (r"。$", "（按项目分别填报）。"),
    "留着省略号": (r"。$", "……。"),
    "原因空着": (r"(?<=主要原因是)[^。]+", ""),
    "原因只说预算增加": (r"(?<=主要原因是)[^。]+", "预算增加"),
    "原因说反": (
        r"(?<=主要原因是)([^。]*?)(增加|减少|新增)",
        lambda m: m[1] + ("减少" if m[2] != "减少" else "增加"),
    ),
    "不变说成增加": (r"增加0\.00万元", "增加5.00万元"),
    "预算错字": (r"预算", "予算"),
    "拨款错字": (r"拨款", "拔款"),
    "经费错字": (r"经费", "经废"),
    "账户错字": (r"购置", "购制"),
    "绩效错字": (r"绩效", "绩校"),
    "职能错字": (r"职能", "职能能"),
    "倒字": (r"支出", "出支"),
    "漏字": (r"一般公共预算", "一般共预算"),
    "个数改": (r"(?<=项目)(?:共)?\d+(?=个)", lambda m: re.sub(r"\d+", _next, m[0])),
    "家数改": (r"\d+(?=家)", _next),
    "辆数改": (r"\d+(?=辆)", _next),
    "台数改": (r"\d+(?=台)", _next),
    "人数改": (r"\d+(?=人)", _next),
    "平方米改": (r"\d+(?:\.\d+)?(?=平方米)", lambda m: f"{float(m[0]) + 100:g}"),
    "未安排写作安排": (r"未安排|没有使用", "安排了"),
    "留着电话": (r"。$", "，联系电话0991-4567890。"),
    "千分位不一": (r"\d(?=\d{3}\.\d\d万元)", lambda m: m[0] + ","),
    "小数三位": (r"\.\d\d(?=万元)", lambda m: m[0] + "5"),
    "序号跳号": (r"^[（(][一二三四五六七八]", lambda m: m[0][0] + "九"),
    "数字序号跳号": (r"^[1-7](?=[.．、])", lambda m: str(int(m[0]) + 2)),
    "连接词重复": (r"及(?=[\u4e00-\u9fff])", "和及"),
    "英文": (r"和(?=[\u4e00-\u9fff])", "and"),
    "比持平": (r"增加0\.00万元，增长0\.00%", "比上年预算持平"),
    "上年执行数": (r"上年预算(?!数)", "上年执行数"),
    "单位名少字": (r"中心(?=[\u4e00-\u9fff2])", "中"),
    "类名改": (r"(?<=[.、，])[\u4e00-\u9fff]{4,10}(?=（类）)", "文化体育与传媒支出"),
    "小微大于中小": (r"(?<=小微企业预留政府采购项目预算金额)\d[\d,]*\.\d\d", lambda _: "9,999.00"),
}
CELLS: Mapping[str, tuple[str, Rewriting]] = {
    "表里金额改": (r"^[1-9][\d,]*\.\d\d$", _more(1)),
    "表里金额倒置": (r"^[1-9][\d,]*\.\d\d$", _turned),
    "表里金额清空": (r"^[1-9][\d,]*\.\d\d$", ""),
    "表里代码改": (r"^(20\d|21\d|30[12])\d{2,4}$", lambda m: m[0][:-1] + str((int(m[0][-1]) + 1) % 10)),
    "表里名称改": (r"^[\u4e00-\u9fff]{4,}支出$", lambda m: m[0].replace("支出", "费用")),
    "满意度反向": (r"^(?:≥|>=)(?=(?:8|9)\d[%％]$)", "≤"),
    "比率过百": (r"(?<=^[≥=])9\d(?=%$)", "105"),
    "指标值缺单位": (r"(?<=\d)(?:家|次|场次|个|人|项|条)$", ""),
    "指标值调成零": (r"(?<=^[≥=])\d+(?=[家次个人项条])", "0"),
    "权重改": (r"^(?:5|10|20)(?:\.00)?$", "9"),
    "时限过期": (r"20\d\d(?=年12月)", _last),
    "目标里数字改": (r"(?<=[\u4e00-\u9fff])\d+(?=[家次场名个])", _next),
}


def slip(kind: str, draw: Random, found: Manuscript) -> Marked | None:
    """One slip of a kind; None where a document has no place for it."""
    if kind in SENTENCES:
        pattern, new = SENTENCES[kind]
        places = [t for t in found.texts if t.number > 3 and re.search(pattern, t.text)]
        return _in_text(found, draw.choice(places), pattern, new, draw) if places else None
    pattern, new = CELLS[kind]
    cells = [raw for raw in _cells(found) if re.search(pattern, str(raw.value))]
    if not cells:
        return None
    raw = draw.choice(cells)
    said = re.sub(pattern, new, str(raw.value), count=1)
    assert raw.place is not None
    return Marked(found.with_cell(raw.place, said), raw.place, said) if said != str(raw.value) else None


def _cells(found: Manuscript) -> Iterator[Raw]:
    return (
        raw
        for block in found.blocks
        if isinstance(block, Grid) and not block.within
        for line in block.lines
        for raw in line
        if raw.place in found.places and not raw.blank
    )


def _in_text(found: Manuscript, text: Text, pattern: str, new: Rewriting, draw: Random) -> Marked | None:
    match = draw.choice(list(re.finditer(pattern, text.text)))
    written = match.expand(new) if isinstance(new, str) else new(match)
    said = text.text[: match.start()] + written + text.text[match.end() :]
    if said == text.text:
        return None
    blocks = tuple(replace(b, text=said) if b is text else b for b in found.blocks)
    return Marked(blocks, text.place, said)
