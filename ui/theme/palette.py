"""The Qt palette made from the tokens. It carries them to every widget, and changing it changes the look at once.

A stylesheet on the application would do so as well, but Qt then matches every rule against every widget, hidden ones
included: a second for a window with all its pages. So Qt's roles hold tokens instead, and shared widgets name the role
they draw with. What Qt itself means by a role such as `Mid` or `Shadow` is drawn nowhere: frames, buttons, scroll bars
and rows are painted by our own widgets, and fields and menus by a stylesheet of their own.
"""

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QPalette

from ui.theme.tokens import Colors, Role

_Place = QPalette.ColorRole

TEXT_PLACES = {
    Role.TEXT: _Place.WindowText,
    Role.TEXT2: _Place.PlaceholderText,
    Role.TEXT3: _Place.Mid,
    Role.ACCENT: _Place.Link,
    Role.ON_ACCENT: _Place.BrightText,
    Role.OK: _Place.Light,
    Role.WARNING: _Place.Midlight,
    Role.CRITICAL: _Place.Dark,
    Role.INFO: _Place.LinkVisited,
    Role.NEUTRAL: _Place.Shadow,
    Role.WAITING: _Place.Accent,
    Role.HIGHLIGHTED: _Place.HighlightedText,
}
"""Where each colour of text lies."""

CONTENT, CARD, WELL, RAISED, CHROME = (
    _Place.Window,
    _Place.Base,
    _Place.AlternateBase,
    _Place.ToolTipBase,
    _Place.Button,
)
"""Where the grounds lie."""

BORDER, DIVIDER = _Place.ToolTipText, _Place.ButtonText
"""Where the lines lie."""


def build_palette(colors: Colors) -> QPalette:
    """Every colour role of Qt, so that nothing of the system's own palette shines through."""
    places = {place: colors.role(role) for role, place in TEXT_PLACES.items()}
    places |= {
        CONTENT: colors.content,
        CARD: colors.card,
        WELL: colors.well,
        RAISED: colors.raised,
        CHROME: colors.chrome,
        BORDER: colors.border,
        DIVIDER: colors.divider,
        _Place.Text: colors.text,
        _Place.Highlight: colors.selection,
    }
    palette = QPalette()
    for place, color in places.items():
        palette.setColor(place, QColor(color))
    for place in (_Place.WindowText, _Place.Text):
        palette.setColor(QPalette.ColorGroup.Disabled, place, QColor(colors.text3))
    return palette


def build_tip_palette(colors: Colors) -> QPalette:
    """The palette of tooltips, which have one of their own."""
    palette = build_palette(colors)
    palette.setColor(_Place.ToolTipText, QColor(colors.text))
    return palette


def solid(color: QColor) -> QBrush:
    """A brush of one colour. `QBrush(color)` is the same, but before it PySide sets up gradients and image formats."""
    brush = QBrush()
    brush.setStyle(Qt.BrushStyle.SolidPattern)
    brush.setColor(color)
    return brush
