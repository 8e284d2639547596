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
    """Both kinds of field of one line, for editors inside tables."""
    return line_rules(c) + picker_rules(c) + list_rules(c)


def line_rules(c: Colors) -> str:
    """Lines of text."""
    return _line("QLineEdit", c)


def picker_rules(c: Colors) -> str:
    """Boxes to pick from; their lists are dressed when they open: Qt reads these rules anew for each box."""
    return f"""
    {_line("QComboBox", c)}
    QComboBox {{ combobox-popup: 0; }}
    QComboBox::drop-down {{ border: 0; width: {Height.CONTROL}px; }}
    QComboBox::down-arrow {{ image: none; }}
    QComboBox QAbstractItemView {{
        background: {c.raised}; border: 1px solid {c.border}; border-radius: {Radius.CONTROL}px;
        padding: {Space.XS}px; outline: 0;
        selection-background-color: {c.selection}; selection-color: {c.selection_text};
    }}
    """


def list_rules(c: Colors) -> str:
    """What the list of a box to pick from has besides."""
    return _scroll_bars(c)


def area_rules(c: Colors) -> str:
    """Areas of text."""
    return f"""
    {_field("QPlainTextEdit", c)}
    QPlainTextEdit {{ padding: {Space.XS}px {Space.S}px; }}
    {_scroll_bars(c)}
    """


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


def _line(kind: str, c: Colors) -> str:
    return f"""
    {kind} {{ min-height: {Height.CONTROL - 2}px; padding: 0 {Space.CELL}px; }}
    {kind}:hover {{ background: {c.hover}; }}
    {_field(kind, c)}
    """


def _field(kind: str, c: Colors) -> str:
    return f"""
    {kind} {{
        background: {c.control}; color: {c.text}; border: 1px solid {c.control_border};
        border-bottom-color: {c.control_strong}; border-radius: {Radius.CONTROL}px;
        selection-background-color: {c.accent}; selection-color: {c.on_accent};
    }}
    {kind}:focus {{ background: {c.control}; border-color: {c.accent}; }}
    {kind}[state="invalid"] {{ border-color: {c.statuses[Status.CRITICAL].text}; }}
    {kind}:disabled {{ background: {c.well}; color: {c.text3}; border-color: {c.border}; }}
    """
