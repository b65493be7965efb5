"""Write how signs sound, for the finding of signs of one sound: by hand, where a better list is there."""

from __future__ import annotations

from itertools import product
from pathlib import Path

from pypinyin import Style, pinyin

FILE = Path(__file__).parents[1] / "src" / "budgetgen" / "proofreading" / "sounds.txt"


def signs() -> list[str]:
    """The 6,763 signs of GB 2312, in its order: those that are in common use."""
    codes = product(range(0xB0, 0xF8), range(0xA1, 0xFF))
    return [sign for pair in codes if (sign := bytes(pair).decode("gb2312", errors="ignore"))]


def sounds() -> str:
    """A line for each sound without its tone: the sound, and the signs that may have it."""
    having: dict[str, str] = {}
    for sign in signs():
        for sound in set(pinyin(sign, style=Style.NORMAL, heteronym=True)[0]):
            having[sound] = having.get(sound, "") + sign
    return "".join(f"{sound} {having[sound]}\n" for sound in sorted(having))


if __name__ == "__main__":
    FILE.write_text(sounds(), encoding="utf-8")
