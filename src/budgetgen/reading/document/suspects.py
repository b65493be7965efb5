"""What is suspicious about the texts of a document by themselves: told with their places, each once."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict, deque
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cache
from string import digits
from typing import TYPE_CHECKING

from budgetgen.edition import listed as listed_editions
from budgetgen.formula.evaluation import Scope
from budgetgen.proofreading.citations import citations
from budgetgen.proofreading.homophones import homophones
from budgetgen.proofreading.lint import (
    calling,
    dangling,
    lint,
    mixed_ways,
    selves,
    unpaired,
    unsequenced,
    variants,
)
from budgetgen.proofreading.terms import known_terms, misspelt
from budgetgen.reading.document.blocks import Text
from budgetgen.reading.document.headings import PartHeadings
from budgetgen.reading.document.narrative.naming import is_own
from budgetgen.reading.document.recognition import COVER, kinds, year_of
from budgetgen.saying.phrasing import Frame, Phrasing
from budgetgen.values.findings import NARRATIVE, Finding, Spot
from budgetgen.values.likeness import alike, likeness
from budgetgen.values.sayings import ONLY, Stated, listed, saying
from budgetgen.values.text import fold, unspaced

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from budgetgen.edition.declarations import Edition
    from budgetgen.proofreading.terms import Known
    from budgetgen.reading.document.blocks import Block
    from budgetgen.reading.document.narrative.gathered import Gathered
    from budgetgen.reading.workbook import Reading
    from budgetgen.values.model import Book
    from budgetgen.values.places import FilePlace

HEADING = re.compile(r"(?P<mark>[(一二三四五六七八九十]{1,4}|\d{1,2})[)、.]+(?=\D|20\d\d年)(?P<words>.+)")
"""A numbered heading, or an entry of the contents."""
YEAR = re.compile(r"(?<!\d)20\d\d(?=年)")
CALLED = re.compile(r"(?P<kind>[\u4e00-\u9fff]{2})(?:公开)?$")
"""How a line of the cover ends that says of what kind the disclosure is."""
LEADERS = ".…·-"
"""What stands between an entry of the contents and its page."""
HABITS = frozenset({"text-numeral", "text-decimals"})
"""The rules of a way to write that a whole document has: told once for all places."""
TITLE, TITLES = 60, 3
"""How long a title of a table is at most, and how many of them tell that a document's titles were found."""
ABOUT = 5
"""By so many signs of its beginning a kind of money is known in the title of its table."""
SLIP = 2
"""In so many signs at most the title of a table may differ from its entry in the contents."""
SENTENCE, ENDS = 20, "。;:"
"""How long a paragraph is at least that is not said twice on purpose, and how it ends."""
CLAUSES, CLAUSE, NEAR = re.compile(r"[,。;]"), 6, 2
"""What ends a clause, and how long what it says of the unit is at least that is not said twice on purpose within so many paragraphs."""
ENTRIES = 3
"""How many entries a list has at least of which one may be seen to break off."""
CLOSE = 10
"""How much of the end of a sentence is told."""


@dataclass(frozen=True)
class Suspects:
    """The texts of a document.

    Attributes:
        edition: the format.
        blocks: the sequence that was read.
        narrative: the paragraphs of the parts that sections belong to.
        outside: what belongs to no part.
        unit: the name of the unit.
        gathered: what the sentences gave.
        called: the texts that differ from the tables, told as such.
    """

    edition: Edition
    blocks: Sequence[Block]
    narrative: Sequence[Text]
    outside: Sequence[Block]
    unit: str
    gathered: Gathered
    called: frozenset[str] = frozenset()

    def beside(self, reading: Reading) -> Reading:
        """The reading of the document with all of it."""
        return replace(reading, findings=(*reading.findings, *self.findings(reading.book)))

    def findings(self, book: Book) -> Iterator[Finding]:
        """All of it.

        Args:
            book: what was read of the document.
        """
        yield from self._dated()
        yield from self._linted()
        yield from self._mixed()
        yield from self._renamed(book)
        yield from self._doubled()
        yield from self._unsequenced()
        yield from self._mixed_ways()
        yield from self._homophones()
        yield from self._citations()
        yield from self._misspelt()
        yield from self._small_moneys()
        yield from self._emptied()
        yield from self._unended()
        yield from self._rates()
        yield from self._contents()
        yield from self._entered_twice()
        yield from self._entries_named()
        yield from self._entitled()

    @property
    def _texts(self) -> Sequence[Text]:
        return [block for block in self.blocks if isinstance(block, Text) and not block.beside]

    def _finding(self, rule: str, told: Stated, *spots: Spot) -> Finding:
        return Finding.of(self.edition.rules[rule], told, *spots)

    def _dated(self) -> Iterator[Finding]:
        """The year on the cover, where it is not that of the document; what was published on a day is of no year."""
        year, texts = self.edition.edition.year, self._texts[:COVER]
        said = next(((text, found) for text in texts if (found := year_of(fold(text.text).form))), None)
        if said and said[1] != year:
            yield self._finding("sentence-year", saying(写作=said[1], 应为=year), *_spots([said[0]]))
        yield from self._dated_titles(year)
        yield from self._dated_parts(year)
        yield from self._dated_notes(year)
        yield from self._of_another_kind(texts)
        yield from self._dated_papers(year)

    def _dated_parts(self, year: int) -> Iterator[Finding]:
        """The headings of the parts, and their entries, that name another year than the document's."""
        told, known = {id(text) for text in self.narrative}, PartHeadings(self.edition)
        for text in (one for one in self._texts if id(one) not in told and len(one.text) <= TITLE):
            years = set(YEAR.findall(unspaced(text.text)))
            headed = years and str(year) not in years
            if headed and any(part.mark and known.heads(part, text.text) for part in self.edition.part):
                wrong = saying(写作=int(min(years)), 应为=year)
                yield self._finding("sentence-year", wrong, *_spots([text]))

    def _of_another_kind(self, cover: Iterable[Text]) -> Iterator[Finding]:
        """Lines of the cover that call the disclosure one of another kind (决算) than its tables are."""
        own = self.edition.edition.kind
        lines = [(text, CALLED.search(unspaced(text.text).replace(self.unit, ""))) for text in cover]
        called = [(text, found["kind"]) for text, found in lines if found]
        if own not in {kind for _, kind in called}:
            known = kinds(listed_editions())
            wrong = [(text, kind) for text, kind in called if kind in known]
            yield from (
                self._finding("cover-kind", saying(写作=kind, 应为=own), *_spots([text]))
                for text, kind in wrong
            )

    def _dated_papers(self, year: int) -> Iterator[Finding]:
        """The documents that are cited by a number of a year in which nobody knows of them yet, each once."""
        settings = self.edition.edition
        last, told = year + max(settings.published, default=0), set[str]()
        for text, place in self._standing_texts():
            for found in self.edition.lint.dates.finditer(unspaced(text)):
                number = found[0]
                if number[0].isdigit() or number in told or int(found["year"]) > self.edition.lint.years[1]:
                    continue
                if int(found["year"]) > last:
                    told.add(number)
                    late = saying("later", 原文=number, 年度=year)
                    yield self._finding("text-date", late, Spot(NARRATIVE, place=place, value=text))

    def _dated_notes(self, year: int) -> Iterator[Finding]:
        """The remarks below tables that call them empty, and name another year and no other: no sentence tells these."""
        told, empty = {id(text) for text in self.narrative}, self.edition.lint.emptied
        notes = (text for text in self._texts if id(text) not in told)
        for text in notes:
            said = unspaced(text.text)
            years = set(YEAR.findall(said))
            if empty and len(years) == 1 and str(year) not in years and empty.search(said):
                wrong = saying(写作=int(years.pop()), 应为=year)
                yield self._finding("sentence-year", wrong, *_spots([text]))

    def _dated_titles(self, year: int) -> Iterator[Finding]:
        """The titles of tables with another year, which an entry of the contents has with its own, and no other title."""
        outside = {id(block) for block in self.outside}
        entries = [unspaced(text.text) for text in self._texts if id(text) in outside]
        lines = {unspaced(text.text): text for text in self._texts if id(text) not in outside}
        for title, text in lines.items():
            found = YEAR.search(title)
            if not (found and title.endswith(tuple(self.edition.forms.endings)) and len(title) <= TITLE):
                continue
            meant = title.replace(found[0], str(year))
            if meant not in lines and any(meant in entry for entry in entries):
                yield self._finding("sentence-year", saying(写作=int(found[0]), 应为=year), *_spots([text]))

    def _doubled(self) -> Iterator[Finding]:
        """Paragraphs that say the same as the one before them, or without a label as one of their section."""
        before, met = "", set[str]()
        for after in self.blocks:
            if not isinstance(after, Text) or after.beside or after.cell:
                before = ""
                met = met if isinstance(after, Text) else set()
                continue
            said = unspaced(after.text)
            if self.edition.lint.numbered.match(said):
                met.clear()
            if len(said) >= SENTENCE and said[-1] in ENDS and (said == before or said in met):
                begun = said if len(said) <= TITLE else f"{said[:TITLE]}…"
                told = saying(ONLY if said == before else "again", 原文=begun)
                yield self._finding("text-doubled", told, *_spots([after]))
            before = said
            met |= {said} - {one for one in (said,) if ":" in one}
        yield from self._repeated()

    def _repeated(self) -> Iterator[Finding]:
        """What paragraphs near one another begin with saying of the unit, by whatever name they call it."""
        lint, offices = self.edition.lint, self.edition.forms.offices
        near: deque[tuple[str, frozenset[str]]] = deque(maxlen=NEAR)
        for text in self._texts:
            said = unspaced(text.text)
            if lint.numbered.match(said):
                near.clear()
                continue
            names = {self.unit, *variants(said, self.unit, offices), *(n for k in lint.selves for n in k)}
            first = CLAUSES.split(said)[0]
            own = frozenset(first[len(name) :] for name in names if name and first.startswith(name))
            told = {one for one in own if len(one) >= CLAUSE and not YEAR.search(one)}
            if any(told & rest for other, rest in near if other != said):
                yield self._finding("text-doubled", saying("again", 原文=first), *_spots([text]))
            near.append((said, own))

    def _linted(self) -> Iterator[Finding]:
        """What is suspicious about the texts by themselves, each complaint once."""
        complaints: dict[tuple[str, Stated], tuple[Spot, ...]] = {}
        linted = cache(lambda text: (*lint(text, self.edition.lint), *self._other_names(text)))
        for text, place in self._standing_texts():  # most stand in many cells
            for complaint in linted(text):
                spots = complaints.get(complaint, ())
                complaints[complaint] = (*spots, Spot(NARRATIVE, place=place, value=text))
        for rule in dict.fromkeys(rule for rule, _ in complaints if rule in HABITS):
            yield self._habit(rule, {told: s for (one, told), s in complaints.items() if one == rule})
        for (rule, told), spots in complaints.items():
            if rule not in HABITS:
                yield self._finding(rule, told, *spots)

    def _habit(self, rule: str, complaints: Mapping[Stated, tuple[Spot, ...]]) -> Finding:
        """What a document does again and again, each way of it named."""
        slot = next(iter(complaints)).fields[0][0]
        told = saying(**{slot: listed(words for one in complaints for words in one.leaves)})
        return self._finding(rule, told, *(spot for spots in complaints.values() for spot in spots))

    def _unsequenced(self) -> Iterator[Finding]:
        """Numbers of headings and entries that jump, go back, or stand twice; parts may be numbered as sections are."""
        parts = PartHeadings(self.edition).otherwise([block.text for block in self._texts])
        texts = [block for n, block in enumerate(self._texts) if n not in parts]
        said = [block.text for block in texts]
        numbers = (unsequenced(said, self.edition.lint), dangling(said, self.edition.lint))
        for index, told in itertools.chain(*numbers):
            spot = Spot(NARRATIVE, place=texts[index].place, value=texts[index].text)
            yield self._finding("text-sequence", told, spot)
        yield from self._misnumbered()

    def _misnumbered(self) -> Iterator[Finding]:
        """The lines that number tables where the number does not go on, nor begin anew.

        One that is passed over lacks with its table; one that stands again over the same title goes on with it.
        """
        form = re.escape(unspaced(self.edition.typography.table_number)).replace(
            re.escape("{号}"), r"(\d{1,3})"
        )
        texts = self._texts
        titles = [unspaced(text.text) for text in texts[1:]] + [""]
        met = ((n, re.fullmatch(form, unspaced(text.text))) for n, text in enumerate(texts) if form)
        lines = [(texts[n], int(found[1]), titles[n]) for n, found in met if found and found.groups()]
        for (before, last, title), (text, number, again) in itertools.pairwise(lines):
            goes_on = number == last and title and again.startswith(title)
            if number <= last and number != 1 < last and not goes_on:
                told = saying(序号=text.text.strip(), 前一个=before.text.strip())
                yield self._finding("text-sequence", told, *_spots([text]))

    def _mixed_ways(self) -> Iterator[Finding]:
        """What the document writes in several ways, each told once with the places of the rarer ones."""
        texts = self._texts
        for numbers, told in mixed_ways([block.text for block in texts], self.edition.lint):
            yield self._finding("text-ways", told, *_spots(texts[n] for n in numbers))

    def _homophones(self) -> Iterator[Finding]:
        """Passages that stand twice, once with signs of the same sound."""
        texts = self._texts
        said = [block.text for block in texts]
        for first, second, told in homophones(said, self.edition.lint.interchangeable):
            yield self._finding("text-homophone", told, *_spots((texts[second], texts[first])))

    def _citations(self) -> Iterator[Finding]:
        """Documents that are cited by two numbers, in paragraphs and in tables."""
        texts = list(self._standing_texts())
        for one, other, told in citations([text for text, _ in texts], self.edition.lint.cited):
            spots = (Spot(NARRATIVE, place=texts[n][1], value=texts[n][0]) for n in (one, other))
            yield self._finding("text-citation", told, *spots)

    def _misspelt(self) -> Iterator[Finding]:
        """Names of the format that paragraphs write with a slip, each once."""
        known, places = known_terms(self.edition), defaultdict[Stated, list[Text]](list)
        slips = cache(lambda text: tuple(misspelt(text, known, self.edition.lint)))
        for text in self.narrative:
            for told in slips(text.text):
                if self.called.isdisjoint(told.texts):
                    places[told].append(text)
        yield from (self._finding("text-misspelt", told, *_spots(found)) for told, found in places.items())
        yield from self._strays(known, {found for told in places for found in told.texts})

    def _strays(self, known: Known, told: Collection[str]) -> Iterator[Finding]:
        """Words that the document writes otherwise everywhere else, with another sign that looks like one of theirs."""
        texts = [(text.text, text.place) for text in self._texts]
        strays = known.strays(text for text, _ in texts)
        for text, place in texts if strays else ():
            said = unspaced(text)
            for wrong, right in strays.items():
                if wrong in said and not any(wrong in one for one in (*told, *self.called)):
                    stated = saying(写作=wrong, 应为=right)
                    yield self._finding("text-misspelt", stated, Spot(NARRATIVE, place=place, value=text))
                    break

    def _small_moneys(self) -> Iterator[Finding]:
        """Amounts in 元 that stand elsewhere in 万元: a sign was left out."""
        pattern, texts = self.edition.lint.moneys, self.narrative
        met = [(text, one) for text in texts if pattern for one in pattern.finditer(unspaced(text.text))]
        large = {one["number"] for _, one in met if one["wan"] and one["number"].strip("0.")}
        for text, one in met:
            if not (one["wan"] or one["each"]) and one["number"] in large:
                spot = Spot(NARRATIVE, place=text.place, value=text.text)
                yield self._finding("text-small", saying(金额=one["number"]), spot)

    def _emptied(self) -> Iterator[Finding]:
        """Sentences that call a table empty by a name that no table has, or another table than they speak of."""
        pattern, titles = self.edition.lint.emptied, self._titles()
        for block in self._texts if pattern and len(titles) >= TITLES else ():
            for found in pattern.finditer(unspaced(block.text)) if pattern else ():
                if told := _misentitled(found["table"], found["money"] or "", titles):
                    yield self._finding(
                        "table-named", told, Spot(NARRATIVE, place=block.place, value=block.text)
                    )

    def _titles(self) -> Sequence[str]:
        """The lines that are titles of tables, without their numbers: short, and called so."""
        forms = self.edition.forms
        lines = dict.fromkeys(unspaced(text) for text, _ in self._standing_texts())
        titles = (line for line in lines if line.endswith(tuple(forms.endings)) and len(line) <= TITLE)
        numbers = [(title, [re.match(one, title) for one in forms.numbers]) for title in titles]
        return [title[max((one.end() for one in found if one), default=0) :] for title, found in numbers]

    def _unended(self) -> Iterator[Finding]:
        """Sentences at the end of a paragraph without the sign that ends them."""
        whole = {block.place: block.text.rstrip() for block in self.blocks if isinstance(block, Text)}
        spots = tuple(
            Spot(NARRATIVE, place=text.place, value=text.text)
            for text in self.gathered.unended
            if whole.get(text.place, "").endswith(text.text.rstrip())
        )
        known = {spot.place for spot in spots}
        spots += tuple(one for one in _spots(self._cut_off()) if one.place not in known)
        if spots:
            told = saying(段数=len(spots), 末尾=spots[0].value[-CLOSE:])
            yield self._finding("sentence-unended", told, *spots)

    def _cut_off(self) -> Iterator[Text]:
        """Entries of a list that break off: all others of the list have the sign that ends them."""
        run: list[tuple[str | None, Text]] = []
        for text in (*self._texts, None):
            found = self.edition.lint.numbered.match(unspaced(text.text)) if text else None
            if found and text and (not run or run[0][0] == found.lastgroup):
                run.append((found.lastgroup, text))
                continue
            ends = [unspaced(one.text)[-1] for _, one in run]
            cut = [one for (_, one), end in zip(run, ends, strict=True) if "\u4e00" <= end <= "\u9fff"]
            cut = cut if sum(end in ENDS for end in ends) == len(run) - 1 else []
            if len(run) >= ENTRIES and len(cut) == 1 and len(said := unspaced(cut[0].text)) >= SENTENCE:
                yield from cut if not any(unpaired(said, self.edition.lint.pairs)) else ()
            run = [(found.lastgroup, text)] if found and text else []

    def _rates(self) -> Iterator[Finding]:
        """Rates that readers who work them out from the printed amounts find to be others, all in one line."""
        met = self.gathered.near
        ways = dict.fromkeys(saying("rate", 写作=rate, 算得=worked) for _, rate, worked in met)
        if ways:
            yield self._finding(
                "rate-near", saying(各处=listed(ways, "；")), *_spots(text for text, *_ in met)
            )

    def _contents(self) -> Iterator[Finding]:
        """Headings that the contents have in other words."""
        entries = [block for block in self.outside if isinstance(block, Text)]
        known = {self._worded(entry): entry for entry in entries}
        for heading in self.gathered.headings:
            mark, words = self._worded(heading)
            near = [
                entry
                for (number, told), entry in known.items()
                if number == mark and told != words and alike(told, words)
            ]
            if (mark, words) not in known and mark and len(near) == 1:
                told = saying(目录=near[0].text.strip(), 标题=heading.text.strip())
                spots = (Spot(NARRATIVE, place=heading.place), Spot(NARRATIVE, place=near[0].place))
                yield self._finding("contents-differs", told, *spots)

    def _entered_twice(self) -> Iterator[Finding]:
        """Tables that two entries of the contents name, where one has another number."""
        met: dict[str, tuple[str, Text]] = {}
        outside = {id(block) for block in self.outside}
        titles = Counter(self._worded(text)[1] for text in self._texts if id(text) not in outside)
        for entry in (block for block in self.outside if isinstance(block, Text)):
            mark, words = self._worded(entry)
            first, other = met.setdefault(words, (mark, entry))
            once = titles[words] <= 1
            if once and words.endswith(tuple(self.edition.forms.endings)) and first != mark:
                told = saying("twice", 目录=other.text.strip(), 标题=entry.text.strip())
                yield self._finding("contents-differs", told, *_spots((entry, other)))

    def _entries_named(self) -> Iterator[Finding]:
        """Entries of the contents that name the unit with a slip that its name in running text would not show."""
        about = self.edition.lint.about
        for entry in (block for block in self.outside if isinstance(block, Text)):
            found = HEADING.match(unspaced(entry.text))
            named = about.search(found["words"]) if about and found else None
            name = named[0] if named else self.unit
            own = self.unit in name or is_own(self.edition, name, self.unit)
            if (
                not own
                and alike(name, self.unit)
                and name not in variants(entry.text, self.unit, self.edition.forms.offices)
            ):
                told = saying(写作=name, 别处=self.unit)
                yield self._finding("unit-variant", told, *_spots([entry]))

    def _entitled(self) -> Iterator[Finding]:
        """Titles of tables that the contents have with another sign or two, where neither has them as they are."""
        outside = {id(block) for block in self.outside}
        endings = tuple(self.edition.forms.endings)
        lines = [text for text in self._texts if id(text) not in outside and len(text.text) <= TITLE]
        titles = {words: text for text in lines if (words := unspaced(text.text)).endswith(endings)}
        entries = {self._worded(text)[1]: text for text in self._texts if id(text) in outside}
        lost = [
            words for words in entries if words.endswith(endings) and not any(map(words.__contains__, titles))
        ]
        free = [title for title in titles if not any(words and words in title for words in entries)]
        for words in lost:
            near = [title for title in free if _nearly(words, title)]
            if len(near) == 1:
                told = saying(目录=entries[words].text.strip(), 标题=titles[near[0]].text.strip())
                yield self._finding("contents-differs", told, *_spots((titles[near[0]], entries[words])))

    def _worded(self, text: Text) -> tuple[str, str]:
        """The number of a heading, and its words without the unit and the page."""
        found, about = HEADING.match(unspaced(text.text)), self.edition.lint.about
        if found is None:
            return "", ""
        words = found["words"].rstrip(digits).rstrip(LEADERS)
        return found["mark"], about.sub("", words) if about else words

    def _standing_texts(self) -> Iterator[tuple[str, FilePlace | None]]:
        """All texts with their places: paragraphs, and cells of tables."""
        for block in self.blocks:
            if isinstance(block, Text):
                yield block.text, block.place
            else:
                cells = (raw for line in block.lines for raw in line if not raw.blank)
                yield from ((text, raw.place) for raw in cells for text in str(raw.value).split("\n"))

    def _other_names(self, text: str) -> Iterator[tuple[str, Stated]]:
        for name in variants(text, self.unit, self.edition.forms.offices):
            yield "unit-variant", saying(写作=name, 别处=self.unit)

    def _mixed(self) -> Iterator[Finding]:
        """The unit calls itself by one name throughout, below tables too."""
        texts = self._texts
        said = selves((text.text for text in texts), self.edition.lint)
        if len(said) > 1:
            firsts = (next(t for t in texts if name in unspaced(t.text)) for name in said)
            spots = (Spot(NARRATIVE, place=t.place, value=t.text) for t in firsts)
            yield self._finding("subject-mixed", calling(said), *spots)

    def _renamed(self, book: Book) -> Iterator[Finding]:
        """The unit calls itself by a name that its format has another for, in words that are the format's own."""
        kinds = self.edition.lint.selves
        own = self._called(book, frozenset(itertools.chain.from_iterable(kinds)))
        others = [name for kind in kinds if own and own not in kind for name in kind]
        free = [text for text in _free_texts(book) if any(name in text for name in others)]
        lost = {id(text) for text in self.gathered.unplaced}
        for text in (one for one in self.narrative if others and id(one) not in lost):
            said = unspaced(text.text)
            met = selves([said], self.edition.lint)
            if (
                own not in met
                and any(name in others for name in met)
                and not any(one in said for one in free)
            ):
                told = saying("instead", 自称=met[0], 版式=own)
                yield self._finding("subject-mixed", told, *_spots([text]))
                return

    def _called(self, book: Book, names: frozenset[str]) -> str:
        """What the sentences of the format call the unit; empty where they do not."""
        phrasing = Phrasing(self.edition, book)
        for phrase in self.edition.phrase.values():
            if phrase.cases and all(case.says in names for case in phrase.cases):
                chosen = phrasing.choose(phrase.cases, Frame(Scope(book)))
                return chosen.says if chosen else ""
        return ""


def _free_texts(book: Book) -> Iterator[str]:
    """The texts that somebody wrote into the cells of a Book."""
    for table in book.tables.values():
        for row in table.rows:
            yield from (unspaced(cell.value) for cell in row.cells.values() if isinstance(cell.value, str))


def _nearly(one: str, other: str) -> bool:
    """Whether two texts differ in a sign or two, at one place."""
    codes = SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    lengths = [max(end - start, till - since) for tag, start, end, since, till in codes if tag != "equal"]
    return len(lengths) == 1 and lengths[0] <= SLIP


def _spots(texts: Iterable[Text]) -> tuple[Spot, ...]:
    return tuple(Spot(NARRATIVE, place=text.place, value=text.text) for text in texts)


def _misentitled(name: str, money: str, titles: Sequence[str]) -> Stated | None:
    """What is wrong with the name of a table that is called empty; None where it may be that of the table that is meant."""
    about = money[:ABOUT]
    if any(name.endswith(title) for title in titles):
        other = len(about) == ABOUT and about not in name and any(one.startswith(about) for one in titles)
        return saying("other", 资金=money, 写作=name) if other else None
    near = max(titles, key=lambda title: likeness(name, title))
    return saying(写作=name, 题名=near) if alike(name, near) and not _shortens(name, near) else None


def _shortens(name: str, title: str) -> bool:
    """Whether a name ends in a title with signs left out, behind words that have none of its signs: 故本年基金预算支出表."""
    rest = name
    at = len(title)
    while rest and (at := title.rfind(rest[-1], 0, at)) >= 0:
        rest = rest[:-1]
    return set(rest).isdisjoint(title)
