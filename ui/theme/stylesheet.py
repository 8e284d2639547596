"""Stylesheets for the few kinds of widgets that Qt draws: fields and menus. All others paint themselves.

Each such widget wears its own (`dress`), never the application: see `ui.theme.palette` for why. Fields choose by the
dynamic property `state`.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from ui.theme.theme import Theme
from ui.theme.tokens import Colors, Height, Radius, Space, Status, Width

Rules = Callable[[Colors], str]


def dress(widget: QWidget, theme: Theme, rules: Rules) -> None:
    """Have `widget` wear `rules`, in the colours of the moment and of every theme to come."""
    _Dress(widget, theme, rules)


class _Dress(QObject):
    """Changes clothes with the theme, as long as its widget lives."""

    def __init__(self, widget: QWidget, theme: Theme, rules: Rules) -> None:
        super().__init__(widget)
        self._widget = widget
        self._theme = theme
        self._rules = rules
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def _on_theme_changed(self) -> None:
        self._widget.setStyleSheet(self._rules(self._theme.colors))


def field_rules(c: Colors) -> str:
    """Lines and areas of text, and boxes to pick from."""
    inner = Height.CONTROL - 2
    critical = c.statuses[Status.CRITICAL].text
    return f"""
    QLineEdit, QComboBox, QPlainTextEdit, QTextEdit {{
        background: {c.control}; color: {c.text}; border: 1px solid {c.control_border};
        border-bottom-color: {c.control_strong}; border-radius: {Radius.CONTROL}px;
        selection-background-color: {c.accent}; selection-color: {c.on_accent};
    }}
    QLineEdit, QComboBox {{ min-height: {inner}px; padding: 0 {Space.CELL}px; }}
    QPlainTextEdit, QTextEdit {{ padding: {Space.XS}px {Space.S}px; }}
    QLineEdit:hover, QComboBox:hover {{ background: {c.hover}; }}
    QLineEdit:focus, QComboBox:focus, QPlainTextEdit:focus, QTextEdit:focus {{
        background: {c.control}; border-color: {c.accent};
    }}
    QLineEdit[state="invalid"], QComboBox[state="invalid"],
    QPlainTextEdit[state="invalid"] {{ border-color: {critical}; }}
    QLineEdit:disabled, QComboBox:disabled, QPlainTextEdit:disabled {{
        background: {c.well}; color: {c.text3}; border-color: {c.border};
    }}
    QComboBox {{ combobox-popup: 0; }}
    QComboBox::drop-down {{ border: 0; width: {Height.CONTROL}px; }}
    QComboBox::down-arrow {{ image: none; }}
    QComboBox QAbstractItemView {{
        background: {c.raised}; border: 1px solid {c.border}; border-radius: {Radius.CONTROL}px;
        padding: {Space.XS}px; outline: 0;
        selection-background-color: {c.selection}; selection-color: {c.selection_text};
    }}
    """ + _scroll_bars(c)


def menu_rules(c: Colors) -> str:
    """A menu and the menus below it."""
    return f"""
    QMenu {{
        background: {c.raised}; color: {c.text}; border: 1px solid {c.border}; padding: {Space.XS}px;
    }}
    QMenu::item {{ padding: 6px {Space.XXL}px 6px {Space.M}px; border-radius: {Radius.CONTROL}px; }}
    QMenu::item:selected {{ background: {c.selection if c.high_contrast else c.press};
        color: {c.selection_text}; }}
    QMenu::item:disabled {{ color: {c.text3}; }}
    QMenu::icon {{ padding-left: {Space.S}px; }}
    QMenu::separator {{ height: 1px; background: {c.divider}; margin: {Space.XS}px {Space.S}px; }}
    """


def _scroll_bars(c: Colors) -> str:
    return f"""
    QScrollBar:vertical {{ background: transparent; width: {Width.SCROLL_BAR}px; margin: 0; border: 0; }}
    QScrollBar:horizontal {{ background: transparent; height: {Width.SCROLL_BAR}px; margin: 0; border: 0; }}
    QScrollBar::handle {{ background: {c.control_strong}; border: 3px solid transparent; border-radius: 6px; }}
    QScrollBar::handle:vertical {{ min-height: 32px; margin: 2px 4px; border: 0; border-radius: 2px; }}
    QScrollBar::handle:horizontal {{ min-width: 32px; margin: 4px 2px; border: 0; border-radius: 2px; }}
    QScrollBar::handle:vertical:hover {{ margin: 2px; border-radius: 4px; }}
    QScrollBar::handle:horizontal:hover {{ margin: 2px; border-radius: 4px; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    """
