"""Tells about files of limits that were used once and cannot be now."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from app.services.limits import Limits
from ui.notices import Notice, NoticeAction, NoticeHub
from ui.theme.tokens import Status
from ui.views.limits.words import title_of

_KEY = "limits.left-out"


def tell_left_out(limits: Limits, notices: NoticeHub, show: Callable[[], None]) -> None:
    """Post a notice where files are left out; `show` opens the page on which that can be put right."""
    if limits.ignored:
        _post(limits, notices, (NoticeAction(_tr("Limits and figures"), show),))


def follow_left_out(limits: Limits, notices: NoticeHub) -> None:
    """Have a notice that still stands say what is left out by now, or take it away."""
    standing = next((notice for notice in notices.notices if notice.key == _KEY), None)
    if standing is None:
        return
    if limits.ignored:
        _post(limits, notices, standing.actions)
    else:
        notices.withdraw(_KEY)


def _post(limits: Limits, notices: NoticeHub, actions: tuple[NoticeAction, ...]) -> None:
    ignored = limits.ignored
    title = _tr("Your limits are left out for: {}").format(", ".join(map(title_of, ignored)))
    text = _tr("The built-in ones are used. {}").format(next(iter(ignored.values())))
    notices.post(Notice(_KEY, Status.WARNING, title, text, actions))


def _tr(text: str) -> str:
    return QCoreApplication.translate("limits", text)
