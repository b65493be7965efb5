"""A Word template made ready to be filled: taken apart, understood and compiled once, by docxtpl and python-docx.

What comes of it is kept in the user's cache, by the content of the template and by all that it was made with: while
neither changes, neither library is loaded. The texts between its parts are docxtpl's language, whoever wrote them.
"""

from __future__ import annotations

import hashlib
import marshal
import re
import sys
from dataclasses import dataclass
from functools import cache, lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Final

from jinja2 import StrictUndefined, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree

from budgetgen.values.keeping import Shelf, library, loaded
from budgetgen.writing.document.markup import element, qn
from budgetgen.writing.package import OfficePackage

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import CodeType
    from typing import Any

    from budgetgen.writing.document.markup import Element

ABOVE: Final = "\ufdd2"
"""Printed for None: the cell continues the one above. Unicode promises that no text holds such characters."""
DOCUMENT, PROPERTIES = "officeDocument", "core-properties"
"""What a package's own relations lead to, as far as a document of ours has it."""
KEPT: Final = Shelf("templates", 24)
"""Where they are kept, and how many."""
_LIBRARIES: Final = library("docxtpl", "jinja2")
"""Those that decide what comes of a template."""
_FILLED: Final = ("header+xml", "footer+xml", "footnotes+xml")
"""The ends of the content types of the parts that are filled beside the body."""


@dataclass(frozen=True)
class PreparedTemplate:
    """A template of which all is known that does not depend on the document.

    Attributes:
        parts: of the package.
        codes: of those that are filled, compiled.
        text: all text of the body, placeholders too.
    """

    parts: Mapping[str, bytes]
    codes: Mapping[str, CodeType]
    text: str

    @property
    def package(self) -> OfficePackage:
        """Its package, to be filled."""
        return OfficePackage(dict(self.parts))


@lru_cache(maxsize=4)
def prepare(template: bytes) -> PreparedTemplate:
    """A template made ready, as it was kept or anew.

    Raises:
        TemplateSyntaxError: a placeholder cannot be understood; its `source` has a line for each paragraph.
    """
    key = _fingerprint(template)
    kept = KEPT.recall(key)
    if kept is not None:
        return PreparedTemplate(*marshal.loads(kept))  # noqa: S302 - only what this user's own program has put there
    made = _made(template)
    KEPT.keep(key, marshal.dumps((dict(made.parts), dict(made.codes), made.text)))
    KEPT.clear()
    return made


@cache
def environment() -> ImmutableSandboxedEnvironment:
    """How placeholders are read and filled."""
    return ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        finalize=lambda value: ABOVE if value is None else value,
        autoescape=True,
    )


def language(template: bytes = b"") -> Any:
    """Docxtpl itself, with a template, or for what is seldom needed without one."""
    from docxtpl import DocxTemplate  # noqa: PLC0415 - only where a template is new, and for what is seldom needed

    return DocxTemplate(BytesIO(template))


def _fingerprint(template: bytes) -> str:
    """All that a prepared template depends on: its content, and the program and the libraries as they were loaded."""
    told = hashlib.sha256(f"{sys.version}\n{loaded()}{_LIBRARIES}".encode() + template)
    return told.hexdigest()


def _made(template: bytes) -> PreparedTemplate:
    docxtpl = language(template)
    package = _stripped(docxtpl.get_docx())
    main = package.main
    body = package.tree(main)
    text = "".join(node.text or "" for node in body.iter(qn("w:t")))
    _free_sections(body)
    etree.strip_elements(body, etree.Comment, etree.ProcessingInstruction, with_tail=False)
    beside = {name: package.tree(name) for name, kind in package.declared() if kind.endswith(_FILLED)}
    sources = {
        name: etree.tostring(root, encoding="unicode") for name, root in {main: body, **beside}.items()
    }
    codes = {name: _compiled(docxtpl.patch_xml(source)) for name, source in sources.items() if "{" in source}
    return PreparedTemplate(package.parts, codes, text)


def _compiled(source: str) -> CodeType:
    try:
        return environment().compile(source)
    except TemplateSyntaxError:
        # Once more with a line for each paragraph, so that the place can be told.
        return environment().compile(re.sub(r"<w:p([ >])", r"\n<w:p\1", source))


def _stripped(word: Any) -> OfficePackage:
    """The package without what a template says of itself."""
    assert word.styles, word.core_properties  # noqa: S101 - python-docx adds what is not there when it is asked
    package = word.part.package
    for identity, relationship in list(package.rels.items()):
        if not relationship.reltype.endswith((f"/{DOCUMENT}", f"/{PROPERTIES}")):
            del package.rels[identity]
    buffer = BytesIO()
    word.save(buffer)
    return OfficePackage.read(buffer.getvalue())


def _free_sections(root: Element) -> None:
    """Give section breaks a paragraph of their own where they stand in one that vanishes.

    LibreOffice, and anyone who deletes the small paragraph at the end of a section, puts them there.
    """
    for paragraph in root.iterfind(f"{qn('w:body')}/{qn('w:p')}"):
        if "{%p" in "".join(node.text or "" for node in paragraph.iter(qn("w:t"))):
            for section in paragraph.findall(f"{qn('w:pPr')}/{qn('w:sectPr')}"):
                small = element("w:spacing", before=0, after=0, line=20, lineRule="exact")
                paragraph.addnext(element("w:p", element("w:pPr", small, section)))
