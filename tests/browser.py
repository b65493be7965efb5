"""A real browser without a window, for pages that people work on; absent where there is no chromium."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from selenium.webdriver import Chrome

QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--window-size=1400,1000",
)


def present() -> bool:
    """Whether a browser and its driver are installed."""
    return all(map(shutil.which, ("chromium", "chromedriver")))


@contextmanager
def browser(folder: Path) -> Iterator[Chrome]:
    """A browser of its own, with nothing of any user's; what it saves goes into a folder."""
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for argument in (*QUIET, f"--user-data-dir={folder / 'profile'}"):
        options.add_argument(argument)
    saved = {"download.default_directory": str(folder), "download.prompt_for_download": False}
    options.add_experimental_option("prefs", saved)
    service = webdriver.ChromeService(executable_path=shutil.which("chromedriver"))
    driver = webdriver.Chrome(options=options, service=service)
    try:
        yield driver
    finally:
        driver.quit()
