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

from app.domain.policy_presets import PolicyPreset
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


@cache
def built_in_presets() -> tuple[PolicyPreset, ...]:
    """All of them, for whatever limits."""
    return msgspec.convert(tomllib.loads(_text("presets.toml"))["presets"], tuple[PolicyPreset, ...])


def read_policy_data() -> None:
    """Have all of it read, so that the first page that asks need not."""
    cost_figures()
    built_in_presets()


def _text(name: str) -> str:
    return resources.files("resources").joinpath("policies", name).read_text(encoding="utf-8")
