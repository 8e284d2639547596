"""The Qt palette made from the tokens, for what Fusion draws by itself."""

from PySide6.QtGui import QColor, QPalette

from ui.theme.tokens import Colors


def build_palette(colors: Colors) -> QPalette:
    """Every colour role of Qt, so that nothing of the system's own palette shines through."""
    roles = {
        QPalette.ColorRole.Window: colors.content,
        QPalette.ColorRole.WindowText: colors.text,
        QPalette.ColorRole.Base: colors.card,
        QPalette.ColorRole.AlternateBase: colors.well,
        QPalette.ColorRole.ToolTipBase: colors.raised,
        QPalette.ColorRole.ToolTipText: colors.text,
        QPalette.ColorRole.PlaceholderText: colors.text2,
        QPalette.ColorRole.Text: colors.text,
        QPalette.ColorRole.Button: colors.control,
        QPalette.ColorRole.ButtonText: colors.text,
        QPalette.ColorRole.BrightText: colors.on_accent,
        QPalette.ColorRole.Light: colors.raised,
        QPalette.ColorRole.Midlight: colors.hover,
        QPalette.ColorRole.Mid: colors.border,
        QPalette.ColorRole.Dark: colors.control_strong,
        QPalette.ColorRole.Shadow: colors.border,
        QPalette.ColorRole.Highlight: colors.selection,
        QPalette.ColorRole.HighlightedText: colors.selection_text,
        QPalette.ColorRole.Link: colors.accent_text,
        QPalette.ColorRole.LinkVisited: colors.accent_text,
        QPalette.ColorRole.Accent: colors.accent,
    }
    palette = QPalette()
    for role, color in roles.items():
        palette.setColor(role, QColor(color))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(colors.text3))
    return palette
