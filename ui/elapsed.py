"""A span of time to the second, for what took or takes minutes: `11 s`, `4 min 59 s`, `3 h 20 min`."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


def elapsed_text(seconds: float | None) -> str:
    """Empty when nobody knows."""
    if seconds is None:
        return ""
    if 0 < seconds < 1:
        return _tr("under 1 s")
    whole = max(round(seconds), 0)
    if whole < _MINUTE:
        return _tr("{} s").format(whole)
    if whole < _HOUR:
        return _two(_tr("{} min").format(whole // _MINUTE), _tr("{} s"), whole % _MINUTE)
    if whole < _DAY:
        return _two(_tr("{} h").format(whole // _HOUR), _tr("{} min"), whole % _HOUR // _MINUTE)
    return _two(_tr("{} d").format(whole // _DAY), _tr("{} h"), whole % _DAY // _HOUR)


def _two(large: str, small: str, count: int) -> str:
    return f"{large} {small.format(count)}" if count else large


def _tr(text: str) -> str:
    return QCoreApplication.translate("Elapsed", text)
