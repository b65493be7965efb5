"""Editions: a disclosure format each, declared once as data in a folder of its own."""

from budgetgen.edition.errors import EditionError
from budgetgen.edition.library import (
    FOLDERS,
    available,
    folder,
    known,
    later,
    look_in,
    named_folders,
    own_folders,
)
from budgetgen.edition.loading import if_sound, listed, load, merged, parse, sound, standing_in

__all__ = [
    "FOLDERS",
    "EditionError",
    "available",
    "folder",
    "if_sound",
    "known",
    "later",
    "listed",
    "load",
    "look_in",
    "merged",
    "named_folders",
    "own_folders",
    "parse",
    "sound",
    "standing_in",
]
