"""Fills templates: whole lines take a block of lines, words within a line take a literal."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources

_PLACE = re.compile(r"(?m)^(?P<before>[^\S\n]*)\{\{(?P<block>\w+)\}\}$|\{\{(?P<word>\w+)\}\}")


@cache
def template(name: str) -> str:
    """The text of `resources/powershell/<name>`."""
    return resources.files("resources").joinpath("powershell", name).read_text(encoding="utf-8")


def fill(text: str, parts: Mapping[str, str]) -> str:
    """`text` with its places filled, in one pass: what is filled in is never searched for places itself.

    A place alone on its line takes a block, each line of which begins where the place does. A literal in a block holds
    no line end, so that moving lines changes no text.

    Raises:
        KeyError: a place that `parts` does not name.
    """

    def part(found: re.Match[str]) -> str:
        if found["word"]:
            return parts[found["word"]]
        lines = parts[found["block"]].strip("\n").split("\n")
        return "\n".join(found["before"] + line if line else "" for line in lines)

    return _PLACE.sub(part, text)
