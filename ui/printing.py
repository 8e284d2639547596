"""Prints a page of text by the system's own dialog."""

from __future__ import annotations

from PySide6.QtGui import QPageLayout, QTextDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QWidget


def print_page(parent: QWidget, title: str, html: str) -> QPrintDialog:
    """Ask for a printer, and print once there is an answer. Call it from a slot, never from a coroutine.

    On Windows the system's dialog runs a loop of its own until it is answered.
    """
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(title)
    printer.setPageOrientation(QPageLayout.Orientation.Landscape)
    dialog = QPrintDialog(printer, parent)
    dialog.setObjectName("print-dialog")
    dialog.setWindowTitle(title)

    def print_now() -> None:
        print_on(printer, html)

    dialog.accepted.connect(print_now)
    dialog.finished.connect(dialog.deleteLater)
    QDialog.open(dialog)  # its own `open` wants a slot by name
    return dialog


def print_on(printer: QPrinter, html: str) -> None:
    """Lay the page out and print it."""
    document = QTextDocument()
    document.setHtml(html)
    document.print_(printer)
