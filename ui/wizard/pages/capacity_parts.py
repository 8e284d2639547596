"""The parts of the capacity page, each made in a turn of the loop of its own."""

from __future__ import annotations

from collections.abc import Generator
from functools import partial
from typing import NamedTuple, Self

from PySide6.QtCore import QCoreApplication

from ui.theme.theme import Theme
from ui.wizard.page import made_in_turns
from ui.wizard.pages.bandwidth_chart import BandwidthChart
from ui.wizard.pages.capacity_answers import AnswerCard, AnswerRow, VerdictBox
from ui.wizard.pages.capacity_basis import BasisLines, SpaceCard
from ui.wizard.pages.figure_field import FigureField
from ui.wizard.pages.measure_card import MeasureCard


class CapacityParts(NamedTuple):
    verdict: VerdictBox
    answers: AnswerRow
    chart: BandwidthChart
    basis: BasisLines
    space: SpaceCard
    bandwidth: FigureField
    daily_change: FigureField
    growth: FigureField
    first_copy: FigureField
    measure: MeasureCard

    @classmethod
    def in_turns(cls, theme: Theme) -> Generator[None, None, Self]:
        """Make them one after the other."""
        made = yield from made_in_turns(
            partial(VerdictBox, theme),
            partial(_answers, theme),
            partial(BandwidthChart, theme),
            partial(BasisLines, theme),
            partial(SpaceCard, theme),
            partial(
                FigureField,
                theme,
                _tr("Band&width for replication, Mbps"),
                hint=_tr("What the line can spare all day."),
            ),
            partial(FigureField, theme, _tr("&Daily change, % of the disks"), hint=_tr("The planner measures it.")),
            partial(FigureField, theme, _tr("&Growth of the changes, %")),
            partial(FigureField, theme, _tr("First copy w&ithin, hours")),
            partial(MeasureCard, theme, _tr("Measure the line")),
        )
        return cls(*made)


def _answers(theme: Theme) -> AnswerRow:
    titles = (_tr("Bandwidth needed"), _tr("First copy"), _tr("Storage in Azure"), _tr("Cost a month"))
    return AnswerRow(tuple(AnswerCard(theme, title, _tr("estimate")) for title in titles))


def _tr(text: str) -> str:
    return QCoreApplication.translate("CapacityPage", text)
