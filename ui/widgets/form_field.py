"""A field of a form: label above, control, message below. The first red waits until the field is left."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.theme.theme import Theme
from ui.theme.tokens import Role, Space, Status, TextStyle
from ui.widgets.labels import StatusLine, Text
from ui.widgets.line_edit import LineEdit
from ui.widgets.painting import set_look

_STAYS_IN_FIELD = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)


class FormField(QWidget):
    """Label, control and message as one.

    What is wrong (`set_issue` with `Status.CRITICAL`) is kept, but not shown before the field was left once or
    `reveal` was called, as pressing Next does. Everything else shows at once.
    """

    def __init__(
        self,
        theme: Theme,
        label: str,
        control: QWidget,
        *,
        hint: str = "",
        optional: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """`label` may have an Alt mnemonic; `hint` stands below while there is nothing more pressing to say."""
        super().__init__(parent)
        self.control = control
        self._hint = hint
        self._issue: tuple[Status, str] | None = None
        self._is_revealed = False
        self._label = Text(label, TextStyle.LABEL)
        self._label.setBuddy(control)
        control.setAccessibleName(label.replace("&", ""))
        self._theme = theme
        self._message: StatusLine | None = None  # most fields never have one
        self._hint_label: Text | None = None
        self._optional: Text | None = None
        self._head = QHBoxLayout()
        self._head.setSpacing(Space.S)
        self._head.addWidget(self._label)
        self._head.addStretch(1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.XS)
        self._column.addLayout(self._head)
        self._column.addWidget(control)
        self.set_optional(optional)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        control.installEventFilter(self)
        self._show()

    @property
    def has_issue(self) -> bool:
        """True if what stands in the field cannot be used, whether that is shown yet or not."""
        return self._issue is not None and self._issue[0] is Status.CRITICAL

    @property
    def message(self) -> str:
        """What is shown below the control now; empty if only the hint is."""
        return "" if self._message is None or self._message.isHidden() else self._message.text

    def set_issue(self, text: str | None, status: Status = Status.CRITICAL) -> None:
        """Say what to type instead (red), or what to know (warning), or a fact worth knowing (green). `None` clears."""
        self._issue = (status, text) if text else None
        self._show()

    def set_label(self, label: str, *, may_wrap: bool = False) -> None:
        """Change what stands above the control; where it holds a name it may take more than one line."""
        self._label.setText(label)
        self._label.setWordWrap(may_wrap)
        self._head.setStretch(0, 1 if may_wrap else 0)
        self._head.setStretch(self._head.count() - 1, 0 if may_wrap else 1)  # the room beside it
        self.control.setAccessibleName(label.replace("&&", "\0").replace("&", "").replace("\0", "&"))

    def set_optional(self, is_optional: bool) -> None:
        """Mark it, where whether it has to be filled changes."""
        if is_optional and self._optional is None:
            self._optional = Text("", TextStyle.CAPTION, Role.TEXT2)
            self._head.insertWidget(1, self._optional)
        if self._optional is not None:
            self._optional.setText(self.tr("optional") if is_optional else "")

    def set_hint(self, hint: str) -> None:
        """Change the quiet line."""
        self._hint = hint
        self._show()

    def reveal(self) -> None:
        """Show the red now."""
        self._is_revealed = True
        self._show()

    def forget(self) -> None:
        """Start anew, for another thing to be edited: the red waits again."""
        self._is_revealed = False
        self._issue = None
        self._show()

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """Go to the control.

        It is no focus proxy: that makes a stop for Tab of the field itself, which stays where it is in the order
        when its control is moved, so that Tab would leap to the control from there.
        """
        self.control.setFocus(reason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QFocusEvent) and event.type() is QEvent.Type.FocusOut:
            if event.reason() not in _STAYS_IN_FIELD:
                self.reveal()
        return False

    def _show(self) -> None:
        shown = self._issue
        if shown is not None and shown[0] is Status.CRITICAL and not self._is_revealed:
            shown = None
        is_red = shown is not None and shown[0] is Status.CRITICAL
        set_look(self.control, "state", "invalid" if is_red else "")
        self._show_message(shown)
        self._show_hint(self._hint if shown is None else "")
        self.control.setAccessibleDescription(shown[1] if shown is not None else self._hint)

    def _show_message(self, shown: tuple[Status, str] | None) -> None:
        if shown is not None:
            if self._message is None:
                self._message = StatusLine(self._theme, style=TextStyle.CAPTION, tinted=True)
                self._column.insertWidget(2, self._message)
            self._message.set_status(*shown)
        if self._message is not None:
            self._message.setVisible(shown is not None)

    def _show_hint(self, hint: str) -> None:
        if hint:
            if self._hint_label is None:
                self._hint_label = Text("", TextStyle.CAPTION, Role.TEXT2, wrap=True)
                self._column.addWidget(self._hint_label)
            self._hint_label.setText(hint)
        if self._hint_label is not None:
            self._hint_label.setVisible(bool(hint))


class TextField(FormField):
    """A form field around a line of text that is checked at each key.

    Signals:
        value_edited: the user typed; carries the text.
    """

    value_edited = Signal(str)

    def __init__(
        self,
        theme: Theme,
        label: str,
        *,
        check: Callable[[str], str | None] | None = None,
        hint: str = "",
        placeholder: str = "",
        optional: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """`check` says what to type instead, or `None` where the text will do. It is asked at each key: be quick."""
        self.edit = LineEdit(theme, placeholder=placeholder)
        self._check = check
        super().__init__(theme, label, self.edit, hint=hint, optional=optional, parent=parent)
        self.edit.textEdited.connect(self._on_text_edited)

    @property
    def text(self) -> str:
        """What stands in the field."""
        return self.edit.text()

    def set_text(self, text: str) -> None:
        """Fill the field; this is no edit of the user, so nothing is emitted."""
        if text != self.edit.text():
            self.edit.setText(text)
        self._check_now()

    def _on_text_edited(self, text: str) -> None:
        self._check_now()
        self.value_edited.emit(text)

    def _check_now(self) -> None:
        if self._check is not None:
            self.set_issue(self._check(self.edit.text()))
