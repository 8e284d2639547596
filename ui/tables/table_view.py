"""A table in its card: room for toolbars, the head, the rows, and the five states in the same frame.

Nothing jumps: head and toolbars stay in every state, older rows stay while newer ones are read or cannot be.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from enum import Enum
from typing import Generic

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence, QShowEvent
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from ui.busy import Failure, Waiting
from ui.tables.column import R
from ui.tables.edits import RecordEdits
from ui.tables.grid_view import GridView, Ring
from ui.tables.layout_memory import LayoutMemory, LayoutStore
from ui.tables.record_model import RecordTableModel
from ui.tables.row_filter import RowFilter
from ui.tables.stale_line import StaleLine
from ui.tables.states import LoadingPane, Message, MessagePane, Pane, Step, WaitingWords
from ui.theme.theme import Theme
from ui.theme.tokens import Height, Role, Space
from ui.widgets.buttons import Kind
from ui.widgets.surface import Ground, Surface


class TableState(Enum):
    """What the body shows. Stale is no state of its own: old rows under a line that says how old they are."""

    BLANK = "blank"
    ROWS = "rows"
    EMPTY = "empty"
    LOADING = "loading"
    FAILED = "failed"
    FILTERED = "filtered"


class TableView(Surface, Generic[R]):
    """Shows a record model and can be the `busy` of a call.

    Signals:
        selection_changed: the selected records are others, shown or filtered away.
        current_changed: the current row is another.
        opened: Enter or a double click on a row; the record.
        menu_requested: a context menu is wanted at this place on the screen, for the selected records.
    """

    selection_changed = Signal()
    current_changed = Signal()
    opened = Signal(object)
    menu_requested = Signal(QPoint)

    def __init__(
        self,
        theme: Theme,
        model: RecordTableModel[R],
        *,
        name: str,
        empty: Message,
        ring: Ring = Ring.ROW,
        store: LayoutStore | None = None,
        label: str = "",
        framed: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        """`name` is the object name, and under it `store` remembers columns, widths and sorting; `label` is what a
        screen reader calls the table. Without a frame it fits into a card that is there already."""
        super().__init__(Ground.CARD if framed else None, parent)
        self.setObjectName(name)
        self._theme = theme
        self._empty = empty
        self._failure: Failure | None = None
        self._has_loaded = False
        self._is_loading = False
        self._pane: Pane | None = None
        self.model = model
        self.grid = GridView(theme, model, ring, self)
        self.edits = RecordEdits(model, self)
        self._stale = StaleLine(theme, self)
        self._words = WaitingWords(theme, self, is_line=True)
        self.top = QVBoxLayout()
        self._build()
        self.grid.setAccessibleName(label)
        self._layout_memory = LayoutMemory(theme, model, self.grid, name, store)
        self._connect()
        self._settle()

    def _build(self) -> None:
        """`top` holds toolbars and bulk bars of whoever uses the table; they end above the head."""
        self.grid.setObjectName(f"{self.objectName()}_rows")
        self._words.setContentsMargins(Space.CARD_X, Space.S, Space.CARD_X, Space.S)
        self._words.hide()
        self._stale.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, Space.XS)
        column.setSpacing(0)
        self.top.setSpacing(0)
        column.addLayout(self.top)
        column.addWidget(self._stale)
        column.addWidget(self.grid, 1)
        column.addWidget(self._words)

    def _connect(self) -> None:
        self.model.rearranged.connect(self._settle)
        self.grid.selected_keys_changed.connect(self.selection_changed)
        self.grid.current_key_changed.connect(self.current_changed)
        self.grid.opened.connect(self._on_grid_opened)
        self.grid.copied.connect(self.copy)
        self.grid.fill_down_requested.connect(self.fill_down)
        self.grid.menu_requested.connect(self.menu_requested)
        self.grid.viewport().installEventFilter(self)
        self.grid.header.customContextMenuRequested.connect(self._on_header_menu_requested)
        if any(column.edit for column in self.model.columns):
            self._add_key(QKeySequence.StandardKey.Undo, self.edits.stack.undo)
            self._add_key(QKeySequence.StandardKey.Redo, self.edits.stack.redo)

    def _add_key(self, key: QKeySequence.StandardKey, run: Callable[[], object]) -> None:
        action = QAction(self.grid)
        action.setShortcuts(key)
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(run)
        self.grid.addAction(action)

    # Records

    def set_records(self, records: Iterable[R]) -> None:
        """Show exactly these, at once; for lists of up to a thousand."""
        self._note_read()
        self.model.set_records(records)
        self._settle()

    async def apply_records(self, records: Iterable[R]) -> None:
        """Show exactly these without holding the loop."""
        self._note_read()
        await self.model.apply_records(records)
        self._settle()

    def slices(self, records: Iterable[R]) -> Iterator[None]:
        """The same as steps for `Turns`, where nothing is waited for."""
        self._note_read()
        yield from self.model.slices(records)
        self._settle()

    def _note_read(self) -> None:
        self._has_loaded = True
        self._failure = None
        self._stale.hide()

    @property
    def selected_records(self) -> list[R]:
        """What is selected, rows that the filter hides among them."""
        records = (self.model.record(key) for key in self.grid.selected_keys)
        return [record for record in records if record is not None]

    @property
    def hidden_selected_count(self) -> int:
        """How many of the selected rows the filter hides now; whoever acts on them says so."""
        keys = self.grid.selected_keys
        return len(keys) - len(self.model.rows_of(keys))

    @property
    def current_record(self) -> R | None:
        key = self.grid.current_key
        return self.model.record(key) if key is not None else None

    def select(self, keys: Iterable[Hashable]) -> None:
        self.grid.select_keys(keys)

    # States

    @property
    def state(self) -> TableState:
        if self.model.shown_count:
            return TableState.ROWS
        if self._is_loading:
            return TableState.LOADING
        if self._failure is not None:
            return TableState.FAILED
        if self.model.total_count:
            return TableState.FILTERED
        return TableState.EMPTY if self._has_loaded else TableState.BLANK

    @property
    def message(self) -> Message | None:
        """The message that stands in place of rows, if one does."""
        return self._pane.message if isinstance(self._pane, MessagePane) else None

    def set_empty(self, message: Message) -> None:
        """Say something else where there are no records at all."""
        self._empty = message
        self._settle()

    def show_stale(self, text: str, try_again: Callable[[], object]) -> None:
        """Keep the rows and say above them how old they are and why."""
        self._stale.show_text(text, try_again)

    def clear_stale(self) -> None:
        self._stale.hide()

    def height_of_rows(self, count: int) -> int:
        """Px in which so many rows need no scrolling, with the head and whatever stands above and below them now."""
        layout = self.layout()
        assert layout is not None
        margins = layout.contentsMargins()
        lines = sum(each.sizeHint().height() for each in (self._stale, self._words) if not each.isHidden())
        head = self.grid.header.sizeHint().height()
        return margins.top() + margins.bottom() + self.top.sizeHint().height() + lines + head + count * Height.ROW

    def show_veil(self) -> None:
        """Grey bars where there is nothing yet; rows that are there are left alone."""
        self._is_loading = True
        self._settle()

    def show_waiting(self, waiting: Waiting) -> None:
        """Say what is being read: in the body while it is empty, else in a line below the rows."""
        if isinstance(self._pane, LoadingPane):
            self._pane.show_waiting(waiting)
        else:
            self._words.show_waiting(waiting)
            self._words.show()

    def clear_busy(self) -> None:
        self._is_loading = False
        self._words.hide()
        self._settle()

    def show_failure(self, failure: Failure) -> bool:
        """Show it in the body if no rows are there to keep."""
        if self.model.total_count:
            return False
        self._failure = failure
        self._settle()
        return True

    def _settle(self) -> None:
        """Have the body show what the state says."""
        state = self.state
        message = self._message(state)
        if isinstance(self._pane, LoadingPane) and state is TableState.LOADING:
            return
        if isinstance(self._pane, MessagePane) and self._pane.message == message:
            return
        if self._pane is not None:
            self._pane.hide()
            self._pane.deleteLater()
            self._pane = None
        body = self.grid.viewport()
        if state is TableState.LOADING:
            self._pane = LoadingPane(self._theme, self.grid.header, self.model, body)
        elif message is not None:
            self._pane = MessagePane(self._theme, message, body)
        if self._pane is not None:
            self._pane.setGeometry(body.rect())
            self._pane.show()

    def _message(self, state: TableState) -> Message | None:
        if state is TableState.EMPTY:
            return self._empty
        if state is TableState.FAILED and self._failure is not None:
            return self._failed_message(self._failure)
        return self._filtered_message() if state is TableState.FILTERED else None

    def _failed_message(self, failure: Failure) -> Message:
        kinds = [Kind.PRIMARY] + [Kind.SECONDARY] * len(failure.actions)
        steps = tuple(
            Step(action.label, action.run, kind=kind) for action, kind in zip(failure.actions, kinds, strict=False)
        )
        text = "\n".join(part for part in (failure.text, self.tr("Nothing was changed.")) if part)
        return Message("unreachable", failure.title, text, steps, Role.CRITICAL)

    def _filtered_message(self) -> Message:
        asked = self.model.filter
        title = self.tr("Nothing matches the filters")
        if asked.text.strip():
            title = self.tr("Nothing matches “{text}”").format(text=asked.text.strip())
        titles = {facet.id: facet.title for facet in self.model.facets}
        facets = "; ".join(f"{titles[key]}: {', '.join(sorted(values))}" for key, values in asked.facets.items())
        without = self.tr("Without filters there are {count}.").format(count=f"{self.model.total_count:,}")
        text = f"{self.tr('Filters')}: {facets}. {without}" if facets else without
        clear = Step(self.tr("Clear filters"), lambda: self.model.set_filter(RowFilter()))
        return Message("filter", title, text, (clear,))

    def showEvent(self, event: QShowEvent) -> None:
        """Toolbars are added when the grid is there already; Tab still goes from top to bottom."""
        super().showEvent(event)
        bars = [self.top.itemAt(place).widget() for place in range(self.top.count())]
        controls = [control for bar in bars if bar is not None for control in bar.findChildren(QWidget)]
        stops = [control for control in controls if control.focusPolicy() & Qt.FocusPolicy.TabFocus]
        if stops:
            QWidget.setTabOrder(stops[-1], self.grid)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self.grid.viewport():
            if self._pane is not None:
                self._pane.setGeometry(self.grid.viewport().rect())
            self._layout_memory.fit()
        return super().eventFilter(watched, event)

    # What a person does

    def copy(self) -> None:
        """Put the selected rows, or the current one, on the clipboard as tab-separated text."""
        keys = self.grid.selected_keys or [self.grid.current_key]
        rows = self.model.rows_of(key for key in keys if key is not None)
        if rows:
            QGuiApplication.clipboard().setText(self.model.copy_text(rows, self._layout_memory.visible_sections()))

    def fill_down(self) -> None:
        """Repeat the current column's first selected cell below it; with one row selected, the cell above it."""
        index = self.grid.currentIndex()
        column = self.model.column_at(index.column()) if index.isValid() else None
        if column is None:
            return
        rows = sorted(part.row() for part in self.grid.selectionModel().selectedRows())
        if len(rows) < 2:
            rows = [index.row() - 1, index.row()]
        keys = [self.model.key_at(row) for row in rows if row >= 0]
        self.edits.fill_down(column.id, keys)

    def set_column_idle(self, column_id: str, is_idle: bool) -> None:
        """Leave a column out as long as it says the same in every row."""
        self._layout_memory.set_idle(column_id, is_idle)

    def build_columns_menu(self) -> QMenu:
        """A menu to show and hide columns; it belongs to the table and is shown by whoever asked for it."""
        return self._layout_memory.build_menu(self)

    def _on_header_menu_requested(self, place: QPoint) -> None:
        menu = self.build_columns_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.grid.header.mapToGlobal(place))

    def _on_grid_opened(self, key: Hashable) -> None:
        self.opened.emit(self.model.record(key))
