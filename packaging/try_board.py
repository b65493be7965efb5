"""Try the board of a packed program as its people use it: `python packaging/try_board.py dist/budgetgen/budgetgen`.

Makes a board in a temporary folder, opens an account, serves it, signs in, chooses a password, sends the sample and
waits until it is checked, and ends it. Needs `pip install httpx2` (it is among the developers' tools).
"""

from __future__ import annotations

import csv
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx2

SAMPLE = Path(__file__).parents[1] / "samples" / "xinjiang-2026-unit.xlsx"
UNITS = "单位名称,单位编码\n乌鲁木齐科技信息服务中心,171002\n"
CHOSEN = "chosen-by-the-unit"
PATIENCE = 120.0


def try_board(program: Path, folder: Path) -> None:
    """All steps, each told; fails with what does not go as it should."""

    def call(*words: str) -> None:
        subprocess.run([program, "board", words[0], "看板", *words[1:]], cwd=folder, check=True)

    (folder / "名单.csv").write_text(UNITS, "utf-8")
    call("init")
    call("units", "名单.csv")
    call("accounts", "-o", "密码.csv")
    (account,) = csv.DictReader((folder / "密码.csv").read_text("utf-8-sig").splitlines())
    command = [program, "serve", "--department", "看板"]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    try:
        origin = re.search(r"http://\S+", process.stdout.readline() if process.stdout else "")
        if origin is None:
            raise SystemExit("the board is not served")
        print(_sent(origin[0], account["账户"], account["一次性密码"]))
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _sent(origin: str, name: str, word: str) -> str:
    """What becomes of the sample, from the first sign-in on."""
    with httpx2.Client(base_url=origin, headers={"origin": origin}, timeout=PATIENCE) as browser:
        browser.post("/sign-in", data={"name": name, "password": word})
        browser.post("/password", data={"old": word, "new": CHOSEN, "again": CHOSEN})
        home, begun = browser.get("/").headers["location"], time.monotonic()
        browser.post(f"{home}/submissions", files={"file": (SAMPLE.name, SAMPLE.read_bytes())})
        while not browser.get(f"{home}/state").json()["ended"]:
            if time.monotonic() - begun > PATIENCE:
                raise SystemExit("the sample is not checked")
            time.sleep(0.2)
        state = re.search(r'<p role="status"><strong>(.*?)</strong>', browser.get(home).text)
    if state is None or state[1] not in {"通过", "已说明"}:
        raise SystemExit("the sample is not found sound")
    return f"{state[1]}，{time.monotonic() - begun:.1f} 秒"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        try_board(Path(sys.argv[1]).absolute(), Path(temporary))
