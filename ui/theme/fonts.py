"""Fonts by text style. Family, features and the system's text size come from the application's own font."""

from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

from ui.theme.tokens import FACES, FONT_FAMILIES, TextStyle


def body_font(text_scale: float) -> QFont:
    """What the application is set in: the body style, with figures of equal width."""
    family = first_installed(FONT_FAMILIES)
    font = QFont(family) if family else QFont()
    font.setPixelSize(round(FACES[TextStyle.BODY].px * text_scale))
    font.setWeight(QFont.Weight(FACES[TextStyle.BODY].weight))
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def styled_font(style: TextStyle) -> QFont:
    """The font of `style`, beside the application's own."""
    font = QApplication.font()
    face = FACES[style]
    font.setPixelSize(round(face.px * font.pixelSize() / FACES[TextStyle.BODY].px))
    font.setWeight(QFont.Weight(face.weight))
    return font


def first_installed(families: tuple[str, ...]) -> str | None:
    """The first of `families` that this system has."""
    return next((family for family in families if QFontDatabase.hasFamily(family)), None)
