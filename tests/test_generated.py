"""What is generated and committed is what the declarations say now."""

from __future__ import annotations

import re
import subprocess
import sys

import click

from budgetgen.app.cli import SUMMARIES, program
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
    assert named - {"turns", "build"} <= set(SUMMARIES)


def test_every_command_and_option_has_help():
    context = click.Context(program)
    commands = {name: program.get_command(context, name) for name in program.list_commands(context)}
    silent = [
        f"{name} {param.name}"
        for name, command in commands.items()
        for param in command.params
        if param.param_type_name == "option" and not getattr(param, "help", None)
    ]
    assert silent == []
    assert [name for name, command in commands.items() if not command.help] == []
    assert all(SUMMARIES.values())
