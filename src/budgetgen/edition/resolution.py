"""Whether every name of an edition is that of something declared.

What a text is stands in its type (`budgetgen.edition.declarations.names`); here is what each kind of name may be. Formulas
and wordings are read with the row that they are used at, so they are resolved by the declarations that they are in.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from budgetgen.edition import codes
from budgetgen.edition.circles import circles
from budgetgen.edition.declarations import (
    ANY,
    BODY,
    COMPUTED,
    FIGURES,
    Block,
    Case,
    Column,
    Declared,
    DrivingLines,
    Edition,
    Level,
    ListDeclaration,
    PerformanceTable,
    Phrase,
    Rule,
    StatementDeclaration,
    Synonyms,
    TableDeclaration,
)
from budgetgen.edition.declarations.names import Formula, Inside, Named, Pattern, Regular, Words
from budgetgen.edition.declarations.own_styles import CARRIED
from budgetgen.edition.walking import DeclaredText, texts
from budgetgen.formula.nodes import CellOf, ColumnOf
from budgetgen.formula.reader import FormulaError
from budgetgen.values.amounts import UNIT_OF_MONEY, WAN
from budgetgen.values.patterns import Slot, pieces, slots
from budgetgen.values.text import near_name

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from budgetgen.edition.files import Location

Problem: TypeAlias = "tuple[Location, str, str]"
"""Where a declaration is, the word in it that is wrong, and what is wrong with it."""

SCOPED = (Rule, DrivingLines, StatementDeclaration, ListDeclaration, Case, Phrase, Synonyms)
"""The declarations whose formulas and wordings are about a row at hand, or about what is declared beside them."""


def problems(edition: Edition) -> Iterator[Problem]:
    """Everything that does not resolve, or is declared twice."""
    if bare := list(_without_blocks(edition)):
        yield from bare
        return  # a table is what its blocks are
    said = list(texts(edition))
    for one in said:
        yield from _named(edition, one)
        yield from _general(edition, one)
    for index, rule in enumerate(edition.rule):
        yield from _rule(edition, rule, ("rule", index))
    for index, figure in enumerate(edition.figure):
        for text in filter(None, (figure.value, figure.whole, figure.prior)):
            yield from _formula(
                edition, ("figure", index), figure.id, text, each=_table(edition, figure.each)
            )
    for index, statement in enumerate(edition.statement):
        yield from _list(edition, statement.id, statement, ("statement", index))
    yield from _drafting(edition)
    yield from _synonyms(edition)
    yield from _shapes(edition)
    yield from _too_few(edition)
    yield from _money(edition)


def circular(edition: Edition) -> Iterator[Problem]:
    """Relations that fill cells from each other; asked of an edition whose names all resolve."""
    for circle in circles(edition):
        at = max((n for n, rule in enumerate(edition.rule) if rule in circle.rules), default=None)
        way = " → ".join(f"{table}[{row}].{column}" for table, row, column in circle.cells)
        rules = "、".join(f"“{rule.id}”" for rule in circle.rules)
        words = "填报表里会是循环引用；去掉前提（where）或右边里的这一格，只核对的写 derives = false"
        yield ("rule", at) if at is not None else (), "", f"规则{rules}推算绕成了圈：{way}。{words}"


# --- names --------------------------------------------------------------------------------------------------


def _named(edition: Edition, said: DeclaredText) -> Iterator[Problem]:
    for kind in said.kinds if said.text else ():
        match kind:
            case Named(what=what):
                called, known = KNOWN[what](edition, said)
                if said.text not in known:
                    hint = near_name(said.text, known)
                    yield said.location, said.text, f"{_where(said)}没有{called}“{said.text}”{hint}"
            case Regular():
                yield from _compiled(said)
            case Inside():
                yield from _inside(edition, said, kind)
            case Words(slots=allowed):
                for slot in slots(said.text):
                    if slot not in allowed:
                        may = "、".join(f"{{{name}}}" for name in allowed)
                        yield said.location, slot, f"{_where(said)}这里不能用 {{{slot}}}，只能用 {may}"


def _compiled(said: DeclaredText) -> Iterator[Problem]:
    try:
        re.compile(said.text)
    except re.error as error:
        yield said.location, said.text, f"{_where(said)}正则表达式“{said.text}”写法有误：{error}"


def _where(said: DeclaredText) -> str:
    """The declaration that a text stands in, as its author knows it: `statement“functions”.section：`."""
    way = [str(step) for step in said.location if isinstance(step, str)]
    own = next(filter(None, map(_own_name, reversed(said.owners))), "")
    return f"{way[0]}“{own}”.{way[-1]}：" if own and len(way) > 1 else f"{'.'.join(way)}："


def _called(said: DeclaredText) -> str:
    """The name of the declaration that a text stands in, else of its field."""
    return next(filter(None, map(_own_name, reversed(said.owners))), str(said.location[-1]))


def _own_name(declared: Declared) -> str:
    found = getattr(declared, "id", "") or getattr(declared, "name", "")
    return found if isinstance(found, str) and not isinstance(declared, Edition) else ""


def _owner(said: DeclaredText, *kinds: type[Declared]) -> Declared | None:
    return next((owner for owner in reversed(said.owners) if isinstance(owner, kinds)), None)


Known: TypeAlias = "Callable[[Edition, DeclaredText], tuple[str, Collection[str]]]"


def _tables(edition: Edition, _: DeclaredText) -> tuple[str, Collection[str]]:
    return "表", {*edition.tables, *COMPUTED}


def _facts(edition: Edition, _: DeclaredText) -> tuple[str, Collection[str]]:
    about = edition.house.about
    return f"“{about}”这一页的项目", edition.tables[about].fixed if about in edition.tables else ()


def _fact_choices(edition: Edition, said: DeclaredText) -> tuple[str, Collection[str]]:
    kind = edition.consolidation.institutions.kind if edition.consolidation else ""
    facts = _facts(edition, said)[1]
    return f"“{kind}”可以选的", edition.choices(kind) if kind in facts else ()


def _kinds(edition: Edition, said: DeclaredText) -> tuple[str, Collection[str]]:
    facts = _facts(edition, said)[1]
    return "公开主体", edition.choices(edition.house.kind) if edition.house.kind in facts else ()


def _block_columns(_: Edition, said: DeclaredText) -> tuple[str, Collection[str]]:
    block = _owner(said, Block)
    return "列", [column.name for column in block.columns] if isinstance(block, Block) else ()


def _codings(_: Edition, said: DeclaredText) -> tuple[str, Collection[str]]:
    column, block = _owner(said, Column), _owner(said, Block)
    if isinstance(column, Column) and isinstance(block, Block) and column.type == "name":
        return "代码列", [other.name for other in block.columns if other.type == "code"]
    return "科目", ("function", "economic")


def _performance_columns(edition: Edition, said: DeclaredText) -> tuple[str, Collection[str]]:
    table = _owner(said, PerformanceTable)
    if not isinstance(table, PerformanceTable):
        return "列", ()
    of = table.indicators if "columns" in said.location else table.heads
    declared = edition.tables.get(of)
    known = (*declared.columns, *declared.fixed) if declared else ()
    return f"“{of}”的列", (*known, *edition.names) if of == table.heads else known


KNOWN: Mapping[str, Known] = {
    "table": _tables,
    "figure": lambda edition, _: ("指标", edition.figures),
    "basis": lambda edition, _: ("比较口径", [basis.name for basis in edition.comparisons.basis]),
    "statement": lambda edition, _: ("语句", [statement.id for statement in edition.statement]),
    "rule": lambda edition, _: ("规则", edition.rules),
    "section": lambda edition, _: ("章节", [section.id for section in edition.section]),
    "noun": lambda edition, _: ("说法", [noun.name for noun in edition.drafting.noun]),
    "performance": lambda edition, _: ("绩效表", [table.id for table in edition.performance]),
    "printed table": lambda edition, _: ("表", {*edition.tables, *(t.id for t in edition.performance)}),
    "paragraph": lambda _, __: ("段落样式", [BODY, *CARRIED]),
    "codes": lambda edition, _: ("科目表", codes.names(edition.homes)),
    "coding": _codings,
    "fact": _facts,
    "fact choice": _fact_choices,
    "kind": _kinds,
    "block column": _block_columns,
    "performance column": _performance_columns,
}
"""What a name is called, and what it may be."""


def _inside(edition: Edition, said: DeclaredText, kind: Inside) -> Iterator[Problem]:
    owner = next((one for one in reversed(said.owners) if hasattr(one, kind.table)), said.owners[-1])
    table = str(said.beside[int(kind.table)] if kind.table.isdigit() else getattr(owner, kind.table))
    if not edition.has_table(table):
        return  # complained of where it is named
    match kind.what:
        case "column":
            known: Collection[str] = COMPUTED[table] if table in COMPUTED else edition.tables[table].columns
            called = f"表“{table}”没有列“{said.text}”"
        case "level":
            known, called = edition.levels(table), f"表“{table}”没有级次“{said.text}”"
        case _:
            column = edition.tables[table].columns.get(str(getattr(owner, kind.column)))
            known = column.choices if column else (said.text,)
            called = f"表“{table}”的这一列不能选“{said.text}”"
    if said.text not in known:
        yield said.location, said.text, f"{_where(said)}{called}{near_name(said.text, known)}"


# --- formulas and wordings ----------------------------------------------------------------------------------


def _general(edition: Edition, said: DeclaredText) -> Iterator[Problem]:
    """A formula or a wording whose row at hand its own declaration tells, or that is about none."""
    owner = said.owners[-1]
    if isinstance(owner, SCOPED):
        return
    for kind in said.kinds:
        if isinstance(kind, Formula) and said.text:
            each = _table(edition, str(getattr(owner, kind.each))) if kind.each else ""
            yield from _formula(edition, said.location, _called(said), said.text, each=each)
        if isinstance(kind, Pattern):
            yield from _pattern(edition, said.location, str(_where(said).rstrip("：")), said.text)


def _rule(edition: Edition, rule: Rule, location: Location) -> Iterator[Problem]:
    if rule.holds:
        for name in ("title", "basis", "fix"):
            if not getattr(rule, name):
                yield location, rule.id, f"规则“{rule.id}”没有写 {name}"
    known = [table for table in rule.each if edition.has_table(table)]
    for each in known if rule.each else [""]:
        for column in edition.columns_of(rule, each):
            for text in filter(None, (rule.holds, rule.where)):
                yield from _formula(edition, location, rule.id, text, each=each, column=column)
        yield from _pattern(edition, location, rule.id, rule.message, each=each)


def _drafting(edition: Edition) -> Iterator[Problem]:
    for index, source in enumerate(edition.drafting.source):
        for name in filter(edition.figures.__contains__, source.figures):
            outer = {"outer": edition.figures[name].each} if edition.figures[name].each else {}
            for lines in source.lines:
                each = _table(edition, lines.each)
                for text in filter(None, (lines.where, lines.called, lines.value, lines.prior)):
                    at = ("drafting", "source", index)
                    yield from _formula(edition, at, text, text, each=each, **outer)


def _synonyms(edition: Edition) -> Iterator[Problem]:
    """The slots of the ways to say a thing: columns of the figures, names of the edition, any words."""
    said = edition.synonyms
    for name, ways in {**said.ways, "leads": said.leads}.items():
        for way in ways:
            known = way.replace(f"{{{ANY}}}", "")
            yield from _pattern(edition, ("synonyms",), f"synonyms.{name}", known, each=FIGURES)


def _table(edition: Edition, name: str) -> str:
    """A table that is declared; what is not is complained of where it is named."""
    return name if edition.has_table(name) else ""


def _formula(edition: Edition, location: Location, word: str, text: str, **scope: str) -> Iterator[Problem]:
    try:
        edition.formula(text, **scope)
    except FormulaError as error:
        yield location, error.word or word, f"“{word}”：{error}"


def _pattern(
    edition: Edition, location: Location, word: str, pattern: str, **scope: str
) -> Iterator[Problem]:
    rest = re.sub(r"\{[^{}]+\}", "", pattern)
    if "{" in rest or "}" in rest:
        yield location, rest[rest.find("{") :][:8] or "}", f"“{word}”：花括号没有成对：“{pattern}”"
    for slot in slots(pattern):
        if slot in edition.phrase:
            yield from _cases(edition, location, slot, edition.phrase[slot].cases, **scope)
        else:
            yield from _formula(edition, location, word, slot, **scope)


def _cases(
    edition: Edition, location: Location, word: str, cases: Iterable[Case], **scope: str
) -> Iterator[Problem]:
    yield from _reached(location, word, tuple(cases))
    for case in cases:
        if case.when:
            yield from _formula(edition, location, word, case.when, **scope)
        for pattern in (case.says, *case.reads):
            yield from _pattern(edition, location, word, pattern, **scope)


def _reached(location: Location, word: str, cases: tuple[Case, ...]) -> Iterator[Problem]:
    for case in cases[:-1]:
        if not case.when:
            yield location, case.says, f"“{word}”：“{case.says}”没有条件，它后面的说法永远用不到"


def _list(
    edition: Edition,
    word: str,
    declared: StatementDeclaration | ListDeclaration,
    location: Location,
    outer: str = "",
) -> Iterator[Problem]:
    each = declared.each
    if each and not edition.has_table(each):
        return  # complained of where it is named
    scope = {"each": each, "outer": outer}
    for text in filter(None, (declared.where, *declared.let.values())):
        yield from _formula(edition, location, word, text, **scope)
    for phrase in slots(declared.numbered):
        if phrase not in edition.phrase:
            hint = near_name(phrase, edition.phrase)
            said = f"“{word}”的序号“{declared.numbered}”：没有“{phrase}”这个说法{hint}"
            yield location, phrase, said
    named = {*declared.let, *declared.list}
    yield from _reached(location, word, declared.cases)
    for case in declared.cases:
        if case.when:
            yield from _formula(edition, location, word, case.when, **scope)
        for pattern in (case.says, *case.reads):
            rest = re.sub(r"\{([^{}]+)\}", lambda slot: "" if slot[1] in named else slot[0], pattern)
            yield from _pattern(edition, location, word, rest, **scope)
    for cases in getattr(declared, "lines", ()):
        yield from _cases(edition, location, word, cases, **scope)
    for name, inner in declared.list.items():
        yield from _list(edition, f"{word}.{name}", inner, location, outer=each)


# --- shapes -------------------------------------------------------------------------------------------------

SHEET = re.compile(r"[^\[\]:*?/\\]{1,31}")
"""What Excel takes for the name of a sheet."""
FEWEST_BARS = 2
"""In a chart: the last of them may be all the rest."""


def _shapes(edition: Edition) -> Iterator[Problem]:
    """What is declared twice, or under a name that Excel or a formula cannot take, or is missing altogether."""
    numbers = Counter(table.number for table in edition.printed)
    for index, table in enumerate(edition.table):
        at = ("table", index)
        if numbers[table.number] > 1:
            yield at, table.name, f"表“{table.name}”的编号 {table.number} 与别的表相同"
        if not SHEET.fullmatch(table.name):
            yield at, table.name, f"表“{table.name}”：Excel 工作表的名称最多 31 个字，不能有 [ ] : * ? / \\"
        yield from _columns(table, at)
    parts = {part.number for part in edition.part}
    for index, section in enumerate(edition.section):
        if section.part not in parts:
            yield ("section", index), section.id, f"章节“{section.id}”所在的第 {section.part} 部分不存在"
    told = {section.part for section in edition.section}
    if len(parts - told) != 1:
        yield ("part",), "", "[[part]]：应当正好有一个部分没有章节，各表印在那里"


def _without_blocks(edition: Edition) -> Iterator[Problem]:
    for index, table in enumerate(edition.table):
        if not table.block:
            yield ("table", index), table.name, f"表“{table.name}”没有写 [[table.block]]：不知道有哪些列"


def _too_few(edition: Edition) -> Iterator[Problem]:
    if not edition.comparisons.basis:
        yield ("comparisons",), "basis", "[[comparisons.basis]]：至少要写一个"
    if edition.brief.bars < FEWEST_BARS:
        yield ("brief",), "bars", f"brief.bars：{edition.brief.bars} 太小，至少是 {FEWEST_BARS}"


def _columns(table: TableDeclaration, at: Location) -> Iterator[Problem]:
    for index, name in ((i, column.name) for i, block in enumerate(table.block) for column in block.columns):
        if not name.isidentifier():
            yield (
                (*at, "block", index),
                name,
                f"表“{table.name}”的列“{name}”：名称里不能有括号、空格和标点，印出来的写在 header",
            )
    keys = Counter(row.key for block in table.block for row in block.rows)
    for key in (key for key, count in keys.items() if count > 1):
        yield at, key, f"表“{table.name}”的行“{key}”写了两次"
    for block in table.block:
        levels: tuple[Level, ...] = block.levels
        if block.open and levels and not block.key:
            yield at, table.name, f"表“{table.name}”没有写 key：不知道各行以哪一列为名"


# --- money --------------------------------------------------------------------------------------------------

AFTER = re.compile(rf"\s*(?![美港欧日])({UNIT_OF_MONEY})")
"""The unit of money behind a slot, but for that of another country."""
MOST_PLACES = 6
"""Decimals of an amount."""


def _money(edition: Edition) -> Iterator[Problem]:
    """What is printed beside an amount names the unit that it is in."""
    own = [(("table", i, "money"), table.money) for i, table in enumerate(edition.table) if table.money]
    for location, scale in ((("money", "tables"), edition.money.tables), *own):
        if not 0 <= scale.places <= MOST_PLACES:
            words = f"小数位数 places = {scale.places} 不能用，只能是 0 到 {MOST_PLACES}"
            yield location, "places", words
        if not scale.labelled_truly:
            yield location, scale.label, f"金额单位写作“{scale.label}”，声明的却是 unit = “{scale.unit}”"
    named = edition.house.money
    about = edition.tables.get(edition.house.about)
    if about and named in about.fixed and any(own) and len(edition.choices(named)) != 1:
        words = f"有的表自定金额单位（money），“{named}”就只能有一个可选的单位"
        yield ("house", "money"), named, words
    for said in texts(edition):
        if any(isinstance(kind, Pattern) for kind in said.kinds):
            yield from _told_in(edition, said)


def _told_in(edition: Edition, said: DeclaredText) -> Iterator[Problem]:
    """Sentences tell amounts in 万元; those of foreign money are no amounts of the Book."""
    parts = pieces(said.text)
    for slot, after in pairwise(parts):
        found = AFTER.match(after) if isinstance(after, str) and not isinstance(slot, str) else None
        if found and found[1] != WAN and not _worded(edition, said, slot):
            words = f"{_where(said)}“{said.text}”：正文的金额以万元计，“{found[1]}”写错了"
            yield said.location, said.text, words


def _worded(edition: Edition, said: DeclaredText, slot: object) -> bool:
    """Whether a slot certainly is a text, as somebody wrote it."""
    each = next(
        (own for one in reversed(said.owners) if isinstance(own := getattr(one, "each", None), str)), ""
    )
    try:
        node = edition.formula(slot.name, each=_table(edition, each)) if isinstance(slot, Slot) else None
    except FormulaError:
        return False
    return isinstance(node, CellOf | ColumnOf) and node.kind == "text"
