"""What the practice vault remembers of things to come, and of what was made to go wrong."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field


class Due(Struct):
    """Something that happens by itself at a time."""

    at: float
    kind: str
    subject: str
    note: str = ""


class Fault(Struct):
    """Something that was made to go wrong, for as long as it does.

    Attributes:
        about: whose trouble it is, by name; empty when it is nobody's in particular.
        until: when it ends by itself; None when only a count or somebody ends it.
        left: how many requests or jobs it still hits; None when it hits all of them.
        chosen: its parameters.
        held: what it took away or found, to be put back when it ends.
    """

    kind: str
    since: float
    about: str = ""
    until: float | None = None
    left: int | None = None
    chosen: dict[str, Any] = field(default_factory=dict)
    held: dict[str, Any] = field(default_factory=dict)
