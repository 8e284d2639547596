"""Letters that go with Alt."""

from __future__ import annotations

import re

from PySide6.QtWidgets import QAbstractButton, QLabel

_MNEMONIC = re.compile(r"&([^&\s])")


def mnemonic_of(widget: QAbstractButton | QLabel) -> str:
    """The letter that goes with Alt, lower-case; empty where there is none."""
    found = _MNEMONIC.search(widget.text().replace("&&", ""))
    return found[1].lower() if found else ""
