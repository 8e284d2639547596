"""Moments and spans of time as people say them: ages short, dates as they stand in a diary."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import QCoreApplication


def span_text(span: timedelta) -> str:
    """How long, short: `20 s`, `14 min`, `5.2 h`, `31 d`."""
    seconds = max(span.total_seconds(), 0.0)
    if seconds < 120:
        return _tr("{} s").format(f"{seconds:.0f}")
    if seconds < 2 * 3600:
        return _tr("{} min").format(f"{seconds / 60:.0f}")
    if seconds < 48 * 3600:
        return _tr("{} h").format(f"{seconds / 3600:.1f}")
    return _tr("{} d").format(f"{span.days:,}")


def age_text(moment: datetime, now: datetime) -> str:
    """How long ago: `14 min ago`."""
    return _tr("{} ago").format(span_text(now - moment))


def moment_text(moment: datetime, now: datetime) -> str:
    """`09:38` on the day of `now`, `26 Aug, 09:38` before, with the year when that is another one; in local time."""
    local, today = moment.astimezone(), now.astimezone()
    if local.date() == today.date():
        return f"{local:%H:%M}"
    if local.year == today.year:
        return f"{local.day} {local:%b, %H:%M}"
    return f"{local.day} {local:%b %Y, %H:%M}"


def short_moment_text(moment: datetime, now: datetime) -> str:
    """`09:38` on the day of `now`, else the day alone: for narrow columns whose tooltip tells the rest."""
    local, today = moment.astimezone(), now.astimezone()
    if local.date() == today.date():
        return f"{local:%H:%M}"
    return f"{local.day} {local:%b}" if local.year == today.year else f"{local:%b %Y}"


def clock_text(moment: datetime) -> str:
    """The time of day to the second, for saying when something was read."""
    return f"{moment.astimezone():%H:%M:%S}"


def _tr(text: str) -> str:
    return QCoreApplication.translate("When", text)
