"""What the system wants of every program: text size, movement, contrast. Asked once or heard of by signal."""

import sys

from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QGuiApplication, QPalette

from ui.theme.tokens import SystemColors

_REMOTE_SESSION_METRIC = 0x1000
_OFF_SCREEN = ("offscreen", "minimal")
_TEXT_SCALE_LEAST, _TEXT_SCALE_MOST = 100, 225


def text_scale() -> float:
    """The system's text size as a factor; Qt applies the display scale alone, not this."""
    if sys.platform != "win32":
        return 1.0
    settings = QSettings(r"HKEY_CURRENT_USER\Software\Microsoft\Accessibility", QSettings.Format.NativeFormat)
    percent = settings.value("TextScaleFactor", _TEXT_SCALE_LEAST)
    if not isinstance(percent, int):
        return 1.0
    return min(max(percent, _TEXT_SCALE_LEAST), _TEXT_SCALE_MOST) / 100


def wants_motion() -> bool:
    """False where nothing is to move: no display, effects turned off, or a remote session."""
    if QGuiApplication.platformName() in _OFF_SCREEN:
        return False
    if sys.platform == "win32":
        import ctypes

        user32 = ctypes.windll.user32
        animated = ctypes.c_int()
        user32.SystemParametersInfoW(0x1042, 0, ctypes.byref(animated), 0)  # SPI_GETCLIENTAREAANIMATION
        return bool(animated.value) and not user32.GetSystemMetrics(_REMOTE_SESSION_METRIC)
    return True


def is_dark() -> bool:
    """True if the system prefers a dark scheme; unknown counts as light."""
    return QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark


def wants_high_contrast() -> bool:
    """True if a high contrast scheme is on."""
    preference = QGuiApplication.styleHints().accessibility().contrastPreference()
    return preference is Qt.ContrastPreference.HighContrast


def colors_of(palette: QPalette) -> SystemColors:
    """The colours of a high contrast scheme, read from the palette that Qt made of it."""

    def name(role: QPalette.ColorRole, group: QPalette.ColorGroup = QPalette.ColorGroup.Active) -> str:
        return palette.color(group, role).name().upper()

    return SystemColors(
        window=name(QPalette.ColorRole.Window),
        window_text=name(QPalette.ColorRole.WindowText),
        highlight=name(QPalette.ColorRole.Highlight),
        highlighted_text=name(QPalette.ColorRole.HighlightedText),
        link=name(QPalette.ColorRole.Link),
        disabled_text=name(QPalette.ColorRole.WindowText, QPalette.ColorGroup.Disabled),
    )
