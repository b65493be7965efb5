"""Whether any command lets a word out that a file says of a secret item: places × commands.

    python -m benchmarks.canaries [--seed 1] [--edition xinjiang-2026]

For each edition that knows secret items, as a unit and as a department, once with the amounts left alone and once with words in these, too,
in Chinese and in Latin letters: a workbook and a document with a word of its own in every cell of every row that
speaks of a secret item, and in all that a file may hold besides (`tests/canaries.py`). Every command is run on them
with every form of output; all that it prints, writes and logs is searched. Then the copies: each of the things that a
file may hold besides its text is put alone into a file that says nothing else, and the copy either is refused or is
without it. Prints, for each command, how many words were searched for and the places of those that came out.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

import docx
from openpyxl import load_workbook
from tests.canaries import (
    CARRIERS,
    DOCUMENT_CARRIERS,
    DOCUMENT_STRIPPED,
    STRIPPED,
    Canaries,
    filled,
    plain_document,
    planted,
    planted_document,
    run,
    with_part,
    written,
)

from budgetgen.app.pipeline.inputs import derived
from budgetgen.edition import available, load
from budgetgen.writing.workbook.writer import render_workbook

SAMPLE = Path("samples/xinjiang-2026-unit.xlsx")
"""Holds secret items, and nothing that may not be told of them."""
FORMS = ("txt", "json", "xlsx", "html", "docx")


class Search:
    """Runs commands and searches what comes of them."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.leaks, self.searched = folder, 0, 0
        self.log = {"XDG_STATE_HOME": str(folder / "记录")}

    def __call__(self, canaries: Canaries, *arguments: object, called: str, made: bool = False) -> None:
        """Run a command; `made` where something has to be written."""
        out = Path(tempfile.mkdtemp(dir=self.folder))
        said = run(*(str(each).replace("OUT", str(out)) for each in arguments), log=self.log)
        texts = [said, *written(out), *written(self.folder / "记录")]
        found = canaries.found(texts)
        self.leaks += len(found)
        self.searched += len(canaries.places)
        files = sum(path.is_file() for path in out.rglob("*"))
        print(
            f"{called:42} {len(canaries.places):4} 个，文件 {files}，漏出 {len(found)} {'、'.join(found)}",
            flush=True,
        )
        if made and not files:
            print(f"  没有写出：{said.strip()[:300]}", flush=True)
        shutil.rmtree(out)


def commands(path: Path, other: Path, workbook: Path, kind: str) -> list[tuple[str, ...]]:
    """Every command on a file, with every form of output."""
    named = f"{other}" if kind == "docx" else f"{path}"
    listed: list[tuple[str, ...]] = [
        ("check", f"{path}", "--all", "--annotate", "OUT/审核"),
        ("check", f"{path}", "--format", "json"),
        ("check", f"{path}", "--prior", f"{other}"),
        ("check", f"{path}", "--workers", "1", "-o", "OUT/核对"),
        ("build", f"{path}", "-o", "OUT"),
        ("build", f"{path}", "--draft", "-o", "OUT"),
        ("new", "--from", f"{path}", "-o", "OUT/新.xlsx"),
        ("reasons", f"{path}", "-o", "OUT/原因.xlsx"),
        ("why", f"{path}", "结转用途[特定目标2410010U].金额"),
        ("why", f"{path}", "结转结余[总计].合计"),
        ("consolidate", f"{path}", "--name", "示例市科技局", "--workers", "1", "-o", "OUT/部门.xlsx"),
        (
            "consolidate",
            f"{path}",
            "--partial",
            "--name",
            "示例市科技局",
            "--workers",
            "1",
            "-o",
            "OUT/部门.xlsx",
        ),
        ("consolidate", f"{path}", "--partial", "--workers", "1", "--format", "json", "-o", "OUT/部门.xlsx"),
        ("diff", f"{path}", f"{path}", "--all"),
        ("verify", named, f"{workbook}"),
        ("verify", named, f"{workbook}", "--format", "json"),
        ("explain", "secret-text"),
    ]
    listed += [
        ("diff", f"{one}", f"{two}", "-o", f"OUT/比较.{form}")
        for form in FORMS
        for one, two in ((other, path), (path, other))
    ]
    if kind == "docx":
        listed.append(("import", f"{path}", "-o", "OUT/导入.xlsx"))
    else:
        listed.append(
            (
                "consolidate",
                f"{other}",
                "--from",
                f"{path}",
                "--partial",
                "--workers",
                "1",
                "-o",
                "OUT/部门.xlsx",
            )
        )
    return listed


def every(search: Search, edition_id: str, seed: int) -> None:
    """All commands on the files of an edition."""
    edition = load(edition_id)
    for department in (False, True):
        for amounts in (True, False):
            folder = Path(tempfile.mkdtemp(dir=search.folder))
            told = f"{edition_id} {'部门' if department else '单位'}{'' if amounts else '（金额）'}"
            clean = folder / "清.xlsx"
            clean.write_bytes(render_workbook(edition, filled(edition, department=department)))
            canaries = Canaries(seed)
            path = folder / "填报.xlsx"
            planted(edition, canaries, path, department=department, amounts=amounts)
            with_part(path, canaries)
            for arguments in commands(path, clean, clean, "xlsx"):
                if arguments[0] != "verify":
                    search(
                        canaries, *arguments, called=f"{told} {' '.join(arguments[:1])} {arguments[-1][-9:]}"
                    )
            if amounts:
                canaries, path = Canaries(seed + 1), folder / "公开.docx"
                planted_document(edition, canaries, path, department=department)
                with_part(path, canaries)
                for arguments in commands(path, clean, clean, "docx"):
                    search(
                        canaries,
                        *arguments,
                        called=f"{told} docx {' '.join(arguments[:1])} {arguments[-1][-9:]}",
                    )


def carriers(search: Search, seed: int) -> None:
    """What a file may hold besides, one by one: the copy is refused, or does without."""
    sample = derived(SAMPLE)
    edition = sample.edition
    folder = Path(tempfile.mkdtemp(dir=search.folder))
    clean, plain = folder / "清.xlsx", folder / "清.docx"
    clean.write_bytes(render_workbook(edition, filled(edition, department=False)))
    plain_document(edition, plain, book=sample.book)
    for name, plant in {"无": lambda *_: None, **CARRIERS}.items():
        book, canaries, path = load_workbook(clean), Canaries(seed), folder / "填报.xlsx"
        plant(book, canaries)
        book.save(path)
        made = name in {"无", *STRIPPED}
        search(canaries, "check", path, "--all", "--annotate", "OUT/审核", called=f"副本 {name}", made=made)
    for name, plant in {"无": lambda *_: None, **DOCUMENT_CARRIERS}.items():
        document, canaries, path = docx.Document(str(plain)), Canaries(seed), folder / "公开.docx"
        plant(document, canaries)
        document.save(str(path))
        made = name in {"无", *DOCUMENT_STRIPPED}
        search(canaries, "check", path, "--all", "--annotate", "OUT/审核", called=f"副本 {name}", made=made)
        search(canaries, "diff", plain, path, "-o", "OUT/批注.docx", called=f"批注 {name}", made=made)


def main() -> None:
    """Print what came out."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    withheld = [edition for edition in available() if load(edition).house.secret]
    parser.add_argument("--edition", action="append", choices=withheld)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        search = Search(Path(folder))
        for edition in asked.edition or withheld:
            every(search, edition, asked.seed)
        carriers(search, asked.seed)
        print(f"共 {search.searched} 次查找，漏出 {search.leaks}")


if __name__ == "__main__":
    main()
