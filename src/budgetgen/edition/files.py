"""The files of an edition as one mapping, each declaration with the place that it stands at.

Every table of TOML (`[house]`, `[[rule]]`, `[[table.block]]`) carries its places under `PLACES` until the mapping is
validated; merging keeps those of the edition itself before those of the edition that it extends.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING, Any, TypeAlias

from budgetgen.edition.errors import EditionError
from budgetgen.values.patterns import slots
from budgetgen.values.text import near_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from importlib.resources.abc import Traversable

PLACES = "\0places"
"""The key of the places of a declaration: no key of TOML is so."""
COMMON = "common"
"""The folder, beside those of the editions, of what holds in every edition."""
OF_TABLES = ("tables", "sheets")
"""The folders of an edition that hold a file for each printed table, and for each other sheet of the workbook."""
SAYINGS = ("says", "stating")
"""What holds the wordings of what the program tells."""
SHAPES = "shape"
"""What entries of one shape have in common, each shape under its name; `LIKE` of an entry names those that it has."""
LIKE = "like"
BLOCKS = "block"
"""The blocks of a table: one that is called nothing and stands alone is meant by one that does so, unless that is whole."""
NAMES = ("id", "name", "key", "number")
"""What an entry of a list is known by, when an edition changes that of another."""
_HEADER = re.compile(
    r"^\[(\[)?\s*((?:[\w-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*(?:[\w-]+|\"[^\"]*\"|'[^']*'))*)\s*\]?\]"
)
_STEP = re.compile(r"[\w-]+|\"[^\"]*\"|'[^']*'")
_KEY = re.compile(r"\s*([\w-]+|\"[^\"]*\"|'[^']*')\s*[.=]")

Location: TypeAlias = tuple["int | str", ...]
"""The way to a declaration: `("table", 3, "block", 0)`."""


@dataclass(frozen=True, slots=True)
class DeclaredAt:
    """Where a declaration stands.

    Attributes:
        file: as people name it: `region-2026/tables/05-general.toml`.
        line: of its header.
        lines: from there to the next header.
        key: of what stands at the head of a file, below no header, the key.
    """

    file: str
    line: int
    lines: tuple[str, ...]
    key: str = ""

    def of(self, word: str) -> str:
        """`file:line: ` of the line that holds a word; empty where none does."""
        found = next((n for n, line in enumerate(self.lines) if word in line), None)
        return "" if found is None else f"{self.file}:{self.line + found}: "


Places: TypeAlias = tuple[DeclaredAt, ...]
"""Of a declaration that extends others: its own first."""


@dataclass
class MergedFiles:
    """The files of an edition and of those that it extends, being merged.

    Attributes:
        folders: where editions are looked for, the first first.
        problems: what is wrong, with its place.
        homes: the folder of the edition, and those of the editions that it extends.
    """

    folders: Sequence[Traversable]
    problems: list[str] = field(default_factory=list)
    homes: list[Traversable] = field(default_factory=list)

    def edition(self, name: str, below: tuple[str, ...] = ()) -> dict[str, Any]:
        """All files of an edition as one mapping, over those of the edition that it extends."""
        return self.merged(*self.apart(name, below))

    def apart(self, name: str, below: tuple[str, ...] = ()) -> tuple[dict[str, Any], dict[str, Any]]:
        """What an edition changes, from the edition that it extends or what holds in all, and what its own files say."""
        if name in below:
            raise EditionError(f"{below[-1]}/edition.toml：extends 绕成了圈：{' → '.join((*below, name))}")
        home = self.home(name, below)
        self.homes.append(home)
        own = self._folder(home)
        base = own.pop("extends", None)
        under = self._common(home) if base is None else self.edition(str(base), (*below, name))
        shapes = self.merged(_shapes(under), _shapes(own))
        return under, self._shaped(own, shapes)

    def _folder(self, home: Traversable) -> dict[str, Any]:
        """All files of a folder as one mapping."""
        own: dict[str, Any] = {}
        broken: list[str] = []
        for called, file in files_of(home):
            try:
                own = self._together(own, read(file, called))
            except EditionError as error:
                broken.append(str(error))
        if broken:
            raise EditionError("\n".join(broken))
        for folder in _unread(home):
            only = f"只读 {'、'.join(OF_TABLES)} 里的{near_name(folder, OF_TABLES)}"
            self.problems.append(f"{home.name}/{folder}：这个文件夹里的声明没有读入，{only}")
        return own

    def _shaped(self, data: Any, shapes: Mapping[str, Any]) -> Any:
        """Declarations, each with what the shapes that it names say of it, unless it says otherwise itself."""
        if isinstance(data, list):
            return [self._shaped(each, shapes) for each in data]
        if not isinstance(data, Mapping):
            return data
        own = {key: self._shaped(value, shapes) for key, value in data.items() if key != LIKE}
        shape: dict[str, Any] = {}
        named = data.get(LIKE, [])
        for name in named if isinstance(named, list) else [named]:
            if name not in shapes:
                self._nowhere(data, LIKE, name, shapes)
            else:
                shape = self.merged(shape, shapes[name])
        return self.merged(shape, own)

    def home(self, name: str, below: tuple[str, ...] = ()) -> Traversable:
        """The folder of an edition.

        Raises:
            EditionError: there is none.
        """
        for folder in self.folders:
            if (folder / name / "edition.toml").is_file():
                return folder / name
        known = sorted({entry.name for folder in self.folders for entry in homes(folder)})
        said = f"{below[-1]}/edition.toml：extends 所指的" if below else ""
        raise EditionError(f"{said}没有版式“{name}”，现有：{'、'.join(known)}{near_name(name, known)}")

    def _common(self, home: Traversable) -> dict[str, Any]:
        """What holds in every edition: from the folder beside it, else from the last that has it."""
        beside = next(
            (f for f in self.folders if (f / home.name / "edition.toml").is_file()), self.folders[0]
        )
        found = (f / COMMON for f in (beside, *reversed(self.folders)) if (f / COMMON).is_dir())
        common = next(found, None)
        return self._folder(common) if common else {}

    def _together(self, one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
        """Two files of one edition: neither says again what the other says, or it says itself."""
        self._said_once(one, other)
        return self.merged(one, other, strict=False)

    def _said_once(
        self, one: Mapping[str, Any], other: Mapping[str, Any], within: str = "", around: Places = ()
    ) -> None:
        around = other.get(PLACES, around)
        for key, value in other.items():
            old = one.get(key)
            if isinstance(value, list):
                self._named_once(old if isinstance(old, list) else [], value, around)
            elif isinstance(value, Mapping):
                self._said_once(old if isinstance(old, Mapping) else {}, value, f"{within}{key}.", around)
            elif old is not None and key != PLACES:
                self._twice(f"{within}{key}", around, key)

    def _named_once(self, before: Sequence[Any], entries: Sequence[Any], around: Places) -> None:
        """Complain of entries that are there already, and of such within each."""
        seen = list(map(_name, before))
        for entry in (entry for entry in entries if isinstance(entry, Mapping)):
            name, places = _name(entry), entry.get(PLACES, around)
            if name is not None and name in seen:
                self._twice(called(entry), places, str(name))
            seen.append(name)
            self._said_once({}, entry, "", places)

    def _twice(self, name: str, places: Places, word: str) -> None:
        self.problems.append(f"{_among(places, word)}“{name}”在这个版式里写了两次")

    def merged(
        self, base: Mapping[str, Any], over: Mapping[str, Any], *, strict: bool = True
    ) -> dict[str, Any]:
        """`over` on top of `base`: tables merge, lists of named tables merge by name, all else replaces."""
        result = dict(base)
        for key, value in over.items():
            old = result.get(key)
            if key == PLACES:
                result[key] = (*value, *(old or ()))
            elif isinstance(old, Mapping) and isinstance(value, Mapping):
                if key in SAYINGS:
                    self._reworded(over, old, value)
                result[key] = self.merged(old, value, strict=strict)
            elif isinstance(old, list) and isinstance(value, list) and old and _named(old):
                result[key] = self._lists(old, value, strict=strict)
            elif (
                key == BLOCKS
                and strict
                and old
                and _lone(old)
                and _lone(value)
                and not _whole(value[0], old[0])
            ):
                result[key] = [self.merged(old[0], value[0])]
            else:
                result[key] = value
        return result

    def _lists(self, base: list[Any], over: list[Any], *, strict: bool) -> list[Any]:
        """Entries of the same name merge in place, `remove = true` drops one, new ones follow (or stand `after` one)."""
        if not all(isinstance(entry, Mapping) for entry in over):
            return over
        if not strict:  # of one edition
            return [*base, *over]
        result = list(base)
        for entry in over:
            if _name(entry) is None:
                said = f"没有写明改的是哪一个（{'、'.join(_named_by(base))}）：照抄原来的名称（id、name，块照抄 key）"
                self.problems.append(f"{_at(entry)}{said}")
            else:
                self._entry(result, entry)
        return result

    def _entry(self, result: list[Any], entry: Mapping[str, Any]) -> None:
        """Take one entry of a list into the result: in its place, out of it, or new."""
        name, names = _name(entry), [_name(old) for old in result]
        after = entry.get("after")
        rest = {k: v for k, v in entry.items() if k not in ("remove", "after")}
        place = names.index(name) if name in names else None
        if entry.get("remove") and place is None:
            self._nowhere(entry, "remove", name, names)
        elif entry.get("remove"):
            del result[names.index(name)]
        elif place is not None:
            result[place] = self.merged(result[place], rest)
        elif after in names:
            result.insert(names.index(after) + 1, rest)
        else:
            if after is not None:
                self._nowhere(entry, "after", after, names)
            result.append(rest)

    def _reworded(self, entry: Mapping[str, Any], base: Mapping[str, Any], over: Mapping[str, Any]) -> None:
        """What the program tells may be worded otherwise: its sayings are known, and what stands in their slots."""
        for name, text in ((n, t) for n, t in over.items() if n != PLACES):
            known = slots(str(base.get(name, "")))
            if name not in base:
                said = f"没有“{name}”这种说法{near_name(name, [n for n in base if n != PLACES])}"
                self.problems.append(f"{_at(entry, name)}{said}")
            for slot in (slot for slot in slots(str(text)) if name in base and slot not in known):
                said = f"说法“{name}”没有空位“{slot}”，可以用的是：{'、'.join(known) or '（没有）'}"
                self.problems.append(f"{_at(entry, slot)}{said}")

    def _nowhere(self, entry: Mapping[str, Any], key: str, name: Any, among: Iterable[Any]) -> None:
        hint = near_name(str(name), map(str, among))
        self.problems.append(f"{_at(entry, name)}{key} 所指的“{name}”不存在{hint}")


def homes(folder: Traversable) -> list[Traversable]:
    """The folders of editions in a folder, by name."""
    if not folder.is_dir():
        return []
    found = (e for e in folder.iterdir() if e.is_dir() and (e / "edition.toml").is_file())
    return sorted(found, key=lambda entry: entry.name)


def files_of(home: Traversable) -> list[tuple[str, Traversable]]:
    """The declarations of one edition with what each file is called, in the order in which they count.

    First its tables and sheets, each in a file of its own, then what is of none alone, each by name. So the relations
    of a table stand together, tables as they are printed, and findings come in that order.
    """
    within = ((f"{folder}/", home / folder) for folder in OF_TABLES)
    known = ((ahead, place) for ahead, place in (*within, ("", home)) if place.is_dir())
    return [(f"{home.name}/{ahead}{file.name}", file) for ahead, place in known for file in _declaring(place)]


def _declaring(folder: Traversable) -> list[Traversable]:
    return sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda f: f.name)


def _unread(home: Traversable) -> Iterator[str]:
    """The folders of an edition that hold declarations which nobody would read."""
    others = (entry for entry in home.iterdir() if entry.is_dir() and entry.name not in OF_TABLES)
    return (entry.name for entry in others if _declaring(entry))


def read(file: Traversable, called: str) -> dict[str, Any]:
    """One file, each of its tables with its place.

    Raises:
        EditionError: it is no TOML, or not in UTF-8.
    """
    import tomllib  # noqa: PLC0415 - only where an edition is not kept yet

    try:
        text = file.read_text(encoding="utf-8-sig")
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        from budgetgen.edition.syntax import in_chinese  # noqa: PLC0415 - only where a file is broken

        raise EditionError(in_chinese(error, called, text)) from error
    except UnicodeDecodeError as error:
        raise EditionError(f"{called}：不是 UTF-8 编码") from error
    data[PLACES] = tuple(_head(text.splitlines(), called, data))
    for path, place in _headers(text.splitlines(), called):
        found = _entry_at(data, path)
        if found is not None:
            found[PLACES] = (place,)
    return data


def _head(lines: Sequence[str], called: str, data: Mapping[str, Any]) -> Iterator[DeclaredAt]:
    """What stands below no header, key by key."""
    head = list(takewhile(lambda line: not _HEADER.match(line), lines))
    found = [(n, m[1].strip("\"'")) for n, line in enumerate(head) if (m := _KEY.match(line))]
    starts = [(n, key) for n, key in found if key in data]
    for (start, key), (end, _) in pairwise([*starts, (len(head), "")]):
        yield DeclaredAt(called, start + 1, tuple(head[start:end]), key)


def _headers(lines: Sequence[str], called: str) -> Iterator[tuple[tuple[tuple[str, int], ...], DeclaredAt]]:
    """Every header with the way to its table: keys, with the number of the entry where it is one of a list."""
    numbers: dict[tuple[str, ...], int] = {}
    starts = [(n, m) for n, line in enumerate(lines) if (m := _HEADER.match(line))]
    following = [start for start, _ in starts[1:]] + [len(lines)]
    for (start, match), end in zip(starts, following, strict=False):
        keys = tuple(step.strip("\"'") for step in _STEP.findall(match[2]))
        if match[1]:
            numbers = {k: n for k, n in numbers.items() if k[: len(keys)] != keys or k == keys}
            numbers[keys] = numbers.get(keys, -1) + 1
        way = tuple((key, numbers.get(keys[: i + 1], -1)) for i, key in enumerate(keys))
        yield way, DeclaredAt(called, start + 1, tuple(lines[start:end]))


def _entry_at(data: Any, way: tuple[tuple[str, int], ...]) -> dict[str, Any] | None:
    for key, number in way:
        data = data.get(key) if isinstance(data, dict) else None
        if number >= 0:
            data = data[number] if isinstance(data, list) and number < len(data) else None
    return data if isinstance(data, dict) else None


def without_places(data: Any) -> Any:
    """Declarations without their places."""
    if isinstance(data, Mapping):
        return {key: without_places(value) for key, value in data.items() if key != PLACES}
    if isinstance(data, list):
        return [without_places(value) for value in data]
    return data


def place_of(data: Any, location: Sequence[int | str], word: str = "") -> str:
    """`file:line: ` of a declaration, and of a word in it; empty where it is not known.

    Args:
        data: the declarations, with their places.
        location: the way to the declaration.
        word: what is wrong there.
    """
    around: list[DeclaredAt] = []
    for step in (*location, None):
        if isinstance(data, Mapping):
            around = [*(p for p in data.get(PLACES, ()) if p.key in ("", step)), *around]
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            break
    return _among(around, word)


def _among(places: Sequence[DeclaredAt], word: str) -> str:
    """`file:line: ` of a word in one of some places, else of the first; empty where there is none."""
    named = next(filter(None, (place.of(word) for place in places)), "") if word else ""
    return named or (f"{places[0].file}:{places[0].line}: " if places else "")


def entries(value: object) -> Iterator[Mapping[str, Any]]:
    """The entries of a list of tables; what is none is left to validation."""
    return (entry for entry in (value if isinstance(value, list) else ()) if isinstance(entry, Mapping))


def with_strays(told: object, known: Sequence[Mapping[str, Any]]) -> object:
    """The entries of a list of tables as they were arranged, and what is none: validation tells of it."""
    if not isinstance(told, list):
        return list(known) if told is None else told
    return [*known, *(entry for entry in told if not isinstance(entry, Mapping))]


def is_common(entry: Mapping[str, Any]) -> bool:
    """Whether a declaration, or what it changes, is one of those that hold in every edition."""
    return any(place.file.startswith(f"{COMMON}/") for place in entry.get(PLACES, ()))


def _shapes(data: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    """The shapes that are declared, by name."""
    told = data.get(SHAPES)
    return (
        {n: shape for n, shape in told.items() if isinstance(shape, Mapping)}
        if isinstance(told, Mapping)
        else {}
    )


def _at(entry: Mapping[str, Any], word: Any = "") -> str:
    return place_of(entry, (), str(word or ""))


def by_name(entries: Any) -> dict[str, Mapping[str, Any]]:
    """The entries of a list of declarations that have a name, by that; nothing where it is none."""
    named = (e for e in (entries if isinstance(entries, list) else ()) if _name(e) is not None)
    return {called(entry): entry for entry in named}


def _name(entry: Any) -> Any:
    if not isinstance(entry, Mapping):
        return None
    found = next((entry[k] for k in NAMES if k in entry), None)
    return tuple(found) if isinstance(found, list) else found


def called(entry: Any) -> str:
    """What an entry of a list is known by, as it is told."""
    name = _name(entry)
    return "/".join(map(str, name)) if isinstance(name, tuple) else str(name)


def _named(entries: list[Any]) -> bool:
    return all(_name(entry) is not None for entry in entries)


def _lone(entries: object) -> bool:
    """Whether a list holds one declaration, which is called nothing."""
    return (
        isinstance(entries, list)
        and len(entries) == 1
        and isinstance(entries[0], Mapping)
        and _name(entries[0]) is None
    )


def _whole(block: Mapping[str, Any], base: Mapping[str, Any]) -> bool:
    """Whether a block declares the columns of another anew, each in full: then it stands for itself, in its own order."""
    columns = [one for one in block.get("columns", ()) if isinstance(one, Mapping)]
    named = {_name(one) for one in base.get("columns", ()) if isinstance(one, Mapping)}
    full = all("type" in one and not {"after", "remove"} & one.keys() for one in columns)
    return full and any(_name(one) in named for one in columns)


def _named_by(entries: list[Any]) -> list[str]:
    """The names of entries, as far as they are short."""
    return [called(entry) for entry in entries][:6]
