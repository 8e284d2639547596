"""Which cloud is checked: one of Microsoft's, or another by the address of its resource manager."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.clouds import cloud_named, known_clouds
from ui.theme.theme import Theme
from ui.theme.tokens import Space
from ui.widgets.form_field import FormField, TextField
from ui.widgets.picker import Option, Picker

CUSTOM = "another"
_SCHEME = "https://"


class CloudChoice(QWidget):
    """
    Signals:
        changed: another cloud is chosen, or its address says something else.
    """

    changed = Signal()

    def __init__(self, theme: Theme, cloud: str) -> None:
        """`cloud` is the name of a known one, or the address of another."""
        super().__init__()
        self.picker = Picker(theme)
        self.picker.setObjectName("connection-cloud")
        options = [Option(each.name, each.title) for each in known_clouds()]
        self.picker.set_options([*options, Option(CUSTOM, self.tr("Another cloud, by its address"))])
        is_known = cloud_named(cloud) is not None
        self.picker.set_current(cloud if is_known else CUSTOM)
        self.address = TextField(
            theme,
            self.tr("A&ddress of its resource manager"),
            check=self._check,
            placeholder="https://management.local.example",
        )
        self.address.edit.setObjectName("connection-cloud-address")
        if not is_known:
            self.address.set_text(cloud)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.M)
        row.addWidget(FormField(theme, self.tr("C&loud"), self.picker), 2, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.address, 3, Qt.AlignmentFlag.AlignTop)
        row.addStretch(1)
        self.address.setVisible(not is_known)
        self.picker.picked.connect(self._on_picked)
        self.address.value_edited.connect(lambda text: self.changed.emit())

    @property
    def cloud(self) -> str | None:
        """The chosen one; None while its address will not do."""
        if self.picker.current_key != CUSTOM:
            return self.picker.current_key
        address = self.address.text.strip()
        return None if self._check(address) else address

    def reveal(self) -> None:
        """Show what is wrong with the address, and lead there."""
        self.address.set_text(self.address.text)
        self.address.reveal()
        self.address.edit.setFocus()

    def _check(self, text: str) -> str | None:
        text = text.strip()
        host = text.removeprefix(_SCHEME).strip("/")
        if text.startswith(_SCHEME) and host and " " not in host:
            return None
        return self.tr("Type an address that begins with https://, such as https://management.local.example.")

    def _on_picked(self, key: str) -> None:
        self.address.setVisible(key == CUSTOM)
        self.changed.emit()
        if key == CUSTOM:
            self.address.edit.setFocus()
