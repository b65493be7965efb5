"""What is generated and committed is what the declarations say now."""

from __future__ import annotations

import re
import subprocess
import sys

from budgetgen.cli import program
from tests.conftest import ROOT


def test_templates_samples_and_lists_are_up_to_date():
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "generate.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""


def test_readme_and_docs_name_only_commands_that_exist():
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    named = {name for page in pages for name in re.findall(r"budgetgen ([a-z]+)", page.read_text("utf-8"))}
    assert named - {"turns", "build"} <= set(program.commands)


def test_every_command_and_option_has_help():
    silent = [
        f"{name} {param.name}"
        for name, command in program.commands.items()
        for param in command.params
        if param.param_type_name == "option" and not getattr(param, "help", None)
    ]
    assert silent == []
    assert all(command.help and command.short_help for command in program.commands.values())
