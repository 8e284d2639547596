"""The parts of the page of step 6 that stand around its table, each made in a turn of the loop of its own."""

from __future__ import annotations

from collections.abc import Generator
from functools import partial
from typing import NamedTuple, Self

from ui.quota.line import QuotaLine
from ui.theme.theme import Theme
from ui.wizard.page import made_in_turns
from ui.wizard.pages.enable_bulk_bar import BulkBar
from ui.wizard.pages.explanation_strip import ExplanationStrip


class EnableParts(NamedTuple):
    bulk_bar: BulkBar
    quota_line: QuotaLine
    strip: ExplanationStrip

    @classmethod
    def in_turns(cls, theme: Theme) -> Generator[None, None, Self]:
        """Make them one after the other."""
        made = yield from made_in_turns(
            partial(BulkBar, theme), partial(QuotaLine, theme), partial(ExplanationStrip, theme, "enable")
        )
        return cls(*made)
