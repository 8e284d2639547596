"""How a trouble is to be: on whom, how much, and for how long. Folded away, since the usual choices will do."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QGridLayout, QWidget

from app.domain.practice import TroubleKind, TroubleParameter
from ui.theme.theme import Theme
from ui.theme.tokens import Space
from ui.widgets.form_field import FormField, TextField
from ui.widgets.picker import Option, Picker

_COLUMNS = 3
_UNTIL_ENDED = "ended"
_MINUTE, _HOUR = 60, 3_600
_SPANS = (10 * _MINUTE, 30 * _MINUTE, _HOUR, 4 * _HOUR, 24 * _HOUR)


class TroubleChoices(QWidget):
    """A field for each parameter of a trouble, and one for how long it lasts."""

    def __init__(self, theme: Theme, kind: TroubleKind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._pickers: dict[str, Picker] = {}
        self._numbers: dict[str, TextField] = {}
        self._length = Picker(theme)
        self._length.setObjectName(f"trouble-{kind.key}-length")
        self._length.set_options(_lengths(kind))
        count = usual_limits(kind)[1]
        self._length.set_current(_UNTIL_ENDED if count is None else f"count:{count}")
        fields: list[QWidget] = [self._field(kind, parameter) for parameter in kind.parameters]
        fields.append(FormField(theme, self.tr("How long"), self._length))
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(Space.M)
        grid.setVerticalSpacing(Space.S)
        for number, field in enumerate(fields):
            grid.addWidget(field, number // _COLUMNS, number % _COLUMNS)
        for column in range(_COLUMNS):
            grid.setColumnStretch(column, 1)

    @property
    def chosen(self) -> dict[str, str | int]:
        """What was chosen, by parameter; what is left to the vault is not there."""
        picked = {name: picker.current_key for name, picker in self._pickers.items()}
        found: dict[str, str | int] = {name: key for name, key in picked.items() if key is not None}
        found |= {name: int(field.text) for name, field in self._numbers.items()}
        return found

    @property
    def lasts_s(self) -> float | None:
        """Vault seconds; None when no time ends it."""
        word, _, value = (self._length.current_key or "").partition(":")
        return float(value) if word == "for" else None

    @property
    def count(self) -> int | None:
        """Requests or jobs; None when no number of them ends it."""
        word, _, value = (self._length.current_key or "").partition(":")
        return int(value) if word == "count" else None

    def first_issue(self) -> QWidget | None:
        """Show what cannot be used; the first such field, or None."""
        wrong = [field for field in self._numbers.values() if field.has_issue]
        for field in wrong:
            field.reveal()
        return wrong[0].edit if wrong else None

    def set_kind(self, kind: TroubleKind) -> None:
        """Offer what there is now, such as a host that has registered since."""
        for parameter in kind.parameters:
            picker = self._pickers.get(parameter.name)
            if picker is not None:
                _offer(picker, parameter)

    def _field(self, kind: TroubleKind, parameter: TroubleParameter) -> QWidget:
        name = f"trouble-{kind.key}-{parameter.name}"
        if parameter.is_number:
            number = TextField(self._theme, parameter.title, check=lambda text: _issue(parameter, text))
            number.edit.setObjectName(name)
            number.set_text(parameter.default or str(parameter.minimum))
            self._numbers[parameter.name] = number
            return number
        picker = Picker(self._theme, placeholder=self.tr("None yet"))
        picker.setObjectName(name)
        _offer(picker, parameter)
        self._pickers[parameter.name] = picker
        return FormField(self._theme, parameter.title, picker)


def _offer(picker: Picker, parameter: TroubleParameter) -> None:
    options = [Option(choice.key, choice.title) for choice in parameter.choices]
    if options != picker.options:
        picker.set_options(options)
    if picker.current_key is None and options:
        keys = [option.key for option in options]
        picker.set_current(parameter.default if parameter.default in keys else keys[0])


def _issue(parameter: TroubleParameter, text: str) -> str | None:
    typed = text.strip()
    if typed.isascii() and typed.isdigit() and parameter.minimum <= int(typed) <= parameter.maximum:
        return None
    return _tr("Write {0:,} to {1:,}.").format(parameter.minimum, parameter.maximum)


def _lengths(kind: TroubleKind) -> list[Option]:
    ended = Option(_UNTIL_ENDED, _tr("Until I end it"))
    spans = [Option(f"for:{span}", _span_text(span)) for span in _SPANS] if kind.can_last else []
    counts = [Option(f"count:{count}", _count_text(kind, count)) for count in sorted(kind.counts)]
    return [ended, *counts, *spans]


def _span_text(seconds: int) -> str:
    if seconds < _HOUR:
        return _tr("{} vault minutes").format(seconds // _MINUTE)
    hours = seconds // _HOUR
    return _tr("1 vault hour") if hours == 1 else _tr("{} vault hours").format(hours)


def _count_text(kind: TroubleKind, count: int) -> str:
    if befalls_jobs(kind):
        return _tr("The next job") if count == 1 else _tr("The next {} jobs").format(count)
    return _tr("The next request") if count == 1 else _tr("The next {} requests").format(count)


def befalls_jobs(kind: TroubleKind) -> bool:
    """Whether what is counted are jobs; it is requests otherwise."""
    return any(parameter.name == "scenario" for parameter in kind.parameters)


def usual_limits(kind: TroubleKind) -> tuple[float | None, int | None]:
    """How long it lasts when nobody chooses: a missing right stays missing, what can be counted soon ends."""
    return None, (kind.counts[0] if kind.counts and kind.group != "rights" else None)


def _tr(text: str) -> str:
    return QCoreApplication.translate("TroubleChoices", text)
