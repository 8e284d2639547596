"""The sheet that manages presets: what is built in with its source, and one's own to rename, export and delete."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.policy_presets import PolicyPreset, name_problem
from app.domain.rules import Rules
from app.errors import AppError
from app.policy_data import built_in_presets
from ui.theme.theme import Theme
from ui.theme.tokens import Role, Space, Status, TextStyle
from ui.widgets.buttons import Button, IconButton
from ui.widgets.card import SectionHead
from ui.widgets.focus_ring import focus_by_keyboard
from ui.widgets.form_field import TextField
from ui.widgets.labels import StatusLine, Text, breakable
from ui.widgets.modal_sheet import ModalSheet
from ui.widgets.surface import horizontal_line
from ui.wizard.pages.preset_words import double_problem, figures_text, source_text
from ui.wizard.requests import DeletePreset, ExportPresets, ImportPresets, RenamePreset, Request


class PresetSheet(ModalSheet):
    """One row for each preset. Nothing of it is sent to Azure.

    Signals:
        requested: something shall be done; carries one of the requests for presets.
    """

    requested = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "", "", submit="", parent=parent)
        self.set_title(
            self.tr("Presets of replication policies"),
            self.tr("Figures under a name. Your own are the same for all connections of this program."),
        )
        self.setObjectName("preset-sheet")
        self.submit_button.hide()
        self.cancel_button.setText(self.tr("Close"))
        self._theme = theme
        self._rows: dict[str, _Row] = {}
        self._own = SectionHead(self.tr("Your own"))
        self._export_all = Button(theme, self.tr("Export all…"), icon="export", small=True)
        self._export_all.setObjectName("preset-export-all")
        self._export_all.clicked.connect(lambda _checked: self._on_export_all_clicked())
        self._import = Button(theme, self.tr("Import…"), icon="import", small=True)
        self._import.setObjectName("preset-sheet-import")
        self._import.clicked.connect(lambda _checked: self.requested.emit(ImportPresets()))
        self._own.add_control(self._export_all)
        self._own.add_control(self._import)
        self._none = Text(
            self.tr("You have none yet. Save the figures of a new policy as a preset, or import a file."),
            role=Role.TEXT2,
            wrap=True,
        )
        self._outcome = StatusLine(theme)
        self._outcome.setObjectName("preset-sheet-outcome")
        self._outcome.hide()
        self._own_rows, self._built_in_rows = QVBoxLayout(), QVBoxLayout()
        for part in (self._outcome, self._own, self._none):
            self.body.addWidget(part)
        self.body.addLayout(self._own_rows)
        self.body.addSpacing(Space.M)
        self.body.addWidget(SectionHead(self.tr("Built in")))
        self.body.addLayout(self._built_in_rows)
        self.body.addStretch(1)

    @property
    def rows(self) -> dict[str, _Row]:
        """By the presets' keys."""
        return self._rows

    @property
    def outcome_text(self) -> str:
        return "" if self._outcome.isHidden() else self._outcome.text.replace("\u200b", "")

    def load(self, presets: Sequence[PolicyPreset], rules: Rules) -> None:
        """Show these; a row that says the same stays as it is, with what is being typed in it."""
        own = tuple(preset for preset in presets if preset.is_own)
        wanted = {preset.key: preset for preset in presets}
        for key in [key for key, row in self._rows.items() if wanted.get(key) != row.preset]:
            row = self._rows.pop(key)
            row.hide()
            row.deleteLater()
        places = {True: 0, False: 0}
        for key, preset in wanted.items():
            if key not in self._rows:
                row = self._rows[key] = _Row(self._theme, preset)
                row.requested.connect(self.requested)
                column = self._own_rows if preset.is_own else self._built_in_rows
                column.insertWidget(places[preset.is_own], row)
            self._rows[key].set_own(own, preset.problem(rules) if preset.is_own else "")
            places[preset.is_own] += 1
        self._none.setVisible(not own)
        self._export_all.setVisible(bool(own))
        self._own.set_detail(f"{len(own):,}" if own else "")

    def finished(self, request: Request, outcome: object | AppError, told: tuple[Status, str] | None) -> None:
        """One of the requests ended so; `told` says it in a sentence."""
        if isinstance(request, RenamePreset):
            row = next((row for row in self._rows.values() if row.preset.name == request.name), None)
            if row is not None and isinstance(outcome, AppError):
                row.show_problem(outcome)
                told = None
        if told is not None:
            self._outcome.set_status(told[0], breakable(told[1]))
            self.scroll_to_top()
        self._outcome.setVisible(told is not None)
        if isinstance(request, RenamePreset | DeletePreset) and not isinstance(outcome, AppError):
            focus_by_keyboard(self._import)

    def _on_export_all_clicked(self) -> None:
        own = tuple(row.preset for row in self._rows.values() if row.preset.is_own)
        self.requested.emit(ExportPresets(tuple(sorted(own, key=lambda preset: preset.name.casefold()))))


class _Row(QWidget):
    """Name, figures, what it fits; of one's own with what can be done.

    Signals:
        requested: carries the request.
    """

    requested = Signal(object)

    def __init__(self, theme: Theme, preset: PolicyPreset) -> None:
        super().__init__()
        self.preset = preset
        self.setObjectName(f"preset-row-{preset.name.casefold()}")
        self._others: tuple[PolicyPreset, ...] = ()
        self._problem = StatusLine(theme, Status.WARNING, style=TextStyle.CAPTION)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Text(breakable(preset.name), TextStyle.STRONG, wrap=True))
        words.addWidget(Text(figures_text(preset.figures)))
        for text in filter(None, (preset.why, source_text(preset))):
            words.addWidget(Text(breakable(text), TextStyle.CAPTION, Role.TEXT2, wrap=True))
        words.addWidget(self._problem)
        self._problem.hide()
        head = QHBoxLayout()
        head.setSpacing(Space.S)
        head.addLayout(words, 1)
        self._tools = self._built_tools(theme) if preset.is_own else ()
        for button in self._tools:
            head.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, Space.XS, 0, 0)
        column.setSpacing(Space.S)
        column.addLayout(head)
        self._naming = self._built_naming(theme)
        self._deleting = self._built_deleting(theme)
        for part in (self._naming, self._deleting):
            part.hide()
            column.addWidget(part)
        column.addWidget(horizontal_line(on_raised=True))

    def set_own(self, own: tuple[PolicyPreset, ...], problem: str) -> None:
        """These names are taken; `problem` says why it cannot be used under the limits of the day."""
        self._others = tuple(preset for preset in own if preset.name.casefold() != self.preset.name.casefold())
        self._problem.set_status(Status.WARNING, problem)
        self._problem.setVisible(bool(problem))

    def show_problem(self, error: AppError) -> None:
        """Why it could not be renamed."""
        self._name.set_issue(error.sentence)
        self._name.reveal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not (self._naming.isHidden() and self._deleting.isHidden()):
            self._close()
        else:
            super().keyPressEvent(event)

    def _built_tools(self, theme: Theme) -> tuple[Button, ...]:
        name = self.preset.name
        tools = (
            ("rename", "change", self.tr("Rename"), self._on_rename_clicked),
            ("export", "export", self.tr("Export…"), self._on_export_clicked),
            ("delete", "remove", self.tr("Delete"), self._on_delete_clicked),
        )
        made = []
        for key, icon, words, slot in tools:
            button = IconButton(theme, icon, words, small=True)
            button.setAccessibleName(f"{words}: {name}")  # not in the tooltip, which takes names for markup
            button.setObjectName(f"preset-{key}-{name.casefold()}")
            button.clicked.connect(lambda _checked, slot=slot: slot())
            made.append(button)
        return tuple(made)

    def _built_naming(self, theme: Theme) -> QWidget:
        box = QWidget()
        self._name = TextField(theme, self.tr("New name"))
        self._name.edit.setObjectName(f"preset-new-name-{self.preset.name.casefold()}")
        self._name.value_edited.connect(lambda _name: self._check_name())
        self._name.edit.returnPressed.connect(self._on_name_entered)
        save = Button(theme, self.tr("Rename"), small=True)
        save.setObjectName(f"preset-rename-now-{self.preset.name.casefold()}")
        save.clicked.connect(lambda _checked: self._on_name_entered())
        keep = Button(theme, self.tr("Cancel"), small=True)
        keep.clicked.connect(lambda _checked: self._close())
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._name)
        column.addLayout(_in_row(save, keep))
        return box

    def _built_deleting(self, theme: Theme) -> QWidget:
        box = QWidget()
        words = self.tr("Delete {}? Policies that have its figures keep them.").format(self.preset.name)
        delete = self._delete_now = Button(theme, self.tr("Delete"), icon="remove", small=True)
        delete.setObjectName(f"preset-delete-now-{self.preset.name.casefold()}")
        delete.clicked.connect(lambda _checked: self.requested.emit(DeletePreset(self.preset.name)))
        keep = self._keep = Button(theme, self.tr("Keep it"), small=True)
        keep.clicked.connect(lambda _checked: self._close())
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(StatusLine(theme, Status.WARNING, breakable(words)))
        column.addLayout(_in_row(delete, keep))
        return box

    def _check_name(self) -> str:
        name = self._name.text.strip()
        problem = name_problem(name, self._others)
        if not problem and name.casefold() != self.preset.name.casefold():  # an imported one may have had it
            problem = double_problem(name, built_in_presets())
        self._name.set_issue(problem or None)
        return problem

    def _on_rename_clicked(self) -> None:
        self._deleting.hide()
        self._name.set_text(self.preset.name)
        self._name.forget()
        self._naming.show()
        self._name.edit.setFocus()
        self._name.edit.selectAll()

    def _on_name_entered(self) -> None:
        if self._check_name():
            self._name.reveal()
            self._name.edit.setFocus()
        elif self._name.text.strip() == self.preset.name:
            self._close()
        else:
            self.requested.emit(RenamePreset(self.preset.name, self._name.text.strip()))

    def _on_export_clicked(self) -> None:
        self.requested.emit(ExportPresets((self.preset,)))

    def _on_delete_clicked(self) -> None:
        self._naming.hide()
        self._deleting.show()
        focus_by_keyboard(self._keep)

    def _close(self) -> None:
        """Back to what can be done with it."""
        asked = self._tools[-1] if not self._deleting.isHidden() else self._tools[0]
        self._naming.hide()
        self._deleting.hide()
        focus_by_keyboard(asked)


def _in_row(*buttons: Button) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(Space.S)
    for button in buttons:
        row.addWidget(button)
    row.addStretch(1)
    return row
