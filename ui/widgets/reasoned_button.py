"""The greyed action: it looks disabled, can still be reached and pressed, and then says why it has to wait."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QHideEvent
from PySide6.QtWidgets import QWidget

from ui.theme.theme import Theme
from ui.theme.tokens import Motion
from ui.widgets.buttons import Button, Kind
from ui.widgets.callout import Callout, Refusal

_BY_KEYBOARD = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)


class ReasonedButton(Button):
    """A button that refuses with a reason. A disabled widget takes neither focus nor clicks, so it stays enabled.

    Signals:
        activated: pressed and allowed. Connect this one: `clicked` is also emitted when it refuses.
    """

    activated = Signal()

    def __init__(
        self,
        theme: Theme,
        text: str,
        *,
        icon: str | None = None,
        kind: Kind = Kind.SECONDARY,
        small: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, text, icon=icon, kind=kind, small=small, parent=parent)
        self._refusal: Refusal | None = None
        self._guard: Callable[[], Refusal | None] = _no_guard
        self._callout: Callout | None = None
        self._hover_timer: QTimer | None = None  # most buttons never refuse
        self.clicked.connect(self._on_clicked)

    @property
    def refusal(self) -> Refusal | None:
        """Why it refuses now; `None` where it would act."""
        return self._guard() or self._refusal

    @property
    def callout(self) -> Callout | None:
        """The explanation, while it is on screen."""
        return self._callout

    def refuse(self, refusal: Refusal) -> None:
        """Grey it out, for this reason."""
        self._refusal = refusal
        self.look_again()

    def allow(self) -> None:
        """Let it act again, unless its guard has something against it."""
        self._refusal = None
        self.look_again()

    def settle(self, refusal: Refusal | None) -> None:
        """Grey it out for this reason; without one, let it act again."""
        if refusal is None:
            self.allow()
        else:
            self.refuse(refusal)

    def set_guard(self, guard: Callable[[], Refusal | None]) -> None:
        """Ask `guard` before everything else; `look_again` when it would answer differently."""
        self._guard = guard
        self.look_again()

    def look_again(self) -> None:
        """Show whether it acts now."""
        refusal = self.refusal
        self.setAccessibleDescription(refusal.reason if refusal is not None else "")
        self.set_refused(refusal is not None)
        if refusal is None:
            self._dismiss()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        if self.refusal is not None:
            if self._hover_timer is None:
                self._hover_timer = QTimer(self, singleShot=True, interval=Motion.CALLOUT_DELAY)
                self._hover_timer.timeout.connect(self._explain)
            self._hover_timer.start()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._stop_waiting()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.refusal is not None and event.reason() in _BY_KEYBOARD:
            self._explain()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._stop_waiting()
        self._dismiss()

    def _stop_waiting(self) -> None:
        if self._hover_timer is not None:
            self._hover_timer.stop()

    def _on_clicked(self) -> None:
        refusal = self.refusal
        if refusal is None:
            self.activated.emit()
            return
        self._explain()
        if self._callout is not None and self.hasFocus() and refusal.ways:
            self._callout.focus_first_way()

    def _explain(self) -> None:
        refusal = self.refusal
        if refusal is None or self._callout is not None or not self.isVisible():
            return
        self._callout = Callout(self._theme, self, refusal)
        self._callout.dismissed.connect(self._on_callout_dismissed)
        self._callout.open()

    def _dismiss(self) -> None:
        if self._callout is not None:
            self._callout.dismiss()

    def _on_callout_dismissed(self) -> None:
        self._callout = None


def _no_guard() -> Refusal | None:
    """Nothing is in the way."""
    return None
