"""What makes a text suspicious by itself."""

from __future__ import annotations

import re
from typing import Annotated

from budgetgen.edition.declarations.base import Declared, declaration
from budgetgen.edition.declarations.names import FigureName, Formula, Inside, TableName, Text


@declaration
class Counted(Declared):
    """Rows whose number is published: each names one thing.

    Attributes:
        table: its name.
        column: that which names it.
        where: a condition on the row.
    """

    table: TableName
    column: Annotated[str, Inside("column", "table")]
    where: Annotated[str, Formula("table")] = ""


@declaration
class Moving(Declared):
    """Texts that speak of the budget year: last year's alone is left over.

    Attributes:
        table, column: where they stand.
        leading: only the year that a text begins with counts.
    """

    table: TableName
    column: Annotated[str, Inside("column", "table")]
    leading: bool = False


@declaration
class GoalCounts(Declared):
    """Goals in words beside the indicators that count the same things.

    Attributes:
        goals: the table of goals, one for each project; `goal` is its text.
        indicators: the table of indicators; `value` is what is to be reached.
        item: the column of both that names the project.
        measures: a number with what it counts, each a regular expression whose first group is the number.
    """

    goals: TableName
    goal: Annotated[str, Inside("column", "goals")]
    indicators: TableName
    value: Annotated[str, Inside("column", "indicators")]
    item: Annotated[str, Inside("column", "goals"), Inside("column", "indicators")]
    measures: tuple[re.Pattern[str], ...]


@declaration
class FirstYear(Declared):
    """Projects that are said to be new, and indicators that speak of their last year.

    Attributes:
        words: what tells in a reason that a project is new; its name follows.
        table: that of the indicators; `item` names the project.
        past: the columns of what was reached last year.
        basis: the column that tells what a target rests on; `history` is the word for the past.
        carried: the figures of what was carried over: with any last year, that a code had no budget tells nothing.
    """

    words: tuple[Text, ...]
    table: TableName
    item: Annotated[str, Inside("column", "table")]
    past: tuple[Annotated[str, Inside("column", "table")], ...]
    basis: Annotated[str, Inside("column", "table")]
    history: Text
    carried: tuple[FigureName, ...] = ()


@declaration
class Things(Declared):
    """Things that are counted in some units only.

    Attributes:
        names: how the name of an indicator that counts them ends.
        units: the units.
    """

    names: tuple[Text, ...]
    units: tuple[Text, ...]


@declaration
class IndicatorTexts(Declared):
    """The texts of indicators, and the words that tell how they are to be read.

    Attributes:
        table: that of the indicators; `name` is what is measured, `value` the target, `past` last year's result,
            `basis` what the target rests on.
        history: the word of a basis that is the past.
        absent: what stands for last year's result where there is none.
        units: what the name of an indicator may tell in brackets as its unit.
        percent: the sign of a rate; `ratios` are the signs and words of a value that may tell one.
        rate: how the names of rates end.
        often: how those end that are no rates but other words.
        effects: how a name begins that tells an effect: that may be put in words, whatever it ends in.
        things: names that tell in which units their things are counted.
        halves: units that are only half of one.
        counting: what the name of an indicator adds to the thing that it counts.
        least: words of a goal that tell the least that is to be reached.
        aside: words of a clause that tell that its number is of a part, of another time, or a difference.
        measures: units of things that stand for one another.
    """

    table: TableName
    name: Annotated[str, Inside("column", "table")]
    value: Annotated[str, Inside("column", "table")]
    past: Annotated[str, Inside("column", "table")]
    basis: Annotated[str, Inside("column", "table")]
    history: Text
    absent: tuple[Text, ...]
    units: tuple[Text, ...]
    percent: Text
    ratios: tuple[Text, ...]
    rate: Text
    often: tuple[Text, ...]
    effects: re.Pattern[str]
    things: tuple[Things, ...]
    halves: tuple[Text, ...]
    counting: re.Pattern[str]
    least: tuple[Text, ...]
    aside: re.Pattern[str]
    measures: tuple[Text, ...]


@declaration
class Targets(Declared):
    """The targets of a table, as they are held against last year's.

    Attributes:
        table: that of the indicators; `indicator` is what is measured, `value` the target.
        item: whose indicators they are; empty where the table is of the whole unit.
    """

    table: TableName
    indicator: Annotated[str, Inside("column", "table")]
    value: Annotated[str, Inside("column", "table")]
    item: Annotated[str, Inside("column", "table")] = ""


@declaration
class Uses(Declared):
    """What is said of the use of money, beside the items that it is budgeted for.

    Attributes:
        table: where it is said; `text` is what is said.
        kind: the column that names the 类 whose items are listed; or
        code: the column of the item's own code.
        amounts: the table of the items; `codes` are theirs, `names` their names, `amount` the money.
    """

    table: TableName
    text: Annotated[str, Inside("column", "table")]
    kind: Annotated[str, Inside("column", "table")] = ""
    code: Annotated[str, Inside("column", "table")] = ""
    amounts: TableName
    codes: Annotated[str, Inside("column", "amounts")]
    names: Annotated[str, Inside("column", "amounts")]
    amount: Annotated[str, Inside("column", "amounts")]


@declaration
class Period(Declared):
    """A plan of several years.

    Attributes:
        words: how a text speaks of its time.
        last: its last year.
    """

    words: Text
    last: int


@declaration
class ForeignItems(Declared):
    """Projects that are paid from elsewhere, and the figures whose reasons may not be theirs.

    Attributes:
        figures: those whose reasons may not name them.
        table: that of the projects; `item` names one.
        own: the column of money that these figures are of; blank or zero for a project paid from elsewhere.
        other: the column of the other money.
    """

    figures: tuple[FigureName, ...]
    table: TableName
    item: Annotated[str, Inside("column", "table")]
    own: Annotated[str, Inside("column", "table")]
    other: Annotated[str, Inside("column", "table")]


@declaration
class Ways(Declared):
    """Ways to write the same thing, of which a document uses one.

    Attributes:
        what: is written so.
        ways: regular expressions over a text without blanks, its signs as they are.
    """

    what: Text
    ways: tuple[re.Pattern[str], ...]


@declaration
class Renamed(Declared):
    """A name of the classification that is another one now.

    Attributes:
        old, new: the names.
    """

    old: Text
    new: Text


@declaration
class Misspelling(Declared):
    """A word of the field as it is mistyped.

    Attributes:
        wrong: what is no word, wherever it stands.
        right: what is meant.
    """

    wrong: re.Pattern[str]
    right: Text


@declaration
class Lint(Declared):
    """`[lint]` of an edition. Patterns are regular expressions over a text without blanks, signs half-width.

    Attributes:
        residue: what the format's own template says to its user, and placeholders: never to be published.
        doubled: a phrase said twice on end; its first group is the phrase.
        numerals: ordinals that are no numerals.
        numbered: the number before a paragraph; each form of it is a group, and one number of a form follows another.
        nested: the number of a paragraph below another: `whole` is that of the other, `part` its own.
        mixed: numbers in signs of two widths.
        fine: amounts with more decimals than are printed; the first group is the amount.
        dates: years, months and days, as the groups `year`, `month` and `day`.
        years: the first and the last year that a text of today may mean.
        private: numbers of telephones and identity cards.
        budgeted: an amount that a text calls the budget of its project; the first group that met is the amount.
        selves: how the unit may call itself: the names of each kind; a document uses those of one.
        joints: words that may stand between the last two things of a list.
        bodies: how the names of offices and units end.
        counted: the rows of which each names one.
        joined: conjunctions and signs that stand twice, or side by side.
        marks: brackets and quotation marks that stand in the wrong place or are of the wrong kind.
        pairs: signs that open and close.
        stray: words and marks of another language or program.
        levels: names of the classification of one `level` where one within the other is meant.
        usage: words that do not go together.
        unfinished: how a sentence begins that then ends.
        replaced: what a replacement in the whole document leaves behind.
        moving: the texts that speak of the budget year.
        goals: goals beside the indicators that count the same.
        first: projects that are said to be new.
        foreign: projects paid from elsewhere.
        indicators: the texts of indicators.
        targets: those that are held against last year's.
        uses: what is said of the use of money.
        idle: the words of a reason that tell nothing by themselves.
        periods: plans of several years.
        ahead: what a `year` is said to bring.
        planned: what was planned for a `year`.
        settled: what tells in the same sentence what became of it.
        meetings: how a text names meetings: `committee` is whose, `sessions` which of it, in numerals.
        about: what of a heading names the unit, which is compared elsewhere.
        ways: what a document writes in one way.
        renamed: names of the classification that are out of date.
        parts: a number with its parts in brackets: `whole`, `unit` and `parts`.
        interchangeable: signs of one sound of which either may be right.
        lookalikes: signs that look alike: one in the place of another is a slip.
        twins: signs that look alike: within four signs of the format on end one for another makes no other words.
        omissible: signs that names in running text do without: one that lacks is no slip.
        slips: words that are no words, and those that are meant.
        cited: a document that is cited: its `title`, or the `words` before its number; `body`, `year` and `number`.
        acts: how texts name what authorities publish: repeating it repeats nothing else.
        moneys: an amount with cents: its `number`, `wan` where it is in 万元, `each` where it is the price of one.
        emptied: that a table is empty: `table`, and the `money` that was not used.
        apart: groups of figures of which none has to do with another: their reasons name none.
    """

    residue: tuple[re.Pattern[str], ...] = ()
    doubled: re.Pattern[str]
    numerals: re.Pattern[str]
    numbered: re.Pattern[str]
    nested: re.Pattern[str] | None = None
    mixed: re.Pattern[str]
    fine: re.Pattern[str]
    dates: re.Pattern[str]
    years: tuple[int, int]
    private: tuple[re.Pattern[str], ...] = ()
    budgeted: tuple[re.Pattern[str], ...] = ()
    selves: tuple[tuple[Text, ...], ...] = ()
    joints: tuple[Text, ...] = ()
    bodies: tuple[Text, ...] = ()
    counted: tuple[Counted, ...] = ()
    joined: tuple[re.Pattern[str], ...] = ()
    marks: tuple[re.Pattern[str], ...] = ()
    pairs: tuple[Text, ...] = ()
    stray: tuple[re.Pattern[str], ...] = ()
    levels: re.Pattern[str] | None = None
    usage: tuple[re.Pattern[str], ...] = ()
    unfinished: tuple[re.Pattern[str], ...] = ()
    replaced: tuple[re.Pattern[str], ...] = ()
    moving: tuple[Moving, ...] = ()
    goals: tuple[GoalCounts, ...] = ()
    first: FirstYear | None = None
    foreign: ForeignItems | None = None
    indicators: IndicatorTexts | None = None
    targets: tuple[Targets, ...] = ()
    uses: Uses | None = None
    idle: re.Pattern[str] | None = None
    periods: tuple[Period, ...] = ()
    ahead: tuple[re.Pattern[str], ...] = ()
    planned: tuple[re.Pattern[str], ...] = ()
    settled: re.Pattern[str] | None = None
    meetings: re.Pattern[str] | None = None
    about: re.Pattern[str] | None = None
    ways: tuple[Ways, ...] = ()
    renamed: tuple[Renamed, ...] = ()
    parts: re.Pattern[str] | None = None
    interchangeable: tuple[Text, ...] = ()
    lookalikes: tuple[Text, ...] = ()
    twins: tuple[Text, ...] = ()
    omissible: Text = ""
    slips: tuple[Misspelling, ...] = ()
    cited: re.Pattern[str] | None = None
    acts: re.Pattern[str] | None = None
    moneys: re.Pattern[str] | None = None
    emptied: re.Pattern[str] | None = None
    apart: tuple[Text, ...] = ()
