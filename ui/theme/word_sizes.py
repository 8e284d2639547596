"""How wide words are. Tables, chips and buttons ask the same of the same words at every paint."""

from collections.abc import Mapping
from functools import lru_cache

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics

from ui.theme.tokens import TextStyle

_WRAP = int(Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextShowMnemonic)
_ANY_HEIGHT = 10_000
_KEPT = 4_096
"""More than the cells of a large screen; what falls out is measured anew."""


class WordSizes:
    """Measures words in the fonts it was given, and keeps what it found."""

    def __init__(self, fonts: Mapping[TextStyle, QFont]) -> None:
        self.metrics = {style: QFontMetrics(font) for style, font in fonts.items()}
        self.width_of = lru_cache(_KEPT)(self._width_of)
        self.shortened = lru_cache(_KEPT)(self._shortened)
        self.height_of = lru_cache(_KEPT)(self._height_of)

    def _width_of(self, words: str, style: TextStyle) -> int:
        return self.metrics[style].horizontalAdvance(words)

    def _shortened(self, words: str, style: TextStyle, room: int) -> str:
        return self.metrics[style].elidedText(words, Qt.TextElideMode.ElideRight, room)

    def _height_of(self, words: str, style: TextStyle, width: int) -> int:
        return self.metrics[style].boundingRect(QRect(0, 0, width, _ANY_HEIGHT), _WRAP, words).height()
