"""The `$filter` grammar of Site Recovery: `Name eq 'value'`, joined by `and`; several values as `( a or b )`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from app.simulator.replies import bad_request

if TYPE_CHECKING:
    from app.simulator.router import Call

_TOKEN = re.compile(r"\s*(?:(\()|(\))|'((?:[^']|'')*)'|([A-Za-z][A-Za-z0-9]*))")


def conditions_in(call: Call, text: str) -> list[tuple[str, list[str]]]:
    """The filter as (name in lower case, accepted values), all of which must hold.

    Raises:
        Refusal: the text does not follow the grammar, or one bracket names two properties.
    """
    words = _words(call, text)
    found: list[tuple[str, list[str]]] = []
    position = 0
    while position < len(words):
        if words[position] == ("mark", "("):
            position, name, values = _alternatives(call, text, words, position + 1)
        else:
            position, name, value = _comparison(call, text, words, position)
            values = [value]
        found.append((name, values))
        if position < len(words):
            if words[position] != ("word", "and"):
                raise _refusal(call, text)
            position += 1
            if position == len(words):
                raise _refusal(call, text)
    return found


def _words(call: Call, text: str) -> list[tuple[str, str]]:
    words: list[tuple[str, str]] = []
    position = 0
    stripped = text.rstrip()
    while position < len(stripped):
        match = _TOKEN.match(stripped, position)
        if match is None:
            raise _refusal(call, text)
        opening, closing, quoted, word = match.groups()
        if opening or closing:
            words.append(("mark", opening or closing))
        elif quoted is not None:
            words.append(("value", quoted.replace("''", "'")))
        else:
            words.append(("word", word.lower()))
        position = match.end()
    return words


def _comparison(call: Call, text: str, words: list[tuple[str, str]], position: int) -> tuple[int, str, str]:
    part = words[position : position + 3]
    if [kind for kind, _ in part] != ["word", "word", "value"] or part[1][1] != "eq":
        raise _refusal(call, text)
    return position + 3, part[0][1], part[2][1]


def _alternatives(call: Call, text: str, words: list[tuple[str, str]], position: int) -> tuple[int, str, list[str]]:
    position, name, value = _comparison(call, text, words, position)
    values = [value]
    while words[position : position + 1] == [("word", "or")]:
        position, other, value = _comparison(call, text, words, position + 1)
        if other != name:
            raise _refusal(call, text)
        values.append(value)
    if words[position : position + 1] != [("mark", ")")]:
        raise _refusal(call, text)
    return position + 1, name, values


def _refusal(call: Call, text: str) -> Exception:
    return bad_request(
        call,
        "InvalidFilter",
        f"The filter cannot be read: {text}",
        "Write Name eq 'value', joined by and; several values as ( Name eq 'a' or Name eq 'b' ).",
    )
