"""Opens the editors of cells, and says in a tooltip what a cell has no room for. Rows are painted by the view."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractItemModel, QEvent, QObject, QPersistentModelIndex, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from ui.tables.cells import plain_tip
from ui.tables.column import ChoiceEdit
from ui.tables.keyed_rows import Index
from ui.tables.record_model import RecordRole, RecordTableModel
from ui.theme.stylesheet import dress, field_rules
from ui.theme.theme import Theme
from ui.theme.tokens import IconSize, Space, TextStyle


class RecordDelegate(QStyledItemDelegate):
    """The editors and tooltips of a record table."""

    def __init__(self, theme: Theme, model: RecordTableModel[Any], parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._model = model

    # What does not fit, in a tooltip

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        tip = index.data(Qt.ItemDataRole.ToolTipRole)
        column = self._model.column_at(index.column()) if index.isValid() else None
        if event.type() != QEvent.Type.ToolTip or tip or column is None:
            return super().helpEvent(event, view, option, index)
        text = str(index.data() or "")
        room = view.visualRect(index).width() - 2 * Space.CELL
        icon = IconSize.SMALL + Space.S if column.icon or column.status else 0
        if self._theme.width_of(text, TextStyle.BODY) + icon <= room:
            return False
        QToolTip.showText(event.globalPos(), plain_tip(text), view)
        return True

    # Editing

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        column = self._model.column_at(index.column())
        edit = column.edit if column else None
        if not isinstance(edit, ChoiceEdit):
            line = QLineEdit(parent)
            dress(line, self._theme, field_rules)
            line.setFrame(False)
            line.setAccessibleName(column.title if column else "")
            line.textEdited.connect(lambda text: self._show_refusal(line, QPersistentModelIndex(index), text))
            return line
        box = QComboBox(parent)
        dress(box, self._theme, field_rules)
        box.addItems(list(edit.choices(index.data(RecordRole))))
        box.setAccessibleName(column.title if column else "")
        box.activated.connect(lambda: self._take(box))
        return box

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        text = str(index.data(Qt.ItemDataRole.EditRole))
        if isinstance(editor, QComboBox):
            editor.setCurrentText(text)
        elif isinstance(editor, QLineEdit) and not editor.isModified():
            editor.setText(text)

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        text = editor.currentText() if isinstance(editor, QComboBox) else editor.text()  # type: ignore[attr-defined]
        model.setData(index, text.strip(), Qt.ItemDataRole.EditRole)

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """The view turns check boxes itself, so that both meanings of them follow one rule."""
        return False

    def _take(self, editor: QWidget) -> None:
        self.commitData.emit(editor)
        self.closeEditor.emit(editor, QStyledItemDelegate.EndEditHint.NoHint)

    def _show_refusal(self, line: QLineEdit, index: QPersistentModelIndex, text: str) -> None:
        """Say beside the editor why a text would not be taken, and drop the words as soon as it would."""
        reason = self._model.refusal(index, text.strip()) if index.isValid() else ""
        line.setAccessibleDescription(reason)
        line.setProperty("state", "invalid" if reason else "")
        line.style().polish(line)
        QToolTip.showText(line.mapToGlobal(QPoint(0, line.height())), plain_tip(reason), line)
