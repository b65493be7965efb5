"""Next year's workbook out of last year's file: figures into 上年数; lines and texts that usually stay, for review."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from budgetgen.book.facts import stated
from budgetgen.book.figures import with_figures
from budgetgen.book.reviewed import rows_reviewed
from budgetgen.book.spots import spot
from budgetgen.edition.declarations import FIGURES, FigureColumn
from budgetgen.formula.evaluation import KEY_JOINT, Scope, holds
from budgetgen.values import amounts
from budgetgen.values.findings import Finding, Spot
from budgetgen.values.model import Book, Cell, Row, Table
from budgetgen.values.sayings import Stated, listed, saying
from budgetgen.years.carried import anew, carried_sheets, review_list
from budgetgen.years.priors import carried_to, open_row, priors, unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from budgetgen.edition.declarations import Column, Edition, FixedRow, Stays, TableDeclaration
    from budgetgen.values.model import Value
    from budgetgen.years.priors import Last, Priors

BOUNDS: Final = "≥≤＞＜><=＝ "
"""What a target begins with, and what was reached does not."""


@dataclass(frozen=True)
class Rolled:
    """Next year's Book.

    Attributes:
        book: not yet derived.
        edition: its format.
        findings: last year's amounts that its file does not tell, and what of it the new edition has no place for.
        anew: how many cells of last year's file are to be filled in anew, by sheet.
    """

    book: Book
    edition: Edition
    findings: tuple[Finding, ...]
    anew: Mapping[str, int]

    @property
    def unreviewed(self) -> tuple[str, ...]:
        """The sheets on which something was carried and waits for review."""
        return tuple(
            row.text(self.edition.carried.sheet) for row in rows_reviewed(self.book, self.edition, done=False)
        )


def roll(last: Last, edition: Edition) -> Rolled:
    """Next year's Book, with nothing of this year in it yet."""
    house = edition.house
    blank = {table.name: _blank(table) for table in edition.table}
    stored = edition.comparisons
    stay = {stays.name: _carried(stays, blank[stays.name], last, edition) for stays in house.stays}
    carried = {house.about: _about(last, edition), **stay}
    known = priors(last, edition)
    prior = _prior(blank[stored.prior], known, last, edition)
    reasons = _to_explain(blank[stored.reasons], prior, edition)
    told = {**carried, stored.prior: prior, stored.reasons: reasons}
    review = review_list(carried_sheets(carried, last.book, edition), edition)
    tables = {**blank, **told, edition.carried.table: review}
    findings = (*_unknown(known, edition), *_left(last, edition))
    return Rolled(Book(edition.id, last.book.file, tables), edition, findings, anew(told, last.book, edition))


# --- blank tables -------------------------------------------------------------------------------------------


def _blank(declared: TableDeclaration) -> Table:
    """The fixed rows of a table, with what is declared for the blank workbook."""
    rows = []
    for key, (block, fixed) in declared.fixed.items():
        label = {block.label.name: Cell(key)} if block.label else {}
        value = {block.value.name: _default(block.value, fixed)} if block.value and fixed.default else {}
        rows.append(Row(key, "", None, {**label, **value}))
    return Table(declared.name, tuple(rows))


def _default(column: Column, fixed: FixedRow) -> Cell:
    numeric = replace(column, type=fixed.type or column.type).numeric
    return Cell(amounts.parse(fixed.default) if numeric else fixed.default, given=True)


# --- the unit -----------------------------------------------------------------------------------------------


def _about(last: Last, edition: Edition) -> Table:
    """The facts of the unit as last year; the year is the edition's, the date is open."""
    house = edition.house
    rows = []
    for row in _blank(edition.tables[house.about]).rows:
        value = _fact(last, edition, row.key)
        rows.append(row if value is None else row.with_cells({house.value: Cell(value, given=True)}))
    return Table(house.about, tuple(rows))


def _fact(last: Last, edition: Edition, key: str) -> Value:
    """A fact as it is carried; None where it is not, or is no choice any more."""
    house = edition.house
    if key == house.year:
        return Decimal(edition.edition.year)
    value = stated(last.book, last.edition, key)
    return None if key == house.date or not _fits(edition, key, value) else value


def _fits(edition: Edition, key: str, value: Value) -> bool:
    choices = edition.tables[edition.house.about].fixed[key][1].choices
    return not choices or value in choices


# --- last year's figures ------------------------------------------------------------------------------------


def _prior(blank: Table, told: Priors, last: Last, edition: Edition) -> Table:
    """上年数 with every amount that last year's file tells, as if a clerk had entered it."""
    known = told.amounts
    fixed = [
        row.with_cells({column: _entered(known[row.key])})
        if row.key in known and (column := carried_to(edition, row.key))
        else row
        for row in blank.rows
    ]
    coded = (open_row(edition, key, cell) for key, cell in known.items() if KEY_JOINT in key)
    lines = [_named(row, last, edition) for row in coded if row]
    return Table(blank.name, (*fixed, *lines))


def _unknown(known: Priors, edition: Edition) -> Iterator[Finding]:
    """The figures of which last year's file tells nothing: they stay blank, for nobody knows that there was nothing."""
    lacking = [figure.id for figure in unknown(edition, known)]
    if lacking:
        stored = edition.comparisons
        told = saying(列=edition.basis(lacking[0]).amount, 个数=len(lacking), 指标=listed(lacking))
        yield Finding.of(edition.rules["prior-unknown"], told, *(Spot(stored.prior, key) for key in lacking))


def _entered(cell: Cell) -> Cell:
    return Cell(cell.value, given=True, terms=cell.terms)


def _named(row: Row, last: Last, edition: Edition) -> Row:
    """A row of a code with the name that last year's table gave it."""
    main = edition.tables[edition.comparisons.prior].main
    name = next(iter(main.of_type("name")), "")
    given = {column: _entered(cell) for column, cell in row.cells.items()}
    figure, code = row.key.split(KEY_JOINT, 1)
    told = last.edition.figures.get(figure) or edition.figures[figure]
    found = last.book[told.each].get(code)
    return row.with_cells({**given, name: Cell(found.text(told.name))} if name and found else given)


# --- texts that stay ----------------------------------------------------------------------------------------


def _carried(stays: Stays, blank: Table, last: Last, edition: Edition) -> Table:
    """The rows of a table that usually stay, without those of secret items and without the amounts."""
    declared = edition.tables[stays.name]
    found = last.book.tables.get(stays.name, Table(stays.name)).lines()
    rows = [_reviewable(row, stays, edition) for row in found if _stays(row, stays, declared, last, edition)]
    kept = {row.key: row for row in rows if row.cells and row.key in declared.fixed}
    fixed = (row.with_cells(kept[row.key].cells) if row.key in kept else row for row in blank.rows)
    return Table(stays.name, (*fixed, *(row for row in rows if row.cells and row.key not in declared.fixed)))


def _to_explain(blank: Table, prior: Table, edition: Edition) -> Table:
    """The lines whose change is to be explained: those that had an amount last year."""
    names = edition.tables[blank.name].main.of_type("label", "code", "name")
    lines = (row for row in prior.rows if KEY_JOINT in row.key)
    told = (replace(row, cells={name: row[name] for name in names if name in row.cells}) for row in lines)
    return Table(blank.name, (*blank.rows, *told))


def _stays(row: Row, stays: Stays, declared: TableDeclaration, last: Last, edition: Edition) -> bool:
    items = declared.of_type("item")
    if any(row.text(item).startswith(edition.house.secret) for item in items):
        return False
    scope = Scope(last.book, {"": (stays.name, row)})
    return not stays.where or holds(edition.formula(stays.where, each=stays.name), scope)


def _reviewable(row: Row, stays: Stays, edition: Edition) -> Row:
    mark = edition.house.carried
    kept = {c: _entered(row[c]) for c in stays.kept if row[c].given and row[c].value is not None}
    became = {c: row.text(o).lstrip(BOUNDS) for c, o in stays.becomes.items()}
    said = {**{c: row.text(c) for c in stays.reviewed}, **became}
    reviewed = {c: Cell(mark + text.removeprefix(mark), given=True) for c, text in said.items() if text}
    return Row(row.key, row.level, row.parent, {**kept, **reviewed}, row.line)


# --- what has no place --------------------------------------------------------------------------------------


def _left(last: Last, edition: Edition) -> Iterator[Finding]:
    """What last year's file told and the new edition has no place for."""
    declared = edition.rules["not-carried"]
    for told, where in (
        *_tables_left(last, edition),
        *_figures_left(last, edition),
        *_facts_left(last, edition),
    ):
        yield Finding.of(declared, told, where)


def _tables_left(last: Last, edition: Edition) -> Iterator[tuple[Stated, Spot]]:
    compared = {last.edition.comparisons.prior, last.edition.comparisons.reasons}
    for old in last.edition.table:
        filled = _filled(last.book[old.name])
        if old.name not in edition.tables or old.name == last.edition.verbatim.table:
            if filled:
                yield saying(表=old.name, 行数=len(filled)), Spot(old.name)
        elif old.name not in compared:
            yield from _cells_left(old, edition.tables[old.name], filled, last.edition)


def _filled(table: Table) -> tuple[Row, ...]:
    """The rows of which something was given that is neither blank nor zero."""
    return tuple(row for row in table.rows if any(cell.given and cell.value for cell in row.cells.values()))


def _cells_left(
    old: TableDeclaration, new: TableDeclaration, filled: tuple[Row, ...], edition: Edition
) -> Iterator[tuple[Stated, Spot]]:
    for column in old.columns:
        held = next((row for row in filled if row[column].given and row[column].value), None)
        if column not in new.columns and held:
            yield saying("column", 表=old.name, 列=column), spot(edition, old.name, held, column)
    for row in filled:
        if row.key in old.fixed and row.key not in new.fixed:
            named = old.fixed[row.key][1].caption
            yield saying("row", 表=old.name, 行=named), Spot(old.name, row.key)


def _figures_left(last: Last, edition: Edition) -> Iterator[tuple[Stated, Spot]]:
    for row in with_figures(last.book, last.edition)[FIGURES].rows:
        if row.text(FigureColumn.ID) not in edition.figures and row[FigureColumn.AMOUNT].value:
            where = Spot(FIGURES, row.key, FigureColumn.AMOUNT, row[FigureColumn.AMOUNT].place)
            yield saying("figure", 指标=row.key, 金额=row[FigureColumn.AMOUNT].amount), where


def _facts_left(last: Last, edition: Edition) -> Iterator[tuple[Stated, Spot]]:
    """Facts of the unit whose choice the new edition does not offer."""
    house = edition.house
    for key in edition.tables[house.about].fixed:
        value = stated(last.book, last.edition, key)
        if value is not None and key not in {house.year, house.date} and not _fits(edition, key, value):
            yield saying("fact", 名称=key, 值=str(value)), Spot(house.about, key)
