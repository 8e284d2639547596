"""Reads what the program knows of policies beside their limits: built-in presets, and figures for what one costs.

The data lies in `resources/policies`, each table with its source and date; it is read once. Some milliseconds the first
time: whoever opens a connection does it beside the loop.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

import msgspec

from app.domain.source import Source


@dataclass(frozen=True, slots=True)
class LineFigures:
    """From which share of the line on copies are late in busy hours."""

    source: Source
    tight_share: float


@dataclass(frozen=True, slots=True)
class LogFigures:
    """At which share of a disk its log is given up, and the disk is compared anew."""

    source: Source
    resync_percent: int


@dataclass(frozen=True, slots=True)
class CostFigures:
    line: LineFigures
    log: LogFigures


@cache
def cost_figures() -> CostFigures:
    return msgspec.convert(tomllib.loads(_text("cost.toml")), CostFigures)


def _text(name: str) -> str:
    return resources.files("resources").joinpath("policies", name).read_text(encoding="utf-8")
