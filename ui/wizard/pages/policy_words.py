"""The picture of a policy in words: what is kept, what a disaster would cost, when the first copy runs."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.domain.policy_points import WayBack, consistent_points, copy_minutes, way_back
from app.domain.policy_rules import PolicyFigures, copy_frequency_text
from app.flows.first_copy_ahead import Ahead

_HOUR = 60
_ROUND_FROM_H = 10


def tr(text: str) -> str:
    return QCoreApplication.translate("PolicyTimeline", text)


def minutes_text(minutes: float) -> str:
    """`30 s`, `5 min`, `3 h 20 min`, `4 h`."""
    if minutes < 1:
        return tr("{} s").format(round(minutes * 60))
    hours, rest = divmod(round(minutes), _HOUR)
    if not hours:
        return tr("{} min").format(rest)
    return tr("{} h").format(hours) if not rest else tr("{0} h {1} min").format(hours, rest)


def timeline_words(copy_frequency_s: int, retention_h: int, app_consistent_h: int) -> tuple[str, str, str]:
    """Points kept, application-consistent ones among them, worst-case loss."""
    consistent = consistent_points(PolicyFigures(copy_frequency_s, retention_h, app_consistent_h))
    if retention_h <= 0:
        points = tr("Only the latest point is kept.")
    elif retention_h == 1:
        points = tr("The latest recovery point, and one about an hour old.")
    else:
        points = tr("About {0} recovery points, one an hour, back to {0} hours ago.").format(retention_h)
    if retention_h <= 0:
        among = tr("It is not application-consistent: applications recover as after a power cut.")
    elif not consistent:
        among = tr("None is application-consistent: applications recover as after a power cut.")
    elif consistent == retention_h:
        among = tr("All of them are application-consistent.")
    elif consistent == 1:
        among = tr("1 of them is application-consistent.")
    else:
        among = tr("{} of them are application-consistent.").format(consistent)
    every = copy_frequency_text(copy_frequency_s)
    loss = tr("Worst-case loss: the last {}, as long as the line keeps up.").format(every)
    return points, among, loss


def disaster_words(figures: PolicyFigures, minutes: int) -> str:
    """What a disaster at the marker would cost."""
    back = way_back(figures, minutes)
    point = back.point
    if point is None:
        oldest = minutes_text(figures.retention_h * _HOUR if figures.retention_h > 0 else copy_minutes(figures))
        words = tr("Damage done {ago} ago, noticed now, can’t be undone: the oldest point kept is {oldest} old.")
        return words.format(ago=minutes_text(minutes), oldest=oldest)
    if not minutes:
        words = tr("Disaster now: you go back to the last copy, and lose at most {}.")
        return f"{words.format(minutes_text(point.minutes))} {_consistent_words(back)}"
    words = tr("Damage done {ago} ago, noticed now: you go back to the point {age} ago, and lose what came after it")
    told = words.format(ago=minutes_text(minutes), age=minutes_text(point.minutes))
    if back.lost_minutes > 0:
        told += tr(", {} of it from before the damage").format(minutes_text(back.lost_minutes))
    return f"{told}. {_consistent_words(back)}"


def _consistent_words(back: WayBack) -> str:
    if back.consistent is None and not back.damaged_minutes:
        return tr("No point is application-consistent.")
    if back.consistent is None:
        return tr("No point from before it is application-consistent.")
    if back.consistent == back.point:
        return tr("That point is application-consistent.")
    return tr("The last application-consistent one is {} old.").format(minutes_text(back.consistent.minutes))


def ahead_words(ahead: Ahead) -> str:
    """When the first copy starts and ends, against the quiet hours; empty where nothing of it is known."""
    told = []
    if ahead.start is not None:
        told.append(tr("The first copy starts at {}.").format(f"{ahead.start:%H:%M}"))
    if ahead.end is not None and ahead.copy_hours is not None:
        hours = ahead.copy_hours if ahead.copy_hours < _ROUND_FROM_H else round(ahead.copy_hours)
        took = minutes_text(max(1, hours * _HOUR))
        end = f"{ahead.end:%H:%M}" if ahead.copy_hours < 24 else f"{ahead.end:%d %b, %H:%M}"
        told.append(tr("It takes about {took}, until {end} (estimate).").format(took=took, end=end))
    if ahead.quiet:
        told.append(tr("Quiet hours: {0} to {1}.").format(ahead.quiet_from, ahead.quiet_to))
    if ahead.starts_quietly is False:
        told.append(tr("It starts outside the quiet hours."))
    elif ahead.ends_quietly is False:
        told.append(tr("It goes on after the quiet hours."))
    return " ".join(told)
