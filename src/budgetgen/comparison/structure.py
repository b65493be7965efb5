"""What came or went as a whole: units, projects, tables, lines, sections, columns; and what may be one renamed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from budgetgen.comparison.figures import number, numbers, title
from budgetgen.comparison.matching import naming_columns
from budgetgen.comparison.suppositions import NamedPart, Supposition, suppositions
from budgetgen.comparison.values import JOINT, Kind, Link, Matter, Pair, StructureChange
from budgetgen.values.amounts import rounded
from budgetgen.values.likeness import likeness
from budgetgen.values.model import TOTAL
from budgetgen.values.places import DocumentPlace
from budgetgen.values.text import as_named, canonical

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from budgetgen.comparison.matching import Both
    from budgetgen.comparison.values import Side
    from budgetgen.edition.declarations import TableDeclaration
    from budgetgen.values.model import Row
    from budgetgen.values.places import FilePlace

ORDER = list(Matter)
KINDS = {Matter.UNIT: "unit", Matter.PROJECT: "item"}
"""The types of the columns that name them."""


def structure(both: Both) -> tuple[StructureChange, ...]:
    """What came or went, what the format changed last."""
    found = [
        *_facts(both),
        *(c for matter in KINDS for c in _named(both, matter)),
        *(c for matter in KINDS for c in _spelt(both, matter)),
        *_missing_tables(both),
        *_emptied(both),
        *_lines(both),
        *_recoded(both),
        *_template(both),
    ]
    return tuple(sorted(found, key=lambda c: (c.template, ORDER.index(c.matter), c.kind)))


# --- units and projects -------------------------------------------------------------------------------------


def standing(both: Both, matter: Matter, side: Side) -> Mapping[str, NamedPart]:
    """The units or projects of one file, by the names that they are compared by."""
    found: dict[str, NamedPart] = {}
    for declared in side.edition.table:
        if declared.name in both.old.absent | both.new.absent:
            continue
        for column in naming_columns(declared, KINDS[matter]):
            for row in side.book[declared.name].rows:
                name = row.text(column)
                key = both.known(name)
                if name and not (matter is Matter.UNIT and key == both.known(side.unit)):
                    _add(found, key, declared, row, column)
    return found


def _add(found: dict[str, NamedPart], key: str, declared: TableDeclaration, row: Row, column: str) -> None:
    first = next(iter(declared.measures(row.key)), "")
    figure = row[first].value if first else None
    amount = rounded(figure) if isinstance(figure, Decimal) and _tells(declared, row, column) else None
    known = found.get(key) or NamedPart(row.text(column), (), None, row[column].place)
    found[key] = replace(
        known,
        tables=tuple(dict.fromkeys((*known.tables, declared.name))),
        amount=amount if known.amount is None else known.amount,
    )


def _tells(declared: TableDeclaration, row: Row, column: str) -> bool:
    """Whether a row's amount is that of the name in a column: the row of the unit, the line of the project."""
    return row.line == (declared.columns[column].type == "item")


def _named(both: Both, matter: Matter) -> Iterator[StructureChange]:
    before, after = standing(both, matter, both.old), standing(both, matter, both.new)
    gone = {key: named for key, named in before.items() if key not in after}
    come = {key: named for key, named in after.items() if key not in before}
    proposed = [*_respelt(both, before, after)]
    taken = {key for one in proposed for key in (*one.old, *one.new)}
    left = [{key: named for key, named in side.items() if key not in taken} for side in (gone, come)]
    proposed += suppositions(both, *left)
    for one in proposed:
        olds, news = [before[key] for key in one.old], [after[key] for key in one.new]
        yield _change(matter, Kind.CHANGED, olds, news, one)
    taken = {key for one in proposed for key in (*one.old, *one.new)}
    yield from (_change(matter, Kind.CAME, (), [named]) for key, named in come.items() if key not in taken)
    yield from (_change(matter, Kind.WENT, [named], ()) for key, named in gone.items() if key not in taken)


def _spelt(both: Both, matter: Matter) -> Iterator[StructureChange]:
    """Names of which rows are the same, though they are written with other signs: each once, with its tables."""
    found: dict[tuple[str, str], StructureChange] = {}
    for table, old, new, place in _beside(both, KINDS[matter]):
        was, now = canonical(old), canonical(new)
        if was != now and as_named(was) == as_named(now):
            told = StructureChange(Kind.CHANGED, matter, table, old, new, link=Link.SPELT, place=place)
            known = found.setdefault((was, now), told)
            tables = dict.fromkeys((*known.table.split(JOINT), table))
            found[was, now] = replace(known, table=JOINT.join(tables))
    yield from found.values()


def _beside(both: Both, kind: str) -> Iterator[tuple[str, str, str, FilePlace | None]]:
    """The names of a kind that both files have in a row, as written; with the table, and where it stands in the new file."""
    for table, pairs in both.pairs.items():
        for column in naming_columns(both.declared(table), kind):
            rows = ((pair.old, pair.new) for pair in pairs if pair.old and pair.new)
            yield from ((table, old.text(column), new.text(column), new[column].place) for old, new in rows)


def _respelt(
    both: Both, before: Mapping[str, NamedPart], after: Mapping[str, NamedPart]
) -> Iterator[Supposition]:
    """The names that stand in some tables of one file only, instead of one like them that both files have."""
    for known, own in dict.fromkeys((name, own) for (_, name), own in both.respelt.items()):
        old, new = (known, own) if own in after else (own, known)
        if old in before and new in after:
            yield Supposition(Link.RENAMED, (old,), (new,), rounded(Decimal(str(likeness(known, own)))))


def _change(
    matter: Matter,
    kind: Kind,
    old: Sequence[NamedPart],
    new: Sequence[NamedPart],
    proposal: Supposition | None = None,
) -> StructureChange:
    tables = dict.fromkeys(table for named in (*old, *new) for table in named.tables)
    return StructureChange(
        kind,
        matter,
        JOINT.join(tables),
        JOINT.join(named.name for named in old),
        JOINT.join(named.name for named in new),
        _amount(old),
        _amount(new),
        link=proposal.link if proposal else None,
        likeness=proposal.likeness if proposal else None,
        names=tuple(named.name for named in (*old, *new)),
        place=new[0].place if new else None,
    )


def _amount(parts: Sequence[NamedPart]) -> Decimal | None:
    """What things come to together; None where one of them has no amount."""
    amounts = [part.amount for part in parts]
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(amounts) else None


# --- the unit itself, tables, lines -------------------------------------------------------------------------


def _facts(both: Both) -> Iterator[StructureChange]:
    house = both.new.edition.house
    for name in both.new.edition.review.identity:
        old, new = both.old.fact(name), both.new.fact(name)
        if canonical(old) != canonical(new):
            place = both.new.book.cell(house.about, name, house.value).place
            yield StructureChange(Kind.CHANGED, Matter.UNIT, name, old, new, place=place)


def _missing_tables(both: Both) -> Iterator[StructureChange]:
    """The printed tables that one file lacks, though its format has them."""
    for name in sorted(both.old.absent ^ both.new.absent):
        side, kind = (both.old, Kind.WENT) if name in both.new.absent else (both.new, Kind.CAME)
        if name in both.old.edition.tables and name in both.new.edition.tables:
            yield _table(kind, side, name, template=False)


def _emptied(both: Both) -> Iterator[StructureChange]:
    """The sheets of which no line is left."""
    for name, count in both.emptied.items():
        told = f"{name}的全部{count}行"
        yield StructureChange(Kind.WENT, Matter.LINE, name, told, "", _total(both.old, name), names=(name,))


def _table(kind: Kind, side: Side, name: str, *, template: bool) -> StructureChange:
    amount = _total(side, name)
    if kind is Kind.CAME:
        return StructureChange(kind, Matter.TABLE, name, "", name, new_amount=amount, template=template)
    return StructureChange(kind, Matter.TABLE, name, name, "", old_amount=amount, template=template)


def _total(side: Side, name: str) -> Decimal | None:
    row, measures = side.book[name].get(TOTAL), side.edition.tables[name].measures(TOTAL)
    value = row[measures[0]].value if row and measures else None
    return rounded(value) if isinstance(value, Decimal) else None


def _lines(both: Both) -> Iterator[StructureChange]:
    """Codes that are other ones, and lines without any figure that came or went: no list of figures tells these."""
    for name in both.shared:
        if not both.declared(name).printed or name in both.emptied:
            continue
        columns = numbers(both, name)
        for pair in both.pairs[name]:
            if pair.recoded and pair.old and pair.new and pair.old.key != pair.new.key:
                yield _line(both, name, pair, Kind.CHANGED, Matter.CODE)
            elif pair.shown.key in both.declared(name).fixed or (pair.old and pair.new):
                continue
            elif not _figured(columns, pair):
                line = _line(both, name, pair, Kind.WENT if pair.old else Kind.CAME, Matter.LINE)
                yield replace(line, template=both.of_format(name, pair.shown.key))
        if both.documents:
            yield from _printed_by_one(both, name, columns)


def _printed_by_one(both: Both, name: str, columns: Sequence[str]) -> Iterator[StructureChange]:
    """The lines of the format that only one of two documents has printed; as one what stands on one line there."""
    found: dict[object, list[StructureChange]] = {}
    for pair in both.pairs[name]:
        fixed = pair.shown.key in both.declared(name).fixed
        if fixed and (kind := _printed_once(both, name, pair)) and not _moves(columns, pair):
            place = _stands(pair.old if kind is Kind.WENT else pair.new)
            line = replace(place, column=0) if isinstance(place, DocumentPlace) else place
            found.setdefault((kind, line), []).append(_line(both, name, pair, kind, Matter.LINE))
    for first, *more in found.values():
        names = [JOINT.join(getattr(one, side) for one in (first, *more)) for side in ("old", "new")]
        names[0 if first.kind is Kind.CAME else 1] = ""
        yield replace(first, old=names[0], new=names[1])


def _printed_once(both: Both, name: str, pair: Pair) -> Kind | None:
    """What became of a line of the format that only one of two documents has printed; None where both or none have.

    Of a table that has no lines in a document, none lacks: it is empty.
    """
    had, has = (_stands(row) is not None for row in (pair.old, pair.new))
    if (
        had == has
        or not (pair.old and pair.new)
        or not any(map(_stands, (both.new if had else both.old).book[name].rows))
    ):
        return None
    return Kind.WENT if had else Kind.CAME


def _stands(row: Row | None) -> FilePlace | None:
    """Where a line stands in a document; None where it does not."""
    return next((cell.place for cell in row.cells.values() if cell.place), None) if row else None


def _recoded(both: Both) -> Iterator[StructureChange]:
    """Codes of workbooks, where one line went and one came with the same figures."""
    found: dict[tuple[str, str], list[tuple[str, Row, Row]]] = {}
    for name in both.shared if both.workbooks else ():
        declared = both.declared(name)
        if declared.printed and declared.main.of_type("code"):
            for old, new in _alike(both, name):
                titles = title(both.old.edition, name, old), title(both.new.edition, name, new)
                found.setdefault(titles, []).append((name, old, new))
    for titles, ((first, old, new), *more) in found.items():
        one = _line(both, first, Pair(old, new), Kind.CHANGED, Matter.CODE)
        tables = JOINT.join([first, *(name for name, *_ in more)])
        place = next((cell.place for cell in new.cells.values() if cell.place), None)
        yield replace(one, table=tables, link=Link.RECODED, names=titles, place=place)


def _alike(both: Both, name: str) -> Iterator[tuple[Row, Row]]:
    """The lines of one file only that have the figures of just one line of the other."""
    columns = numbers(both, name)
    sides: tuple[dict[tuple[Decimal, ...], list[Row]], ...] = ({}, {})
    for pair in both.pairs[name]:
        if pair.shown.line and not ((pair.old and pair.new) or both.of_moved(name, pair.shown)):
            figures = tuple(number(pair.shown[column].value) for column in columns)
            sides[pair.old is None].setdefault(figures, []).append(pair.shown)
    for figures, old in sides[0].items():
        new = sides[1].get(figures, ())
        if any(figures) and len(old) == len(new) == 1:
            yield old[0], new[0]


def _figured(columns: Iterable[str], pair: Pair) -> bool:
    return any(number(cell.value) for column in columns for cell in pair.cells(column))


def _moves(columns: Iterable[str], pair: Pair) -> bool:
    """Whether a figure of a line is another one, and is told: one that the relations give stands there, printed or not."""
    return any(len({number(cell.value) for cell in pair.cells(column)}) > 1 for column in columns)


def _line(both: Both, name: str, pair: Pair, kind: Kind, matter: Matter) -> StructureChange:
    first = both.declared(name).measures(pair.shown.key)[0]
    amounts = [rounded(c.value) if isinstance(c.value, Decimal) else None for c in pair.cells(first)]
    old = title(both.old.edition, name, pair.old) if pair.old else ""
    new = title(both.new.edition, name, pair.new) if pair.new else ""
    return StructureChange(kind, matter, name, old, new, amounts[0], amounts[1])


# --- the format ---------------------------------------------------------------------------------------------


def _template(both: Both) -> Iterator[StructureChange]:
    """What one format has and the other does not."""
    old, new = both.old.edition, both.new.edition
    for kind, side, other in ((Kind.CAME, both.new, old), (Kind.WENT, both.old, new)):
        for table in side.edition.printed:
            if table.name not in other.tables:
                yield _table(kind, side, table.name, template=True)
                continue
            for column in table.columns:
                if column not in other.tables[table.name].columns:
                    yield _in_template(kind, Matter.COLUMN, table.name, column)
        known = {section.id for section in other.section}
        for section in side.edition.section:
            if section.id not in known:
                yield _in_template(kind, Matter.SECTION, "", section.id)


def _in_template(kind: Kind, matter: Matter, table: str, name: str) -> StructureChange:
    names = ("", name) if kind is Kind.CAME else (name, "")
    return StructureChange(kind, matter, table, *names, template=True)
