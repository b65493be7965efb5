"""Text is cleaned once, at the door: what is left may be printed anywhere. And the forms that it is compared in."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
"""How Excel writes a character that XML cannot hold."""
INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # control characters; tab and line end apart
    "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"  # joiners, bidi marks, byte order mark
    "\ufdd0-\ufdef\ufff9-\uffff\ud800-\udfff]"  # no characters, lone surrogates
)
"""Characters that a reader cannot see and that break or reverse what is printed."""
SAME = str.maketrans({"“": '"', "”": '"', "【": "[", "】": "]", "—": "-", "–": "-", "－": "-"})
"""Forms of one sign that published documents mix."""
NAMED = str.maketrans(
    dict.fromkeys("“”‘’「」『』'＇＂", '"') | dict.fromkeys("―‐‑‒−─━", "-") | dict.fromkeys("•∙・‧", "·")
)
"""Further forms of one sign that names are written with, each as in `SAME`."""
APART = re.compile("([²³¹⁰-ₜ①-⓿㉈-㊰㊱-㊿])")
"""Circled and raised signs: they count, where the letter or figure in them may count something else."""
QUOTES = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'"})
"""Quotation marks, as captions are compared."""

NO_LETTERS = re.compile(r"[\W\d_]+")
NUMERALS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
YEAR = re.compile(r"(?<![〇零○一二三四五六七八九])[一二][〇零○九][〇零○一二三四五六七八九]{2}(?=年)")
"""A year that is written as it is read out."""


def clean(text: str) -> tuple[str, bool]:
    """A text without invisible characters, line ends unified, outer blanks removed.

    Returns:
        The text, and whether invisible characters were removed.
    """
    decoded = (
        _unescaped(text).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").replace("\u00a0", " ")
    )
    cleaned = INVISIBLE.sub("", decoded)
    return cleaned.strip(" \n\u3000"), cleaned != decoded


def _unescaped(text: str) -> str:
    return ESCAPED.sub(lambda sign: chr(int(sign[1], 16)), text) if "_x" in text else text


def caption(text: object) -> str:
    """A caption as it is compared: NFKC, without white space; empty for blank."""
    return "" if text is None else _caption(str(text))


@lru_cache(maxsize=1 << 14)
def _caption(text: str) -> str:
    """Kept, for captions are compared again and again."""
    seen = unicodedata.normalize("NFKC", INVISIBLE.sub("", text))
    return "".join(seen.split()).translate(QUOTES).replace("\uff0a", "*")


@lru_cache(maxsize=1 << 14)
def unspaced(text: str) -> str:
    """A text without blanks, full-width signs as half-width ones."""
    return "".join(unicodedata.normalize("NFKC", text).split())


@lru_cache(maxsize=1 << 14)
def words(text: str) -> str:
    """What a text says in words, as it is looked for: letters of one size and Chinese signs, no figures.

    >>> words("特定目标 2410010U（示例）：1.00")
    '特定目标U示例'
    """
    return in_words(caption(text))


def in_words(form: str) -> str:
    """The same of a text as it is compared, not kept."""
    return NO_LETTERS.sub("", form).upper()


def slip(text: str, name: str) -> bool:
    """Whether a text is a name with at most one sign more, less or other.

    >>> slip("支出总表", "支出总体"), slip("支出总体表", "支出总体"), slip("支出一览", "支出总体")
    (True, True, False)
    """
    same = next(
        (i for i, (a, b) in enumerate(zip(text, name, strict=False)) if a != b), min(len(text), len(name))
    )
    rests = {
        (text[same:], name[same + 1 :]),
        (text[same + 1 :], name[same:]),
        (text[same + 1 :], name[same + 1 :]),
    }
    return any(one == other for one, other in rests)


def width_of(text: str) -> int:
    """How many Latin characters wide a text is."""
    return sum(map(_width, text))


@lru_cache(maxsize=1 << 14)
def _width(sign: str) -> int:
    return 2 if unicodedata.east_asian_width(sign) in "WFA" else 1


def one_line(text: str) -> str:
    """A name as it is compared and printed: on one line."""
    return re.sub(r"(?<!\s)[^\S\n]*\n\s*", "", text)


@dataclass(frozen=True)
class Folded:
    """A text as it is matched, and as it was printed: both without white space, with years in figures, sign for sign.

    Attributes:
        printed: the text.
        form: full-width and half-width signs as one.
    """

    printed: str
    form: str


@lru_cache(maxsize=1 << 14)
def fold(text: str) -> Folded:
    """A text made ready for matching; kept, for each is tried on many patterns."""
    signs = [sign for sign in text if not sign.isspace()]
    forms = (unicodedata.normalize("NFKC", sign) for sign in signs)
    form = "".join(f if len(f) == 1 else sign for f, sign in zip(forms, signs, strict=True))
    return Folded(_years("".join(signs)), _years(form.translate(SAME)))


def canonical(text: str) -> str:
    """A text as it is compared: white space, widths of signs, forms of dashes and quotation marks apart."""
    return re.sub(r"-+", "-", fold(text).form)


@lru_cache(maxsize=1 << 14)
def as_named(text: str) -> str:
    """A name as it is compared: two texts are the same name where this is the same of both.

    Circled and raised figures and the size of letters tell names apart: A and a, ① and 1 may be two projects.

    >>> as_named("道路（一期）—“Ａ”项目") == as_named("道路 (一期)-'A'项目"), as_named("设备①") == as_named("设备1")
    (True, False)
    """
    parts = APART.split(text.translate(NAMED))
    return "".join(part if n % 2 else canonical(part) for n, part in enumerate(parts))


def _years(text: str) -> str:
    return YEAR.sub(lambda year: year[0].translate(NUMERALS), text) if "年" in text else text


def nearest(typed: str, known: Iterable[str]) -> str:
    """A hint at the option or command that was probably meant; empty where none is near.

    >>> nearest("chek", ["check", "build"])
    '，您是否指 check'
    """
    near = get_close_matches(typed, list(known), n=1)
    return f"，您是否指 {near[0]}" if near else ""


def near_name(word: str, known: Iterable[str]) -> str:
    """A hint at the name of an edition that was probably meant; empty where none is near.

    >>> near_name("支出总休", ["支出总体", "收入总体"])
    '，您是否指“支出总体”'
    """
    near = get_close_matches(word, sorted({*known} - {word}), n=1, cutoff=0.5)
    return f"，您是否指“{near[0]}”" if near else ""
