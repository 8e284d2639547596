"""Times as people say them: short, with their unit."""

from __future__ import annotations

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


def duration_text(seconds: float | None) -> str:
    """`25 s`, `9 min`, `5.2 h`, `66 h`, `4 days`; empty when nobody knows."""
    if seconds is None:
        return ""
    if seconds < 2 * _MINUTE:
        return "1 min" if round(seconds) == _MINUTE else f"{seconds:.0f} s"
    if seconds < 100 * _MINUTE:
        return f"{seconds / _MINUTE:.0f} min"
    if seconds < 10 * _HOUR:
        return f"{seconds / _HOUR:.1f}".removesuffix(".0") + " h"
    return f"{seconds / _HOUR:,.0f} h" if seconds < 3 * _DAY else f"{seconds / _DAY:,.0f} days"
