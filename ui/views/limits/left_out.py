"""Tells about files of limits that were used once and cannot be now."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from app.services.limits import Limits
from ui.notices import Notice, NoticeAction, NoticeHub
from ui.theme.tokens import Status
from ui.views.limits.words import title_of


def tell_left_out(limits: Limits, notices: NoticeHub, show: Callable[[], None]) -> None:
    """Post a notice where files are left out; `show` opens the page on which that can be put right."""
    ignored = limits.ignored
    if not ignored:
        return
    title = _tr("Your limits are left out for: {}").format(", ".join(map(title_of, ignored)))
    text = _tr("The built-in ones are used. {}").format(next(iter(ignored.values())))
    action = NoticeAction(_tr("Limits and figures"), show)
    notices.post(Notice("limits.left-out", Status.WARNING, title, text, (action,)))


def _tr(text: str) -> str:
    return QCoreApplication.translate("limits", text)
