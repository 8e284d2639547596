"""Presets above the fields of a new policy: which one the figures are, another to fill them, one's own to keep."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.policy_presets import PolicyPreset, matching, name_problem, offered
from app.domain.policy_rules import PolicyFigures
from app.errors import AppError
from app.flows.draft import PolicyChoice
from app.flows.step import Context
from app.policy_data import built_in_presets
from ui.theme.theme import Theme
from ui.theme.tokens import Role, Space, Status, TextStyle
from ui.widgets.buttons import Button
from ui.widgets.callout import Refusal
from ui.widgets.form_field import FormField, TextField
from ui.widgets.labels import StatusLine, Text, breakable
from ui.widgets.overflow_row import OverflowRow
from ui.widgets.picker import Option, Picker
from ui.widgets.reasoned_button import ReasonedButton
from ui.wizard.pages.preset_sheet import PresetSheet
from ui.wizard.pages.preset_words import about_words, double_problem, figures_text, outcome_words
from ui.wizard.requests import (
    DeletePreset,
    ExportPresets,
    ImportPresets,
    RenamePreset,
    Request,
    SavePreset,
)

_REQUESTS = (SavePreset, RenamePreset, DeletePreset, ExportPresets, ImportPresets)


class PresetBar(QWidget):
    """Knows no page: whoever embeds it passes on its requests and tells it what came of them.

    Signals:
        preset_chosen: its figures shall be those of the policy; carries the `PolicyPreset`.
        requested: something shall be done; carries one of the requests for presets.
        sheet_opened: the sheet that manages presets shall stand over the window; carries it.
    """

    preset_chosen = Signal(object)
    requested = Signal(object)
    sheet_opened = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._context: Context | None = None
        self._figures: PolicyFigures | None = None
        self._picked = ""
        self._sheet: PresetSheet | None = None
        self._picker = Picker(theme, placeholder=self.tr("Own figures"))
        self._picker.setObjectName("preset")
        self._field = FormField(theme, self.tr("&Preset"), self._picker)
        self._about = Text("", TextStyle.CAPTION, Role.TEXT2, wrap=True)
        self._about.setObjectName("preset-about")
        self._save = ReasonedButton(theme, self.tr("Sa&ve as…"), icon="save", small=True)
        self._save.setObjectName("preset-save-as")
        self._import = Button(theme, self.tr("Import…"), icon="import", small=True)
        self._import.setObjectName("preset-import")
        self._export = ReasonedButton(theme, self.tr("E&xport…"), icon="export", small=True)
        self._export.setObjectName("preset-export")
        self._manage = Button(theme, self.tr("Mana&ge…"), icon="columns", small=True)
        self._manage.setObjectName("preset-manage")
        self._naming = _Naming(theme)
        self._outcome = StatusLine(theme, style=TextStyle.CAPTION)
        self._outcome.setObjectName("preset-outcome")
        self._build()
        self._connect()

    @property
    def presets(self) -> tuple[PolicyPreset, ...]:
        """Those that are built in and offered, then one's own."""
        if self._context is None:
            return ()
        return (*offered(built_in_presets(), self._context.rules), *self._context.presets)

    @property
    def current(self) -> PolicyPreset | None:
        """The one whose figures are shown; None: they are those of no preset."""
        return matching(self.presets, self._figures, self._picked) if self._figures is not None else None

    @property
    def about_text(self) -> str:
        return self._about.text()

    @property
    def outcome_text(self) -> str:
        """What came of the last errand."""
        return "" if self._outcome.isHidden() else self._outcome.text.replace("\u200b", "")

    def load(self, policy: PolicyChoice, context: Context) -> None:
        """Show which preset the policy's figures are."""
        self._context = context
        self._figures = PolicyFigures(policy.copy_frequency_s, policy.retention_h, policy.app_consistent_frequency_h)
        options = [
            Option(
                preset.key,
                preset.name,
                figures_text(preset.figures),
                reason=preset.problem(context.rules) if preset.is_own else "",
            )
            for preset in self.presets
        ]
        if tuple(options) != self._picker.options:
            self._picker.set_options(options)
        current = self.current
        self._picker.set_current(current.key if current is not None else None)
        self._about.setText(breakable(about_words(current)))
        self._naming.load(context.presets, self._figures)
        self._settle_buttons()
        if self._sheet is not None:
            self._sheet.load(self.presets, context.rules)

    def started(self, request: Request) -> None:
        """One of its requests is being carried out."""
        if isinstance(request, _REQUESTS):
            self._outcome.hide()

    def finished(self, request: Request, outcome: object | AppError) -> None:
        """It ended so; a name that was not saved stays where it was typed."""
        if not isinstance(request, _REQUESTS):
            return
        rules = self._context.rules if self._context is not None else None
        told = outcome_words(request, outcome, rules)
        if self._sheet is not None:
            self._sheet.finished(request, outcome, told)
            if isinstance(request, RenamePreset | DeletePreset):
                return
        if isinstance(request, SavePreset) and isinstance(outcome, PolicyPreset):
            self._picked = outcome.key
            self._close_naming()
            if self._context is not None and self._figures is not None:
                self._show_current()
        if told is not None:
            self._outcome.set_status(told[0], breakable(told[1]))
        self._outcome.setVisible(told is not None)

    def _build(self) -> None:
        tools = OverflowRow(self._theme, (self._save, self._import, self._export, self._manage), at_left=True)
        self._tools = tools
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        row.addWidget(tools, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, Space.S)
        column.setSpacing(Space.XS)
        column.addWidget(self._field)
        column.addWidget(self._about)
        column.addLayout(row)
        column.addWidget(self._naming)
        column.addWidget(self._outcome)
        self._naming.hide()
        self._outcome.hide()

    def _connect(self) -> None:
        self._picker.picked.connect(self._on_picker_picked)
        self._save.activated.connect(self._on_save_activated)
        self._import.clicked.connect(lambda _checked: self.requested.emit(ImportPresets()))
        self._export.activated.connect(self._on_export_activated)
        self._manage.clicked.connect(self._on_manage_clicked)
        self._naming.saved.connect(self._on_naming_saved)
        self._naming.cancelled.connect(self._close_naming)

    def _settle_buttons(self) -> None:
        current = self.current
        if current is not None and current.is_own:
            reason = self.tr("These figures are those of your preset {} already.").format(breakable(current.name))
            self._save.refuse(Refusal(self.tr("It is saved already"), reason))
        else:
            self._save.allow()
        if current is None:
            reason = self.tr("Save these figures as a preset first, or pick one. Manage exports all of your own.")
            self._export.refuse(Refusal(self.tr("There is no preset to export"), reason))
        else:
            self._export.allow()

    def _show_current(self) -> None:
        current = self.current
        self._picker.set_current(current.key if current is not None else None)
        self._about.setText(breakable(about_words(current)))
        self._settle_buttons()

    def _on_picker_picked(self, key: str) -> None:
        preset = next(preset for preset in self.presets if preset.key == key)
        self._picked = key
        self._outcome.hide()
        self.preset_chosen.emit(preset)
        self._show_current()

    def _on_save_activated(self) -> None:
        self._outcome.hide()
        self._naming.show()
        self._naming.field.edit.setFocus()

    def _on_naming_saved(self, name: str) -> None:
        if self._figures is not None:
            figures = self._figures
            self.requested.emit(
                SavePreset(
                    PolicyPreset(
                        name, figures.copy_frequency_s, figures.retention_h, figures.app_consistent_frequency_h
                    )
                )
            )

    def _close_naming(self) -> None:
        if not self._naming.isHidden():
            self._naming.clear()
            self._naming.hide()
            self._picker.setFocus()

    def _on_export_activated(self) -> None:
        current = self.current
        if current is not None:
            self.requested.emit(ExportPresets((current,)))

    def _on_manage_clicked(self) -> None:
        assert self._context is not None
        sheet = self._sheet = PresetSheet(self._theme)
        sheet.load(self.presets, self._context.rules)
        sheet.requested.connect(self.requested)
        sheet.closed.connect(self._on_sheet_closed)
        self.sheet_opened.emit(sheet)

    def _on_sheet_closed(self) -> None:
        self._sheet = None


class _Naming(QWidget):
    """A name for the figures that are shown.

    Signals:
        saved: the name can be used; carries it.
        cancelled: it shall not be saved.
    """

    saved = Signal(str)
    cancelled = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.field = TextField(theme, self.tr("Name of the preset"), placeholder=self.tr("File servers"))
        self.field.edit.setObjectName("preset-name")
        self._own: tuple[PolicyPreset, ...] = ()
        self._save = Button(theme, self.tr("Save"), small=True)
        self._save.setObjectName("preset-save")
        self._cancel = Button(theme, self.tr("Cancel"), small=True)
        self._cancel.setObjectName("preset-cancel")
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.S)
        buttons.addWidget(self._save)
        buttons.addWidget(self._cancel)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, Space.XS, 0, 0)
        column.setSpacing(Space.S)
        column.addWidget(self.field)
        column.addLayout(buttons)
        self.field.value_edited.connect(lambda _name: self._check())
        self.field.edit.returnPressed.connect(self._on_save_clicked)
        self._save.clicked.connect(lambda _checked: self._on_save_clicked())
        self._cancel.clicked.connect(lambda _checked: self.cancelled.emit())

    def load(self, own: tuple[PolicyPreset, ...], figures: PolicyFigures) -> None:
        """These names are taken, and these figures are to be saved."""
        self._own = own
        self.field.set_hint(figures_text(figures))
        self._check()

    def clear(self) -> None:
        self.field.set_text("")
        self.field.forget()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)

    def _check(self) -> str:
        """What is wrong with the name; that it is taken is only told, since saving asks."""
        name = self.field.text.strip()
        problem = name_problem(name) or double_problem(name, built_in_presets())
        taken = next((preset for preset in self._own if preset.name.casefold() == name.casefold()), None)
        if problem:
            self.field.set_issue(problem)
        elif taken is not None:
            self.field.set_issue(
                self.tr("You have a preset {} already; it is asked before it is replaced.").format(
                    breakable(taken.name)
                ),
                Status.WARNING,
            )
        else:
            self.field.set_issue(None)
        return problem

    def _on_save_clicked(self) -> None:
        if self._check():
            self.field.reveal()
            self.field.edit.setFocus()
        else:
            self.saved.emit(self.field.text.strip())
