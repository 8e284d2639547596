"""The one `Theme`: made by the composition root, handed to every part that draws, followed by signal.

Each shared widget takes it as its first argument. There is no global theme: what a widget looks like is what it was
given, so two themes can stand side by side in a test.
"""

from enum import StrEnum

from PySide6.QtCore import QObject, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetrics, QGuiApplication, QIcon, QPainter, QPalette
from PySide6.QtWidgets import QApplication, QToolTip

from ui.theme import system
from ui.theme.fonts import body_font, first_installed, styled_font
from ui.theme.icons import IconDrawer
from ui.theme.palette import build_palette, build_tip_palette
from ui.theme.tokens import DARK, LIGHT, MONOSPACE_FAMILIES, Colors, Role, Status, TextStyle, contrast_colors
from ui.theme.word_sizes import WordSizes

STYLE_ARGUMENTS = ("-style", "Fusion")
"""For the command line of the `QApplication`: the style that lies below what we paint ourselves. `setStyle` would hand
out the style before, for which PySide sets up all that a style can be asked: 9 ms."""


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
        changed: the colours are others now. What is drawn by palette or icon, and every paint event, follows
            without it; a stylesheet, a pixmap or a palette of a widget's own does not.
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
        self.motion = system.wants_motion() if motion is None else motion
        self._colors = LIGHT
        self._inks: dict[Role, QColor] = {}
        self._drawer = IconDrawer(LIGHT)
        self._app.setFont(body_font(system.text_scale()))
        self._fonts = {style: styled_font(style) for style in TextStyle}
        self._sizes = WordSizes(self._fonts)
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
        ink = self._inks.get(role)
        if ink is None:  # asked for many times in each paint event
            ink = self._inks[role] = QColor(self._colors.role(role))
        return ink

    def status_color(self, status: Status) -> QColor:
        """The colour of text or an icon that tells `status`."""
        return self.color(Role(status.value))

    def font(self, style: TextStyle) -> QFont:
        """The font of `style`, the caller's own to change."""
        return QFont(self._fonts[style])

    def metrics(self, style: TextStyle) -> QFontMetrics:
        """How large text in `style` is; not to be changed."""
        return self._sizes.metrics[style]

    def width_of(self, words: str, style: TextStyle) -> int:
        """How wide one line of `words` is."""
        return self._sizes.width_of(words, style)

    def shortened(self, words: str, style: TextStyle, room: int) -> str:
        """As much of `words` as fits into `room`, with an ellipsis if that is not all."""
        return self._sizes.shortened(words, style, room)

    def height_of(self, words: str, style: TextStyle, width: int) -> int:
        """How high `words` are when they are wrapped into `width`. Layouts ask it of the same words many times."""
        return self._sizes.height_of(words, style, width)

    def fixed_font(self) -> QFont:
        """The font of commands and of Azure's own words: every letter equally wide."""
        font = self.font(TextStyle.CAPTION)
        font.setFamily(first_installed(MONOSPACE_FAMILIES) or QFontDatabase.systemFont(_FIXED).family())
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
        self._inks.clear()
        self._app.setPalette(build_palette(colors))
        QToolTip.setPalette(build_tip_palette(colors))
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
