"""Any text as one PowerShell literal, comment or file name, whatever is in it.

What a script gets from elsewhere (names of hosts, sites and vaults, paths, a proxy's user) is a stranger's text. It may
hold quotes, dollars, backticks, line ends, or characters that make a line read differently from what runs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

_SINGLE_QUOTES = "'\u2018\u2019\u201a\u201b"
"""PowerShell ends a single-quoted text at any of them."""

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Categories that cannot be seen, change the order in which a line reads, or have no form in UTF-8."""

_LONGEST_FILE_NAME = 80

Value = str | int | bool | Sequence["Value"] | Mapping[str, "Value"]


def literal(text: str) -> str:
    """`text` as one literal for an expression or an argument.

    Single-quoted, where nothing but the quote itself means anything. Hidden characters are spelled out, so that whoever
    reads the script sees them; such a text is unescaped where it is used, by a type that restricted sessions allow too.
    """
    if any(unicodedata.category(letter) in _HIDDEN for letter in text):
        return f"([regex]::Unescape({_quoted(''.join(map(_spelled, text)))}))"
    return _quoted(text)


def _quoted(text: str) -> str:
    return "'" + "".join(letter * 2 if letter in _SINGLE_QUOTES else letter for letter in text) + "'"


def _spelled(letter: str) -> str:
    if letter == "\\":
        return "\\\\"
    if unicodedata.category(letter) not in _HIDDEN:
        return letter
    units = letter.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def value(content: Value, indent: int = 0) -> str:
    """A text, number, truth, list or table as PowerShell writes it; lists and tables take a line for each entry.

    Raises:
        ValueError: a table's key is no plain word.
    """
    if isinstance(content, bool):
        return "$true" if content else "$false"
    if isinstance(content, int):
        return str(content)
    if isinstance(content, str):
        return literal(content)
    inner = " " * (indent + 4)
    if isinstance(content, Mapping):
        lines = [f"{inner}{_key(key)} = {value(each, indent + 4)}" for key, each in content.items()]
        return _block("@{", lines, "}", indent)
    return _block("@(", _with_commas(f"{inner}{value(each, indent + 4)}" for each in content), ")", indent)


def _block(opening: str, lines: Sequence[str], closing: str, indent: int) -> str:
    return "\n".join([opening, *lines, " " * indent + closing]) if lines else opening + closing


def _with_commas(lines: Iterable[str]) -> list[str]:
    all_lines = list(lines)
    return [line + "," for line in all_lines[:-1]] + all_lines[-1:]


def _key(key: str) -> str:
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]*", key, re.ASCII):
        raise ValueError(f"{key!r} is no plain word")
    return key


def comment(text: str) -> str:
    """`text` for within a comment, on its line or in a block: on one line, with nothing hidden that could end it."""
    shown = "".join("\ufffd" if unicodedata.category(letter) in _HIDDEN else letter for letter in text)
    return shown.replace("#>", "# >").replace("<#", "< #")


def file_name(beginning: str, name: str, ending: str = ".ps1") -> str:
    """A name for a script that every file system and every shell takes as it is; `name` as far as it goes."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    words = re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")
    room = _LONGEST_FILE_NAME - len(beginning) - len(ending) - 1
    words = words[:room].strip("-")
    return f"{beginning}-{words}{ending}" if words else f"{beginning}{ending}"
