"""The one `Theme`: made by the composition root, handed to every part that draws, followed by signal.

Each shared widget takes it as its first argument. There is no global theme: what a widget looks like is what it was
given, so two themes can stand side by side in a test.
"""

from enum import StrEnum

from PySide6.QtCore import QObject, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QIcon, QPainter, QPalette
from PySide6.QtWidgets import QApplication

from ui.theme import system
from ui.theme.icons import IconDrawer
from ui.theme.palette import build_palette
from ui.theme.stylesheet import build_stylesheet
from ui.theme.tokens import (
    DARK,
    FACES,
    FONT_FAMILIES,
    LIGHT,
    MONOSPACE_FAMILIES,
    Colors,
    Role,
    Status,
    TextStyle,
    contrast_colors,
)


class Appearance(StrEnum):
    """What the user asked for. `CONTRAST` is also chosen by itself when the system has a high contrast scheme on."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


_FIXED = QFontDatabase.SystemFont.FixedFont
_SCHEMES = {Appearance.LIGHT: Qt.ColorScheme.Light, Appearance.DARK: Qt.ColorScheme.Dark}


class Theme(QObject):
    """Colours, fonts and icons of the moment.

    Signals:
        changed: colours or fonts are others now; whoever paints by hand repaints. Widgets drawn by palette,
            stylesheet or icon follow without it.
    """

    changed = Signal()

    def __init__(
        self,
        app: QApplication,
        appearance: Appearance = Appearance.SYSTEM,
        *,
        motion: bool | None = None,
        contrast_palette: QPalette | None = None,
    ) -> None:
        """Put the look on `app`. `motion` and `contrast_palette` stand in for what the system says."""
        super().__init__(app)
        self._app = app
        self._appearance = appearance
        self._contrast_palette = contrast_palette
        self._text_scale = system.text_scale()
        self.motion = system.wants_motion() if motion is None else motion
        self._colors = LIGHT
        self._drawer = IconDrawer(LIGHT)
        self._app.setStyle("Fusion")
        self._family = _first_installed(FONT_FAMILIES)
        self._tell_system()
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self._on_system_look_changed)
        hints.accessibility().contrastPreferenceChanged.connect(self._on_system_look_changed)
        self._put_on()

    @property
    def appearance(self) -> Appearance:
        """What was asked for, which is not always what is shown."""
        return self._appearance

    @property
    def colors(self) -> Colors:
        """The tokens of the theme that is shown."""
        return self._colors

    def set_appearance(self, appearance: Appearance) -> None:
        """Follow the system, or show one theme whatever the system says."""
        if appearance is not self._appearance:
            self._appearance = appearance
            self._tell_system()
            self._put_on()

    def color(self, role: Role) -> QColor:
        """The colour of text or an icon in `role`."""
        return QColor(self._colors.role(role))

    def status_color(self, status: Status) -> QColor:
        """The colour of text or an icon that tells `status`."""
        return QColor(self._colors.statuses[status].text)

    def font(self, style: TextStyle) -> QFont:
        """The font of `style`, with figures of equal width."""
        face = FACES[style]
        font = QFont(self._family) if self._family else QFont()
        font.setPixelSize(round(face.px * self._text_scale))
        font.setWeight(QFont.Weight(face.weight))
        font.setFeature(QFont.Tag("tnum"), 1)
        return font

    def fixed_font(self) -> QFont:
        """The font of commands and of Azure's own words: every letter equally wide."""
        font = self.font(TextStyle.CAPTION)
        font.setFamily(_first_installed(MONOSPACE_FAMILIES) or QFontDatabase.systemFont(_FIXED).family())
        return font

    def icon(self, concept: str, role: Role = Role.TEXT) -> QIcon:
        """An icon that follows the theme by itself; an unknown concept is a `KeyError` when it is drawn."""
        return self._drawer.icon(concept, role)

    def paint_icon(self, painter: QPainter, rect: QRect | QRectF, concept: str, role: Role | QColor) -> None:
        """Draw an icon in the middle of `rect`, for delegates and painted widgets."""
        color = role if isinstance(role, QColor) else self.color(role)
        self._drawer.paint(painter, rect, concept, color)

    def _on_system_look_changed(self) -> None:
        if self._appearance is Appearance.SYSTEM:
            self._put_on()

    def _tell_system(self) -> None:
        """Have title bar and file dialogs in the same scheme, where the platform can."""
        hints = QGuiApplication.styleHints()
        if self._appearance is Appearance.SYSTEM:
            hints.unsetColorScheme()
        elif self._appearance is not Appearance.CONTRAST:
            hints.setColorScheme(_SCHEMES[self._appearance])

    def _put_on(self) -> None:
        colors = self._choose()
        self._colors = self._drawer.colors = colors
        self._app.setPalette(build_palette(colors))
        self._app.setFont(self.font(TextStyle.BODY))
        self._app.setStyleSheet(build_stylesheet(colors, self._text_scale))
        self.changed.emit()

    def _choose(self) -> Colors:
        wants_contrast = self._appearance is Appearance.SYSTEM and system.wants_high_contrast()
        if self._appearance is Appearance.CONTRAST or wants_contrast:
            return contrast_colors(system.colors_of(self._system_palette()))
        if self._appearance is Appearance.SYSTEM:
            return DARK if system.is_dark() else LIGHT
        return DARK if self._appearance is Appearance.DARK else LIGHT

    def _system_palette(self) -> QPalette:
        if self._contrast_palette is not None:
            return self._contrast_palette
        self._app.setPalette(QPalette())  # an empty palette brings the system's own back, so that it can be read
        return self._app.palette()


def _first_installed(families: tuple[str, ...]) -> str | None:
    installed = set(QFontDatabase.families())
    return next((family for family in families if family in installed), None)
