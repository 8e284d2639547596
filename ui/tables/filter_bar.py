"""The filter above a table: a box for words, facets as pills with counts, and how many rows are left."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from ui.tables.record_model import RecordTableModel
from ui.tables.row_filter import Facet
from ui.theme.icons import status_icon
from ui.theme.theme import Theme
from ui.theme.tokens import Height, Role, Space, TextStyle, Width
from ui.widgets.buttons import Button, Kind
from ui.widgets.labels import Text
from ui.widgets.line_edit import SearchBox
from ui.widgets.menu import Menu

_BOX_FIRST = 1_000
"""The box takes what room it can use; what is left stands before the count."""


class FilterBar(QWidget):
    """Sets the filter of a record model and shows it; follows when somebody else clears it."""

    def __init__(
        self, theme: Theme, model: RecordTableModel[Any], *, placeholder: str, parent: QWidget | None = None
    ) -> None:
        """`placeholder` says what is searched, such as "Name, host, policy or state"."""
        super().__init__(parent)
        self._theme = theme
        self._model = model
        self.box = SearchBox(theme, placeholder)
        self.box.setObjectName("filter_box")
        self.count = Text("", TextStyle.BODY, Role.TEXT2)
        self._pills: list[FacetPill | OptionPill] = []
        self._left_out: set[str] = set()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(Space.CARD_X - Space.XS, Space.M, Space.CARD_X, Space.M)
        self._row.setSpacing(Space.S)
        self.box.setMaximumWidth(Width.READING)
        self._row.addWidget(self.box, _BOX_FIRST)
        for facet in model.facets:
            self._add_facet(facet)
        self._row.addStretch(1)
        self._row.addWidget(self.count)
        self.box.textChanged.connect(self._on_box_text_changed)
        model.rearranged.connect(self._show)
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Where the box would be too narrow for its words, pills give up their icons: the word says the same.

        Where it still is, the last facets go for now, unless they filter.
        """
        margins = self._row.contentsMargins()
        room = self.width() - margins.left() - margins.right() - self.count.sizeHint().width() - Width.PICKER
        wanted_pills = [pill for pill in self._pills if pill.facet_id not in self._left_out]
        wanted = sum(pill.full_width + Space.S for pill in wanted_pills) + 2 * Space.S
        is_tight = wanted > room
        for pill in self._pills:
            pill.set_icon_hidden(is_tight)
        left = sum(pill.sizeHint().width() + Space.S for pill in wanted_pills) + 2 * Space.S
        shown = set(wanted_pills)
        for pill in reversed(wanted_pills):
            if not is_tight or left <= room + Width.PICKER // 2:
                break
            if isinstance(pill, FacetPill) and not pill.isChecked():
                shown.discard(pill)
                left -= pill.sizeHint().width() + Space.S
        for pill in self._pills:
            pill.setVisible(pill in shown)

    def focus_box(self) -> None:
        """To the box, with its words selected."""
        self.box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.box.selectAll()

    def set_facet_shown(self, facet_id: str, is_shown: bool) -> None:
        """Leave out a facet that has one value alone."""
        (self._left_out.discard if is_shown else self._left_out.add)(facet_id)
        self._fit()

    def _add_facet(self, facet: Facet[Any]) -> None:
        if not facet.as_pills:
            self._add_pill(FacetPill(self._theme, self._model, facet))
            return
        self._add_pill(OptionPill(self._theme, self._model, facet, None))
        for option in facet.options:
            self._add_pill(OptionPill(self._theme, self._model, facet, option.value))

    def _add_pill(self, pill: FacetPill | OptionPill) -> None:
        self._pills.append(pill)
        self._row.addWidget(pill)

    def _show(self) -> None:
        """Counts, pills and words as the model has them now."""
        model = self._model
        of = self.tr("{shown} of {total}").format(shown=f"{model.shown_count:,}", total=f"{model.total_count:,}")
        self.count.setText(of)
        if self.box.text() != model.filter.text:
            self.box.setText(model.filter.text)
        for pill in self._pills:
            pill.show_filter()
        self._fit()

    def _on_box_text_changed(self, text: str) -> None:
        self._model.set_filter(self._model.filter.with_text(text))


class FacetPill(Button):
    """One facet: opens a menu to tick values in; while some are ticked it names them and a click clears them."""

    def __init__(self, theme: Theme, model: RecordTableModel[Any], facet: Facet[Any]) -> None:
        super().__init__(theme, facet.title, icon="filter", kind=Kind.CHOICE, small=True)
        self._model = model
        self._facet = facet
        self.setObjectName(f"facet_{facet.id}")
        self.clicked.connect(self._on_clicked)

    @property
    def facet_id(self) -> str:
        return self._facet.id

    def show_filter(self) -> None:
        values = self._model.filter.facets.get(self._facet.id, frozenset())
        self.setChecked(bool(values))
        self.set_icon("close" if values else "filter")
        self.setText(f"{self._facet.title}: {', '.join(sorted(values))}" if values else self._facet.title)

    def build_menu(self) -> QMenu:
        menu = Menu(self._theme, self)
        counts = self._model.facet_counts(self._facet)
        known = [option.value for option in self._facet.options]
        chosen = self._model.filter.facets.get(self._facet.id, frozenset())
        for value in [*known, *sorted(set(counts) - set(known))]:
            action = QAction(f"{value}   {counts[value]:,}", menu)
            action.setCheckable(True)
            action.setChecked(value in chosen)
            action.setData(value)
            action.toggled.connect(lambda ticked, value=value: self._turn(value, ticked))
            menu.addAction(action)
        return menu

    def _turn(self, value: str, ticked: bool) -> None:
        values = self._model.filter.facets.get(self._facet.id, frozenset())
        changed = values | {value} if ticked else values - {value}
        self._model.set_filter(self._model.filter.with_facet(self._facet.id, changed))

    def _on_clicked(self) -> None:
        if self._model.filter.facets.get(self._facet.id):
            self._model.set_filter(self._model.filter.with_facet(self._facet.id, frozenset()))
            return
        self.setChecked(False)
        menu = self.build_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))


class OptionPill(Button):
    """One value of a facet with its count, or all of them; pressing one lifts the others."""

    def __init__(self, theme: Theme, model: RecordTableModel[Any], facet: Facet[Any], value: str | None) -> None:
        super().__init__(theme, "", kind=Kind.CHOICE, small=True)
        option = next((option for option in facet.options if option.value == value), None)
        if option is not None and option.status is not None:
            self.set_icon(option.icon or status_icon(option.status), Role(option.status.value))
        self._model = model
        self._facet = facet
        self._value = value
        self.setObjectName(f"facet_{facet.id}_{value or 'all'}")
        self.setMinimumHeight(Height.SMALL_BUTTON)
        self.clicked.connect(self._on_clicked)

    @property
    def facet_id(self) -> str:
        return self._facet.id

    def show_filter(self) -> None:
        counts = self._model.facet_counts(self._facet)
        count = counts.total() if self._value is None else counts[self._value]
        chosen = self._model.filter.facets.get(self._facet.id, frozenset())
        self.setText(f"{self.tr('All') if self._value is None else self._value} {count:,}")
        self.setChecked(self._value in chosen if self._value is not None else not chosen)

    def _on_clicked(self) -> None:
        values = frozenset() if self._value is None else frozenset({self._value})
        self._model.set_filter(self._model.filter.with_facet(self._facet.id, values))
        self.show_filter()
