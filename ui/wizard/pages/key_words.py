"""How long a registration key is still good for, in words and as a status."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import QCoreApplication

from ui.theme.tokens import Status

_SHORT = timedelta(hours=24)


def key_status(valid_until: datetime, now: datetime) -> Status:
    """Green, amber in its last day, red from its end on."""
    left = valid_until - now
    if left <= timedelta(0):
        return Status.CRITICAL
    return Status.WARNING if left < _SHORT else Status.OK


def key_text(valid_until: datetime, now: datetime) -> str:
    """`Valid until 31 Aug, 07:40`, or when it ended."""
    moment = f"{valid_until.astimezone():%d %b, %H:%M}"
    words = _tr("Expired on {}") if valid_until <= now else _tr("Valid until {}")
    return words.format(moment)


def time_left(valid_until: datetime, now: datetime) -> str:
    """`4 d 22 h left`, `3 h 05 min left`, or nothing."""
    left = valid_until - now
    if left <= timedelta(0):
        return ""
    minutes = int(left.total_seconds() // 60)
    days, hours = divmod(minutes // 60, 24)
    if days:
        return _tr("{0} d {1} h left").format(days, hours)
    return _tr("{0} h {1:02d} min left").format(hours, minutes % 60) if hours else _tr("{} min left").format(minutes)


def _tr(text: str) -> str:
    return QCoreApplication.translate("KeyWords", text)
