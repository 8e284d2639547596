"""Room for a docked sheet beside a page: the page makes way, or is covered where the window is too narrow for both."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from ui.theme.tokens import Width
from ui.widgets.docked_sheet import DockedSheet
from ui.widgets.focus_ring import lead_focus
from ui.widgets.tab_stops import tab_stops


class SheetRoom(QWidget):
    """Holds `page`, and at its right the sheet that is open. A closed sheet gives the focus back."""

    def __init__(self, page: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page = page
        self._sheet: DockedSheet | None = None
        self._focus_before: QWidget | None = None
        page.setParent(self)

    @property
    def sheet(self) -> DockedSheet | None:
        """The sheet that is open."""
        return self._sheet

    def open_sheet(self, sheet: DockedSheet) -> None:
        """Show `sheet`, in place of another one. It is deleted once it is closed."""
        self.close_sheet()
        self._focus_before = QApplication.focusWidget()
        self._sheet = sheet
        sheet.setParent(self)
        sheet.stands_after = next(reversed(tab_stops(self._page)), None)
        self._arrange()
        sheet.show()
        sheet.raise_()

    def close_sheet(self) -> None:
        """Put the sheet away; what stood in it is forgotten."""
        sheet, self._sheet = self._sheet, None
        if sheet is None:
            return
        focused = QApplication.focusWidget()
        had_focus = focused is not None and sheet.isAncestorOf(focused)
        sheet.hide()
        sheet.deleteLater()
        self._arrange()
        before, self._focus_before = self._focus_before, None
        if had_focus and before is not None and isValid(before) and before.isVisible():
            lead_focus(before)

    def sizeHint(self) -> QSize:
        return self._page.sizeHint()

    def minimumSizeHint(self) -> QSize:
        return self._page.minimumSizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        taken = 0
        if self._sheet is not None:
            width = min(Width.DOCKED_SHEET, self.width())
            self._sheet.setGeometry(self.width() - width, 0, width, self.height())
            taken = width if self.width() - width >= Width.PAGE_LEAST else 0
        self._page.setGeometry(0, 0, self.width() - taken, self.height())
