"""Tells about files of the program's own that could not be used and were set aside."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication

from app.runtime.kept_file import Aside, Reason
from ui.notices import Notice, NoticeHub
from ui.theme.tokens import Status


def tell_set_aside(notices: NoticeHub, what: str, asides: Iterable[Aside]) -> None:
    """Post one notice for each, once; `what` is what the file keeps, as it stands in a sentence."""
    for aside in asides:
        key = f"set-aside.{aside.file.name}.{aside.kept_as.name if aside.kept_as else ''}"
        if key not in notices.told:
            notices.told.add(key)
            notices.post(Notice(key, Status.WARNING, _title(what, aside), _text(aside)))


def _title(what: str, aside: Aside) -> str:
    if aside.reason is Reason.NEWER:
        return _tr("A newer version of this program saved {}").format(what)
    return _tr("The file with {} cannot be read").format(what)


def _text(aside: Aside) -> str:
    why = {
        Reason.DAMAGED: _tr("It is damaged."),
        Reason.FOREIGN: _tr("It is none that this program wrote."),
        Reason.NEWER: _tr("This version cannot read what is in the file."),
    }[aside.reason]
    if aside.kept_as is None:
        stays = _tr("{0} stays as it is, and nothing is saved over it. Move it out of {1} to begin anew.")
        return f"{why} {stays.format(aside.file.name, aside.file.parent)}"
    kept = _tr("Nothing is lost: it is kept as {0} in {1}, and the program begins anew.")
    return f"{why} {kept.format(aside.kept_as.name, aside.kept_as.parent)}"


def _tr(text: str) -> str:
    return QCoreApplication.translate("set_aside", text)
