"""The parts of the replication settings page, each made in a turn of the loop of its own."""

from __future__ import annotations

from collections.abc import Generator
from functools import partial
from typing import NamedTuple, Self

from ui.theme.theme import Theme
from ui.wizard.page import made_in_turns
from ui.wizard.pages.figures_form import FiguresForm
from ui.wizard.pages.first_copy import FirstCopyField
from ui.wizard.pages.policies_bar import PoliciesBar
from ui.wizard.pages.policy_facts import PolicyFacts
from ui.wizard.pages.policy_side import PolicySide
from ui.wizard.pages.preset_bar import PresetBar


class SettingsParts(NamedTuple):
    bar: PoliciesBar
    form: FiguresForm
    first_copy: FirstCopyField
    facts: PolicyFacts
    presets: PresetBar
    side: PolicySide

    @classmethod
    def in_turns(cls, theme: Theme) -> Generator[None, None, Self]:
        """Make them one after the other."""
        made = yield from made_in_turns(
            partial(PoliciesBar, theme),
            partial(FiguresForm, theme, prefix="settings", has_name=True),
            partial(FirstCopyField, theme),
            partial(PolicyFacts, theme),
            partial(PresetBar, theme),
            partial(PolicySide, theme),
        )
        return cls(*made)
