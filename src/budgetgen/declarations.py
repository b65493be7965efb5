"""What an edition may declare: the types of everything in `editions/<id>/*.toml`."""

from __future__ import annotations

from collections.abc import Collection, Mapping  # noqa: TC003 - pydantic reads the annotations
from functools import cached_property
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from budgetgen import codes
from budgetgen.expressions import OUTER, Node, Reader
from budgetgen.findings import Severity
from budgetgen.model import TOTAL

TERMS = "名词解释"
"""The glossary of the edition as a table, for the wording: 术语, 内容."""
TERM_COLUMNS: Mapping[str, str] = {"术语": "text", "内容": "text"}

FIGURES = "指标"
"""The table that `figures` computes: one row per figure of the narrative, with its change since last year."""

FIGURE_COLUMNS: Mapping[str, str] = {
    "编号": "text",
    "组": "text",
    "名称": "text",
    "列名": "text",
    "科目代码": "text",
    "金额": "money",
    "上年": "money",
    "增减": "text",
    "增减额": "money",
    "升降": "text",
    "增减率": "percent",
    "占比": "percent",
    "原因": "text",
    "必列": "text",
    "类": "text",
    "款": "text",
    "项": "text",
}
"""Its columns and their types."""

RISE, FALL = ("增加", "增长"), ("减少", "下降")
FIGURE_WORDS: Mapping[str, tuple[str, ...]] = {"增减": (RISE[0], FALL[0]), "升降": (RISE[1], FALL[1])}
"""The words that its text columns may hold."""

COMPUTED: Mapping[str, Mapping[str, str]] = {FIGURES: FIGURE_COLUMNS, TERMS: TERM_COLUMNS}
"""Tables that no sheet holds: they are made for the wording."""

ColumnType = Literal[
    "label",  # the fixed name of a declared row
    "money",  # 万元 or 元, as 单位信息 says; 万元 in the Book
    "number",  # any other number with decimals (square metres)
    "count",  # a whole number
    "text",  # free text of the clerk
    "item",  # the name of a project: a key that other tables refer to
    "unit",  # the name of a unit; blank means the unit of the workbook
    "code",  # a classification code, kept as text
    "name",  # the name that belongs to a code; filled from the list of codes where blank
    "choice",  # one of a list
    "date",  # a day
]


class Declared(BaseModel):
    """Base of all declarations: immutable, and a misspelt field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Column(Declared):
    """One column of a block.

    Attributes:
        name: stable name, an identifier: used in formulas and Word templates.
        header: captions from the outermost down; the last is the column's own. Default: the name.
        aliases: other captions that mean the same.
        parts: a code printed in several columns (类, 款, 项), the captions of these.
        of: for `name`: the column of the code; for `code`: function or economic.
        choices: for `choice`: what may be chosen.
        places: decimals printed.
        merge: cells that repeat the one above are merged when printed, and blank ones filled when read.
        required: a line without it is a finding.
        blank: what is printed for a blank cell, and read as one.
        lead: words that the sentence around it says itself: stripped when read, with closing signs and line ends.
        width: in characters, in the workbook and, in proportion, in Word.
        hint: help shown to the clerk at the cell.
    """

    name: str
    type: ColumnType = "text"
    header: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    of: str = ""
    choices: tuple[str, ...] = ()
    places: int = 2
    merge: bool = False
    required: bool = False
    blank: str = ""
    lead: tuple[str, ...] = ()
    width: float = 12
    hint: str = ""

    @property
    def captions(self) -> tuple[str, ...]:
        """The header path, never empty."""
        return self.header or (self.name,)

    @property
    def numeric(self) -> bool:
        """Whether its cells hold numbers."""
        return self.type in {"money", "number", "count"}


class FixedRow(Declared):
    """A row that every document has.

    Attributes:
        key: stable name, unique in the table.
        label: as printed; the key by default.
        aliases: other labels that mean the same.
        indent: depth of the label.
        top: stands on the first line.
        bottom: stands on the last line, whatever the length of the other block.
        type: overrides the type of the value column, the first after the label.
        choices: likewise.
        default: value of the value column in a new workbook.
        columns: the columns that apply to this row; all by default.
        required: a blank value is a finding.
        hint: help for the clerk.
        measure: what a number is counted in.
    """

    key: str
    label: str = ""
    aliases: tuple[str, ...] = ()
    indent: int = 0
    top: bool = False
    bottom: bool = False
    type: ColumnType | None = None
    choices: tuple[str, ...] = ()
    default: str = ""
    columns: tuple[str, ...] = ()
    required: bool = False
    hint: str = ""
    measure: str = ""

    @property
    def caption(self) -> str:
        """The label as printed."""
        return self.label or self.key


class Level(Declared):
    """One depth of an open table, outermost first; the last is that of its lines.

    Attributes:
        name: 单位, 类, 款, 项, 项目 …
        by: the key column that tells it.
        length: for codes: how many characters; 0 for the whole value.
        only: 单位 or 部门: the level exists only in documents of that kind.
    """

    name: str
    by: str
    length: int = 0
    only: str = ""


class Block(Declared):
    """Columns and rows that stand together; a table has one, or two side by side.

    Attributes:
        name: of a block of several; also its outermost caption.
        key: the key columns of an open table.
        levels: the depths of an open table.
        rows: the fixed rows.
        figures: the groups of figures whose ids are fixed rows as well.
        open: how many empty lines a new workbook offers; 0 for a table of fixed rows only.
    """

    name: str = ""
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()
    rows: tuple[FixedRow, ...] = ()
    figures: bool = False
    open: int = 0

    def column(self, name: str) -> Column | None:
        """A column by its stable name."""
        return next((column for column in self.columns if column.name == name), None)

    @property
    def label(self) -> Column | None:
        """The column that names the fixed rows."""
        return next((column for column in self.columns if column.type == "label"), None)

    @property
    def value(self) -> Column | None:
        """The first column after the label: the one that a fixed row may give a type of its own."""
        return next((column for column in self.columns if column.type != "label"), None)

    def of_row(self, row: FixedRow) -> tuple[Column, ...]:
        """The columns as they apply to a fixed row."""
        value = self.value
        return tuple(
            column.model_copy(
                update={"type": row.type or column.type, "choices": row.choices or column.choices}
            )
            if column is value
            else column
            for column in self.columns
            if not row.columns or column.name in row.columns or column.type == "label"
        )


class TableDeclaration(Declared):
    """One table of the format, or one input sheet.

    Attributes:
        name: stable Chinese name, also that of its sheet.
        number: of a printed table; 0 for an input sheet.
        title: as printed.
        total: where its total row is printed; none where it has none.
        total_name: what that row is called in print.
        landscape: printed on a page lying down.
        numbered: a row of column numbers (※ ※ 1 2 …) stands below its header.
        note: printed below the table; a wording.
        empty: printed below the table where it has no figure; a wording.
        guide: help at the top of the sheet.
        aliases: other names of the sheet.
    """

    name: str
    number: int = 0
    title: str = ""
    total: Literal["first", "last", "none"] = "none"
    total_name: str = TOTAL
    landscape: bool = False
    numbered: bool = False
    note: str = ""
    empty: str = ""
    guide: str = ""
    aliases: tuple[str, ...] = ()
    block: tuple[Block, ...]

    @property
    def printed(self) -> bool:
        """Whether it is one of the numbered tables of part two."""
        return self.number > 0

    @cached_property
    def columns(self) -> Mapping[str, Column]:
        """All columns by name; blocks that share a name share its type."""
        return {column.name: column for block in self.block for column in block.columns}

    @cached_property
    def fixed(self) -> Mapping[str, tuple[Block, FixedRow]]:
        """The fixed rows by key, with the block that they stand in."""
        return {row.key: (block, row) for block in self.block for row in block.rows}

    @property
    def main(self) -> Block:
        """The block that is open, or the only one."""
        return next((block for block in self.block if block.open), self.block[0])

    def measures(self, key: str = "") -> tuple[str, ...]:
        """The columns of money: of one fixed row, of the open block, or of all blocks where none is open."""
        own = (self.fixed[key][0],) if key in self.fixed else (self.main,) if self.main.open else self.block
        return tuple(dict.fromkeys(c.name for block in own for c in block.columns if c.type == "money"))


class FigureDeclaration(Declared):
    """A figure that the narrative compares with last year's.

    Attributes:
        id: its name in 上年数 and 增减原因.
        group: statements speak of groups.
        name: as spoken of in sentences.
        listed: as spoken of in enumerations; the name by default.
        each: a table: one figure per line of it, known by its code; `value` is then read in that row.
        value: formula of this year's amount.
        whole: formula of the amount that it is a share of.
        always: it is spoken of (未安排) even where there is no money this year or last.
        prior: formula for last year's amount where that is a sum of others.
        same_as: the id of a figure whose reason also serves where both years' amounts are equal.
        reasoned: a change of it wants a reason.
    """

    id: str
    group: str
    name: str
    listed: str = ""
    each: str = ""
    value: str
    whole: str = ""
    always: bool = False
    prior: str = ""
    same_as: str = ""
    reasoned: bool = True


class Rule(Declared):
    """A relation, or a rule of code under the same kind of id.

    Attributes:
        id: stable, readable, never reused.
        title: what it is about, one line.
        each: the tables whose rows it holds for; empty for a single relation.
        rows: which of these rows: its lines, the rows that add others up, or all.
        where: a precondition on the row.
        holds: the formula; empty for a rule of code.
        derives: the left side is filled from the right where it is blank.
        message: instead of both sides, for relations that are no equations; a wording over the row.
        passes: the smallest grid that satisfies it.
        fails: the smallest grid that breaks it.
    """

    id: str
    title: str = ""
    each: tuple[str, ...] = ()
    rows: Literal["all", "lines", "sums"] = "all"
    where: str = ""
    holds: str = ""
    derives: bool = True
    severity: Severity = Severity.ERROR
    message: str = ""
    basis: str = ""
    fix: str = ""
    passes: str = ""
    fails: str = ""


class Case(Declared):
    """One way to say a thing: the first whose `when` is true is said.

    Attributes:
        says: the pattern.
        when: the condition.
        reads: other published forms that mean the same.
    """

    says: str
    when: str = ""
    reads: tuple[str, ...] = ()


class ListDeclaration(Declared):
    """A slot that is filled by a smaller pattern, once for each row or figure.

    Attributes:
        each: the table whose rows fill it.
        level: the level of these rows; its lines by default.
        where: a condition on the row.
        cases: the smaller pattern.
        separator: between them.
        numbered: the mark before each: （1）, 1. …
    """

    each: str = ""
    level: str = ""
    where: str = ""
    cases: tuple[Case, ...]
    let: Mapping[str, str] = Field(default_factory=dict)
    list: Mapping[str, ListDeclaration] = Field(default_factory=dict)
    separator: str = "、"
    numbered: str = ""


class StatementDeclaration(Declared):
    """A sentence, or one for each row or figure.

    Attributes:
        id: stable name.
        section: the section that it is said in.
        style: 正文, 一级标题 …: which style of the template carries it.
        each, level, where: as in a list.
        numbered: the mark before each; a phrase in braces where the house decides.
        run: statements of one run are numbered through; by default each statement is a run of its own.
        let: slots that are formulas.
        list: slots that are lists.
        cases: what is said; nothing where no case holds.
        lines: further paragraphs after it, each with its own cases.
        performance: the performance tables that follow it, by id.
        read: whether published sentences are matched with it; those that cannot be turned round are kept as texts.
    """

    id: str
    section: str
    style: str = "正文"
    each: str = ""
    level: str = ""
    where: str = ""
    numbered: str = ""
    run: str = ""
    let: Mapping[str, str] = Field(default_factory=dict)
    list: Mapping[str, ListDeclaration] = Field(default_factory=dict)
    cases: tuple[Case, ...]
    lines: tuple[tuple[Case, ...], ...] = ()
    performance: str = ""
    read: bool = True


class Section(Declared):
    """One numbered section of part one or three.

    Attributes:
        reads: other published headings that mean the same.
    """

    id: str
    part: int
    heading: str
    reads: tuple[str, ...] = ()


class Part(Declared):
    """One of the four parts."""

    number: int
    heading: str


class Phrase(Declared):
    """A piece of wording that several statements use as a slot."""

    cases: tuple[Case, ...]


class Term(Declared):
    """An entry of 名词解释."""

    name: str
    text: str


class Stays(Declared):
    """What of a table usually stays from year to year, and is carried into next year's workbook.

    Attributes:
        name: the table.
        kept: columns carried as they are: names and choices.
        reviewed: columns whose texts are carried with the mark of what is to be reviewed.
        where: which rows; all by default.
    """

    name: str
    kept: tuple[str, ...] = ()
    reviewed: tuple[str, ...] = ()
    where: str = ""


class House(Declared):
    """House style. The first three name the row of 单位信息 that holds the office's choice.

    Attributes:
        grouped: 是 for thousands separators.
        trimmed: 是 for amounts of the narrative without the zeros at their end.
        zero_base: the growth printed where there was nothing last year.
        numbers: the mark after an Arabic list number.
        money: the row of 单位信息 with the unit of money (万元 or 元).
        kind: the row with 单位 or 部门.
        year: the row with the budget year.
        unit: the row with the full name.
        date: the row with the day of publication.
        secret: how the name of a secret item begins.
        withheld: what stands instead of its texts.
        about: the table that all these rows stand in.
        value: its value column.
        carried: how a text carried from last year begins until somebody has reviewed it.
        stays: the texts that are carried.
        accounts: the word on the cover of final accounts, which are no budget.
    """

    about: str
    value: str
    unit: str
    year: str
    kind: str
    money: str
    date: str
    grouped: str
    trimmed: str
    zero_base: str
    numbers: str
    secret: str
    withheld: str
    carried: str
    stays: tuple[Stays, ...]
    accounts: str


class Comparisons(Declared):
    """Where last year's figures and the reasons stand.

    Attributes:
        prior: the table of last year's figures, `current` and `amount` its columns of this and of last year.
        reasons: the table, and `reason` its column, of the reasons.
        rate: the column of `prior` for a published rate that was worked from exact amounts.
    """

    prior: str
    current: str
    amount: str
    reasons: str
    reason: str
    rate: str = ""


class Settings(Declared):
    """`[edition]` of an edition."""

    id: str
    title: str
    year: int
    region: str
    function_codes: str
    economic_codes: str


class Layout(Declared):
    """The words on the cover and around the tables; styles live in the template.

    Attributes:
        cover: its lines.
        contents: heading of the table of contents.
        preparer: above each table, left.
        money: above each table, right.
        draft: the mark on every page of a draft.
        open: likewise where points are open; {处} is their number.
        signature: the closing lines, before the date.
        file: name of the document.
        subject: what kind of document it is.
    """

    cover: tuple[str, ...]
    contents: str
    preparer: str
    money: str
    draft: str
    open: str
    signature: tuple[str, ...]
    file: str
    subject: str


class PerformanceField(Declared):
    """A cell in the head of a performance table.

    Attributes:
        label: what is printed, or
        column: the column of the heads table (or a name of `[names]`) whose value is.
        span: how many grid columns it takes.
        down: how many rows it takes.
        up: it continues the cell above.
        aliases: other published labels that mean the same.
    """

    label: str = ""
    column: str = ""
    span: int = 1
    down: int = 1
    up: bool = False
    aliases: tuple[str, ...] = ()


class PerformanceTable(Declared):
    """A performance table: a head of labelled cells, then indicator rows.

    Attributes:
        id: what a statement's `performance` refers to.
        title: captions above it.
        reads: other published captions.
        heads: the table of heads, one row per performance table.
        indicators: the table of indicator rows.
        by: the column of `indicators` that tells the head's row; empty where there is one head only.
        head: rows of labelled cells.
        columns: the captions and columns of the indicator rows.
        widths: in characters.
    """

    id: str
    title: tuple[str, ...]
    reads: tuple[str, ...] = ()
    heads: str
    indicators: str
    by: str = ""
    head: tuple[tuple[PerformanceField, ...], ...]
    columns: tuple[PerformanceField, ...]
    widths: tuple[float, ...]


class Margins(Declared):
    """The margins of a page, and how far header and footer stand from its edge, in millimetres."""

    top: float
    bottom: float
    left: float
    right: float
    header: float
    footer: float


class Font(Declared):
    """A font, and the one to take where it is not installed."""

    name: str
    instead: str


class Style(Declared):
    """A named style of the Word template. Sizes are in points, indents in characters.

    Attributes:
        id: as in the template; Word may rename it when the template is saved, so it is found by name.
        name: as shown in Word; of a built-in style its English name.
        carries: the style of a printed paragraph (一级标题 …) that it stands for; Body Text stands for the rest.
        next: id of the style of the paragraph after it.
        font: of Chinese text; none in a character style, which keeps that of its paragraph.
        latin: of letters and digits, where it is not that of the document.
        line: exact line spacing; that of Normal by default.
        outline: depth of a heading, 0 for text.
        leader: a right tab with dots at the edge of the text, for page numbers in the contents.
    """

    id: str
    name: str
    kind: Literal["paragraph", "character"] = "paragraph"
    carries: str = ""
    next: str = ""
    font: str = ""
    latin: str = ""
    size: float = 0
    bold: bool = False
    colour: str = ""
    highlight: str = ""
    align: Literal["left", "right", "center", "both"] | None = None
    line: float = 0
    before: float = 0
    after: float = 0
    first_line: float = 0
    left: float = 0
    right: float = 0
    outline: int = 0
    leader: bool = False
    keep_next: bool = False
    page_break: bool = False


class Grid(Declared):
    """How densely tables are set.

    Attributes:
        tables: the tables, or performance tables, set so.
        row: least height of a row, in points.
        head, text, number, centre: names of the styles of its cells.
    """

    name: str
    tables: tuple[str, ...] = ()
    row: float
    head: str
    text: str
    number: str
    centre: str


class Typography(Declared):
    """What the Word template looks like before an office restyles it.

    Attributes:
        language: of the document.
        latin: the font of letters and digits.
        paper: width and height in millimetres, standing.
        page: the page number; {页} stands for it.
        table_number: the line above a table's title; {号} stands for its number.
        padding: left and right of the text in a cell, in points.
        border: of tables, in points.
        number_width: what a column of money has to hold, in ems.
        code_width: what a column of codes has to hold, in ems.
        caption_width: what any column has to hold of its caption, in ems.
        narrow: text columns up to this width are centred.
        above: what the title takes of a page, in points; a table that the rest can hold is kept whole.
        grid: how tables are set; the first for those that none names.
    """

    language: str
    latin: str
    paper: tuple[float, float]
    page: str
    table_number: str
    padding: float
    border: float
    number_width: float
    code_width: float
    caption_width: float
    narrow: float
    above: float
    portrait: Margins
    landscape: Margins
    font: tuple[Font, ...]
    grid: tuple[Grid, ...]
    style: tuple[Style, ...]

    @cached_property
    def styles(self) -> Mapping[str, Style]:
        """The styles by name."""
        return {style.name: style for style in self.style}

    def grid_of(self, table: str) -> Grid:
        """How a table is set."""
        return next((grid for grid in self.grid if table in grid.tables), self.grid[0])


class Edition(Declared):
    """A disclosure format, complete. It is the schema that formulas are read against."""

    edition: Settings
    house: House
    comparisons: Comparisons
    layout: Layout
    names: Mapping[str, str]
    part: tuple[Part, ...]
    section: tuple[Section, ...]
    table: tuple[TableDeclaration, ...]
    figure: tuple[FigureDeclaration, ...] = ()
    rule: tuple[Rule, ...] = ()
    phrase: Mapping[str, Phrase] = Field(default_factory=dict)
    statement: tuple[StatementDeclaration, ...] = ()
    term: tuple[Term, ...] = ()
    performance: tuple[PerformanceTable, ...] = ()
    typography: Typography

    @property
    def id(self) -> str:
        """The edition's id, the name of its folder."""
        return self.edition.id

    @cached_property
    def tables(self) -> Mapping[str, TableDeclaration]:
        """All tables and input sheets by stable name."""
        return {table.name: table for table in self.table}

    @cached_property
    def printed(self) -> tuple[TableDeclaration, ...]:
        """The numbered tables in order."""
        return tuple(sorted((t for t in self.table if t.printed), key=lambda table: table.number))

    @cached_property
    def rules(self) -> Mapping[str, Rule]:
        """All rules by id."""
        return {rule.id: rule for rule in self.rule}

    @cached_property
    def relations(self) -> tuple[Rule, ...]:
        """The rules that are formulas; first those that say what a figure of the narrative is."""
        table, column = self.comparisons.prior, self.comparisons.current
        figures = tuple(
            Rule(id=f"figure:{f.id}", holds=f'{table}["{f.id}"].{column} == {f.value}')
            for f in self.figure
            if not f.each
        )
        priors = tuple(
            Rule(id=f"prior:{f.id}", holds=f'{table}["{f.id}"].{self.comparisons.amount} == {f.prior}')
            for f in self.figure
            if f.prior
        )
        return (*figures, *priors, *(rule for rule in self.rule if rule.holds))

    def codes(self, kind: str) -> Mapping[str, str]:
        """The function or economic classification in force."""
        return codes.load(getattr(self.edition, f"{kind}_codes"))

    def kind(self, table: str, column: str, key: str | None = None) -> str | None:
        """The type of a column (of one fixed row); None where there is none."""
        if table in COMPUTED:
            return COMPUTED[table].get(column)
        declared = self.tables[table]
        if key is not None and key in declared.fixed:
            block, row = declared.fixed[key]
            return next((own.type for own in block.of_row(row) if own.name == column), None)
        found = declared.columns.get(column)
        return found.type if found else None

    def has_table(self, table: str) -> bool:
        """Whether a table of that name is declared."""
        return table in COMPUTED or table in self.tables

    def fixed_keys(self, table: str) -> Collection[str]:
        """The keys of a table's fixed rows."""
        if table in COMPUTED:
            return tuple(figure.id for figure in self.figure) if table == FIGURES else ()
        return self.tables[table].fixed.keys()

    def levels(self, table: str) -> Collection[str]:
        """The names of a table's levels."""
        if table in COMPUTED:
            return {figure.group for figure in self.figure} if table == FIGURES else ()
        declared = self.tables[table]
        return [level.name for level in declared.main.levels] + ([TOTAL] if declared.total != "none" else [])

    def vocabulary(self) -> Collection[str]:
        """All names that formulas may use."""
        columns = {name for table in self.table for name in (*table.columns, *table.fixed)}
        return {*self.tables, *columns, *self.names, *FIGURE_COLUMNS}

    @cached_property
    def _formulas(self) -> dict[tuple[str, tuple[tuple[str, str], ...], str], Node]:
        return {}

    def formula(self, text: str, each: str = "", outer: str = "", column: str = "") -> Node:
        """A formula, read once.

        Args:
            text: the formula.
            each: the table of the row at hand.
            outer: the table of the enclosing statement's row.
            column: what 各列 stands for.

        Raises:
            FormulaError: it cannot be read, or names something undeclared.
        """
        variables = tuple((name, table) for name, table in (("", each), (OUTER, outer)) if table)
        known = (text, variables, column)
        if known not in self._formulas:
            self._formulas[known] = Reader(self, dict(variables), column).read(text)
        return self._formulas[known]

    def printed_in(self, level: Level, kind: str) -> bool:
        """Whether documents of that kind (单位 or 部门) have a level."""
        return level.only in {"", kind}
