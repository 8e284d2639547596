"""Why nothing can be changed through a connection right now, for every button that would; and how to change that."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject

from app.runtime.write_access import WriteAccess
from ui.widgets.callout import Refusal, Way
from ui.widgets.reasoned_button import ReasonedButton


def read_only_refusal(access: WriteAccess) -> Refusal | None:
    """None where changes are allowed."""
    if access.is_held_elsewhere:
        return Refusal(
            _tr("This window only looks"),
            _tr("Another window of the program works with this connection. Close it there, then open it here again."),
        )
    if access.is_read_only:
        return Refusal(
            _tr("This connection is read-only"),
            _tr("It was opened to look, so that nothing in Azure is changed by mistake."),
            (Way(_tr("Allow changes"), access.unlock),),
        )
    return None


def watch_access(owner: QObject, access: WriteAccess, on_change: Callable[[], None]) -> None:
    """Call `on_change` whenever it changes, as long as `owner` is there."""
    unsubscribe = access.subscribe(on_change)
    owner.destroyed.connect(unsubscribe)


def guard_writing(
    button: ReasonedButton, access: WriteAccess, besides: Callable[[], Refusal | None] = lambda: None
) -> None:
    """Grey a button that writes as long as nothing may be changed, or what is asked `besides` is against it."""
    button.set_guard(lambda: read_only_refusal(access) or besides())
    watch_access(button, access, button.look_again)


def _tr(text: str) -> str:
    return QCoreApplication.translate("ReadOnly", text)
