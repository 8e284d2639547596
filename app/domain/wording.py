"""Lists in sentences."""

from __future__ import annotations

from collections.abc import Sequence


def named(names: Sequence[str], most: int = 3) -> str:
    """`A, B and C`, `A, B, C and 7 more`."""
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most:,} more"
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
