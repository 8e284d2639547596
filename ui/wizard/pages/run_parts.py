"""The parts of the page of the run that stand around its table, each made in a turn of the loop of its own."""

from __future__ import annotations

from collections.abc import Generator
from functools import partial
from typing import NamedTuple, Self

from ui.theme.theme import Theme
from ui.widgets.progress_line import ProgressLine
from ui.wizard.page import made_in_turns
from ui.wizard.pages.explanation_strip import ExplanationStrip


class RunParts(NamedTuple):
    progress: ProgressLine
    strip: ExplanationStrip

    @classmethod
    def in_turns(cls, theme: Theme) -> Generator[None, None, Self]:
        """Make them one after the other."""
        made = yield from made_in_turns(partial(ProgressLine, theme), partial(ExplanationStrip, theme, "run"))
        return cls(*made)
