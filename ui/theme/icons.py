"""Icons by concept and colour role, drawn from the Phosphor font that the QtAwesome package carries.

QtAwesome itself is not imported: that takes 163 ms, since it loads twelve fonts, while its Phosphor font is read in
one. `GLYPHS` is the only place where glyph names stand; everything else asks for a concept.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPixmap, QRawFont

from ui.theme.palette import solid
from ui.theme.tokens import Colors, Role, Status

if TYPE_CHECKING:
    from PySide6.QtGui import QIcon, QIconEngine

GLYPHS = {
    # places
    "overview": "squares-four",
    "replicated_items": "shield-check",
    "not_protected": "shield-slash",
    "jobs": "checks",
    "events": "bell",
    "recovery_plans": "list-numbers",
    "hosts": "desktop-tower",
    "policies": "sliders-horizontal",
    "capacity": "gauge",
    "prerequisites": "clipboard-text",
    "set_up": "path",
    "settings": "gear-six",
    "appearance": "moon",
    # things
    "site": "tree-structure",
    "machine": "desktop",
    "windows": "windows-logo",
    "linux": "terminal-window",
    "practice": "graduation-cap",
    "production": "cloud",
    "subscription": "key",
    "vault": "archive-box",
    "resource_group": "cube",
    "storage": "database",
    "disk": "hard-drive",
    "network": "share-network",
    "key": "key",
    "rights": "identification-badge",
    "commands": "terminal-window",
    "cost": "coin",
    "health": "heartbeat",
    "drill_age": "calendar-check",
    "rpo": "clock-counter-clockwise",
    "read_only": "lock-simple",
    "read_write": "lock-simple-open",
    "fixed": "lock-simple",
    "review": "list-numbers",
    # states
    "ok": "check-circle-fill",
    "warning": "warning-fill",
    "critical": "x-circle-fill",
    "info": "info-fill",
    "running": "arrows-clockwise",
    "waiting": "hand-palm",
    "in_time": "hourglass-medium",
    "paused": "pause-circle-fill",
    "unknown": "question-fill",
    "stale": "clock",
    "neutral": "minus-circle",
    "not_suitable": "prohibit",
    "unreachable": "cloud-slash",
    # actions
    "test_failover": "flask",
    "clean_up": "eraser",
    "planned_failover": "swap",
    "failover": "lightning",
    "fail_back": "arrow-u-up-left",
    "reverse": "shuffle",
    "commit": "flag",
    "resynchronize": "repeat",
    "create": "plus",
    "change": "pencil-simple",
    "start": "play",
    "stop": "stop",
    "remove": "trash",
    "filter": "funnel",
    "columns": "columns",
    "export": "export",
    "print": "printer",
    "import": "download-simple",
    "copy": "copy",
    "open": "folder-open",
    "save": "floppy-disk",
    "refresh": "arrow-clockwise",
    "search": "magnifying-glass",
    "pin": "push-pin",
    "link": "link",
    "speed": "fast-forward",
    "pause": "pause-circle",
    "measure": "gauge",
    "help": "question",
    # parts of controls
    "close": "x",
    "check": "check-bold",
    "partly": "minus-bold",
    "more": "dots-three",
    "unfold": "caret-down",
    "fold": "caret-up",
    "next": "caret-right",
    "back": "arrow-left",
    "show": "eye",
    "hide": "eye-slash",
    "menu": "list",
}

_EM = 256.0
_FONT_PACKAGE = "qtawesome"
_FONT_FILE = "phosphor-1.3.0.ttf"
_CHARMAP_FILE = "phosphor-charmap-1.3.0.json"


class GlyphSource:
    """The outlines of the icon font, one em high, by concept."""

    def __init__(self) -> None:
        spec = find_spec(_FONT_PACKAGE)
        if spec is None or not spec.submodule_search_locations:
            raise FileNotFoundError(f"The package {_FONT_PACKAGE}, which carries the icon font, is not installed")
        fonts = Path(spec.submodule_search_locations[0], "fonts")
        self._charmap = (fonts / _CHARMAP_FILE).read_text(encoding="utf-8")
        self._font = QRawFont(str(fonts / _FONT_FILE), _EM)
        self._outlines: dict[str, QPainterPath] = {}

    def outline(self, concept: str) -> QPainterPath:
        """The outline of `concept` in a square of `_EM`, its top left corner at the origin."""
        if concept not in self._outlines:
            glyph = self._font.glyphIndexesForString(self._character(GLYPHS[concept]))[0]
            self._outlines[concept] = self._font.pathForGlyph(glyph).translated(0, _EM)
        return self._outlines[concept]

    def _character(self, glyph: str) -> str:
        """Looked up in the text of the name table: to parse its six thousand lines takes longer than all drawing."""
        _, found, rest = self._charmap.partition(f'"{glyph}": "0x')
        if not found:
            raise KeyError(f"{_FONT_FILE} has no glyph {glyph}")
        return chr(int(rest[: rest.index('"')], 16))


class IconDrawer:
    """Draws concepts in colours and hands them out as `QIcon`s that follow the theme by themselves.

    A pixmap is kept per concept, size, scale and colour, so that a theme change needs no flush.
    """

    def __init__(self, colors: Colors) -> None:
        self.colors = colors
        self._glyphs = GlyphSource()
        self._pixmaps: dict[tuple[str, int, int, float, int], QPixmap] = {}
        self._icons: dict[tuple[str, Role], QIcon] = {}
        self.copies: list[QIconEngine] = []

    def icon(self, concept: str, role: Role) -> QIcon:
        """An icon for buttons, menus and models."""
        key = (concept, role)
        if key not in self._icons:
            from ui.theme.icon_engine import new_icon  # the first frame has none, and QIcon is slow to load

            self._icons[key] = new_icon(self, concept, role)
        return self._icons[key]

    def paint(self, painter: QPainter, rect: QRect | QRectF, concept: str, color: QColor) -> None:
        """Draw `concept` in the middle of `rect`, as large as its shorter side."""
        side = min(rect.width(), rect.height())
        # Not `painter.device()`: its Python wrapper outlives the backing store or pixmap behind it, and crashes later.
        scale = painter.deviceTransform().m11()
        pixmap = self._pixmap(concept, int(side), int(side), scale, color)
        left = rect.x() + (rect.width() - side) / 2
        top = rect.y() + (rect.height() - side) / 2
        # Whole device pixels, or the thin strokes blur at 125, 150 and 175 %.
        painter.drawPixmap(QPointF(round(left * scale) / scale, round(top * scale) / scale), pixmap)

    def draw(self, concept: str, role: Role, size: QSize, scale: float) -> QPixmap:
        """A pixmap of `size` device-independent pixels at `scale`."""
        return self._pixmap(concept, size.width(), size.height(), scale, self.color(role))

    def color(self, role: Role) -> QColor:
        """The colour that `role` has in the current theme."""
        return QColor(self.colors.role(role))

    def _pixmap(self, concept: str, width: int, height: int, scale: float, color: QColor) -> QPixmap:
        key = (concept, width, height, scale, color.rgba())
        pixmap = self._pixmaps.get(key)
        if pixmap is None:
            pixmap = self._pixmaps[key] = self._render(concept, width, height, scale, color)
        return pixmap

    def _render(self, concept: str, width: int, height: int, scale: float, color: QColor) -> QPixmap:
        pixmap = QPixmap(round(width * scale), round(height * scale))
        pixmap.fill(Qt.GlobalColor.transparent)
        side = min(pixmap.width(), pixmap.height())
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate((pixmap.width() - side) / 2, (pixmap.height() - side) / 2)
        painter.scale(side / _EM, side / _EM)
        painter.fillPath(self._glyphs.outline(concept), solid(color))
        painter.end()
        pixmap.setDevicePixelRatio(scale)
        return pixmap


def status_icon(status: Status) -> str:
    """The concept that stands for `status` beside its word."""
    return status.value
