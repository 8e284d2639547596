"""The theme follows what was asked for, and everything drawn from it follows the theme."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QFontMetricsF, QIcon, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from tests.support.waiting import until
from ui.theme.fonts import body_font, styled_font
from ui.theme.icons import GLYPHS
from ui.theme.palette import BORDER, CARD, CHROME, CONTENT, DIVIDER, RAISED, TEXT_PLACES, WELL, build_palette
from ui.theme.theme import Appearance, Theme
from ui.theme.tokens import DARK, FACES, LIGHT, Role, TextStyle
from ui.widgets.card import Card
from ui.widgets.labels import Text
from ui.widgets.surface import horizontal_line

UI = Path(__file__).parents[2] / "ui"


@pytest.fixture
def changing(theme: Theme):
    """The shared theme, back to what it was after the test."""
    yield theme
    theme.set_appearance(Appearance.LIGHT)


def darkest(theme: Theme, concept: str, scale: float = 1.0) -> QColor:
    image = theme.icon(concept).pixmap(QSize(16, 16), scale).toImage()
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return max(pixels, key=lambda color: color.alpha())


def test_palette_and_tokens_follow_the_appearance(changing: Theme, qapp: QApplication) -> None:
    changing.set_appearance(Appearance.DARK)
    assert changing.colors is DARK
    assert qapp.palette().color(QPalette.ColorRole.Base) == QColor(DARK.card)
    changing.set_appearance(Appearance.LIGHT)
    assert changing.colors is LIGHT
    assert qapp.palette().color(QPalette.ColorRole.Base) == QColor(LIGHT.card)


def test_change_is_told_once(changing: Theme, qtbot) -> None:
    told = []
    changing.changed.connect(lambda: told.append(changing.colors.dark))
    changing.set_appearance(Appearance.DARK)
    changing.set_appearance(Appearance.DARK)
    assert told == [True]


def test_icon_already_given_out_follows_the_theme(changing: Theme) -> None:
    icon = changing.icon("ok", Role.TEXT)
    before = icon.pixmap(16, 16).toImage()
    changing.set_appearance(Appearance.DARK)
    assert icon.pixmap(16, 16).toImage() != before
    assert darkest(changing, "ok").rgb() == QColor(DARK.text).rgb()


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_icons_are_as_large_as_the_scale_says(theme: Theme, scale: float) -> None:
    pixmap = theme.icon("warning", Role.WARNING).pixmap(QSize(16, 16), scale)
    assert pixmap.size() == QSize(round(16 * scale), round(16 * scale))
    assert pixmap.devicePixelRatio() == scale


def test_icon_that_somebody_adds_to_stays_alive(theme: Theme) -> None:
    for _ in range(50):
        changed = QIcon(theme.icon("ok"))
        changed.addPixmap(QPixmap(8, 8))
        assert changed.pixmap(16, 16).width() == 16


def test_every_concept_has_a_drawing(theme: Theme) -> None:
    empty = [concept for concept in GLYPHS if darkest(theme, concept).alpha() < 64]
    assert empty == []


def test_icons_do_without_importing_their_package() -> None:
    code = (
        "import sys; from PySide6.QtGui import QGuiApplication; app = QGuiApplication([]);"
        "from ui.theme.icons import GlyphSource; GlyphSource().outline('ok'); print('qtawesome' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "False", done.stderr


def test_figures_have_equal_widths_where_the_face_can(theme: Theme) -> None:
    metrics = QFontMetricsF(theme.font(TextStyle.BODY))
    assert metrics.horizontalAdvance("1111") == metrics.horizontalAdvance("8888")


def test_text_scale_of_the_system_enlarges_every_size(qapp: QApplication) -> None:
    before = qapp.font()
    sizes = {}
    for scale in (1.0, 2.0):
        qapp.setFont(body_font(scale))
        sizes[scale] = {style: styled_font(style).pixelSize() for style in TextStyle}
    qapp.setFont(before)
    assert sizes[1.0] == {style: FACES[style].px for style in TextStyle}
    assert sizes[2.0] == {style: 2 * FACES[style].px for style in TextStyle}


def test_the_application_wears_no_stylesheet(theme: Theme, qapp: QApplication) -> None:
    """With one, each change of the look and each new widget costs a match of every rule."""
    assert qapp.styleSheet() == ""


@pytest.mark.parametrize("appearance", [Appearance.LIGHT, Appearance.DARK])
def test_the_palette_carries_each_token_at_a_place_of_its_own(changing: Theme, appearance: Appearance) -> None:
    changing.set_appearance(appearance)
    palette, colors = build_palette(changing.colors), changing.colors
    for role, place in TEXT_PLACES.items():
        assert palette.color(place).name().upper() == colors.role(role)
    grounds = {CONTENT: "content", CARD: "card", WELL: "well", RAISED: "raised", CHROME: "chrome"}
    lines = {BORDER: "border", DIVIDER: "divider"}
    for place, token in (grounds | lines).items():
        assert palette.color(place).name().upper() == getattr(colors, token)
    places = [*TEXT_PLACES.values(), *grounds, *lines]
    assert len(set(places)) == len(places)


async def test_labels_cards_and_lines_follow_the_look(
    changing: Theme, shown: Callable[[QWidget], Awaitable[None]]
) -> None:
    card = Card("Hosts")
    words = Text("words", role=Role.TEXT2)
    line = horizontal_line()
    for part in (words, line):
        card.body.addWidget(part)
    await shown(card)
    for appearance, colors in ((Appearance.DARK, DARK), (Appearance.LIGHT, LIGHT)):
        changing.set_appearance(appearance)
        await until(lambda ink=colors.text2: words.palette().color(words.foregroundRole()).name().upper() == ink)
        picture = card.grab().toImage()
        assert picture.pixelColor(card.width() // 2, card.height() - 4).name().upper() == colors.card
        assert picture.pixelColor(card.width() // 2, 0).name().upper() == colors.border
        assert line.grab().toImage().pixelColor(1, 0).name().upper() == colors.divider


def test_high_contrast_takes_the_colours_of_the_system(changing: Theme) -> None:
    changing.set_appearance(Appearance.CONTRAST)
    colors = changing.colors
    assert colors.high_contrast
    assert colors.card == colors.chrome == colors.content


def test_commands_are_set_in_a_face_of_equal_widths(theme: Theme) -> None:
    metrics = QFontMetricsF(theme.fixed_font())
    assert metrics.horizontalAdvance("iiii") == metrics.horizontalAdvance("WWWW")


def test_colours_stand_in_the_theme_alone() -> None:
    """A colour written elsewhere would stay what it is in dark and high contrast."""
    literal = re.compile(r"#[0-9A-Fa-f]{6}\b|QColor\(\s*\d|Qt\.GlobalColor\.(?!transparent)")
    found = [
        f"{path.relative_to(UI)}: {line.strip()}"
        for path in UI.rglob("*.py")
        if "theme" not in path.relative_to(UI).parts
        for line in path.read_text(encoding="utf-8").splitlines()
        if literal.search(line)
    ]
    assert found == []
