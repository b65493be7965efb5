"""What web pages are made with: templates that take no text for markup, and no missing value for an empty one."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined


def page_templates(folder: str) -> Environment:
    """The templates of a folder of the package, `writing/changes`."""
    return Environment(
        loader=PackageLoader("budgetgen", folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
