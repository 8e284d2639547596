"""Words as shells take them literally, whatever is in them."""

from __future__ import annotations

_POWERSHELL_QUOTES = "'‘’‚‛"
"""PowerShell takes typographic quotes for quotes as well."""


def bash_word(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def powershell_word(text: str) -> str:
    return "'" + "".join(letter * 2 if letter in _POWERSHELL_QUOTES else letter for letter in text) + "'"
