"""Accounts for many at once: who is on a list, and what each needs to come in for the first time."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from itertools import chain, count
from typing import TYPE_CHECKING, Final

from budgetgen.app.board import passwords
from budgetgen.app.board.store import Opening
from budgetgen.app.board.vault import write_privately
from budgetgen.app.progress import Progress
from budgetgen.reading.names import CODES, HEADINGS, read_columns
from budgetgen.values.findings import UnusableInputError
from budgetgen.values.text import caption

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from budgetgen.app.board.store import Store, Visitor
    from budgetgen.app.board.tables import Role

ROLES: Final[Mapping[Role, str]] = {"unit": "单位", "department": "部门", "reviewer": "审核"}
"""As they are told, and stand in a list."""
COLUMNS: Final = {
    "name": ("账户", "账号", "用户名", "登录名"),
    "role": ("身份", "角色", "权限"),
    "unit": ("单位", "单位名称", "单位全称", "所属单位"),
    "code": tuple(CODES),
}
"""What may stand above the columns of a list."""
ANNOUNCED: Final = ("账户", "身份", "单位", "一次性密码")
WRITTEN: Final = "utf-8-sig"
"""As spreadsheets expect a text file in Chinese."""


@dataclass(frozen=True)
class Person:
    """Somebody who needs an account.

    Attributes:
        name: of the account.
        role: for what.
        unit: of which; empty for none.
        taken: the name that it would have, were that not another account's; empty where it has that.
    """

    name: str
    role: Role
    unit: str = ""
    taken: str = ""


def people_in(path: Path) -> tuple[Person, ...]:
    """Who is on a list; a line without a name of its own is called by the code of its unit, else by its unit.

    Raises:
        UnusableInputError: the list cannot be read, or a line does not say who it is.
    """
    lines = read_columns(path, COLUMNS)
    if not lines:
        heads = f"{'、'.join(sorted(HEADINGS))}或{'、'.join(COLUMNS['name'])}"
        raise UnusableInputError(path, "名单里看不出哪一列是账户或单位", f"第一行写列名：{heads}")
    found = [_person(path, number, line) for number, line in lines]
    names = [one.name for one in found]
    if doubled := next((name for place, name in enumerate(names) if name in names[:place]), None):
        raise UnusableInputError(path, f"名单里有两个账户“{doubled}”", "每人写一个不同的账户")
    return tuple(found)


def _person(path: Path, number: int, line: Mapping[str, str]) -> Person:
    told, unit = caption(line["role"]), line["unit"]
    role = next((role for role, word in ROLES.items() if told in {word, role, f"{word}账户"}), None)
    if told and role is None:
        raise UnusableInputError(path, f"第 {number} 行的身份“{line['role']}”不认识", f"写{_words()}之一")
    name = line["name"] or line["code"] or unit
    if not name:
        raise UnusableInputError(path, f"第 {number} 行没有账户，也没有单位", "补上，或删去这一行")
    return Person(name, role or "unit", unit if (role or "unit") == "unit" else "")


def _words() -> str:
    return "、".join(ROLES.values())


def without_account(store: Store) -> tuple[Person, ...]:
    """The units of the list that nobody can send for yet, each under its code or its name; where that is taken, with a number."""
    accounts = store.accounts()
    served = {account.unit_id for account in accounts if account.active}
    names, people = {account.name for account in accounts}, []
    for unit in store.units():
        if unit.id not in served:
            wanted = unit.code or unit.name
            name = _free(wanted, names)
            names.add(name)
            people.append(Person(name, "unit", unit.name, "" if name == wanted else wanted))
    return tuple(people)


def _free(wanted: str, taken: Collection[str]) -> str:
    numbered = (f"{wanted}-{number}" for number in count(2))
    return next(name for name in chain((wanted,), numbered) if name not in taken)


def admit(store: Store, people: Sequence[Person], target: Path, who: Visitor) -> None:
    """Make their accounts; the passwords, each good for choosing another, are written before anybody could need them.

    Args:
        store: the board.
        people: who have none yet.
        target: a new file, that nobody else can read.
        who: asks for it.

    Raises:
        RefusedError: one of them cannot be made; then none is, and nothing is written.
        UnusableInputError: the file exists or cannot be written; then none is made.
    """
    words = [passwords.invented() for _ in people]
    openings = []
    with Progress("建账户", len(people)) as progress:
        for one, word in zip(people, words, strict=True):
            openings.append(Opening(one.name, one.role, passwords.hashed(word), one.unit, temporary=True))
            progress.step()
    write_privately(target, _announced(people, words))
    try:
        store.open_accounts(openings, who)
    except BaseException:
        target.unlink()
        raise


def _announced(people: Sequence[Person], words: Sequence[str]) -> bytes:
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(ANNOUNCED)
    lines.writerows(
        (one.name, ROLES[one.role], one.unit, word) for one, word in zip(people, words, strict=True)
    )
    return text.getvalue().encode(WRITTEN)
