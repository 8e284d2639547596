"""What is said of presets of policies, and of what came of an errand for them."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from app.domain.policy_presets import PolicyPreset
from app.domain.policy_rules import PolicyFigures, copy_frequency_text
from app.domain.rules import Rules
from app.errors import AppError
from ui.theme.tokens import Status
from ui.wizard.requests import DeletePreset, ExportPresets, ImportPresets, RenamePreset, Request, SavePreset

_LONG_WORD = re.compile(r"(\S{20})(?=\S)")


def tr(text: str) -> str:
    return QCoreApplication.translate("Presets", text)


def breakable(text: str) -> str:
    """The text with places to break in words that are longer than a line may be."""
    return _LONG_WORD.sub("\\1\u200b", text)


def figures_text(figures: PolicyFigures) -> str:
    """`every 5 min, keep 12 h, app-consistent every 4 h`."""
    kept = tr("every {every}, keep {hours} h").format(
        every=copy_frequency_text(figures.copy_frequency_s), hours=f"{figures.retention_h:,}"
    )
    app_h = figures.app_consistent_frequency_h
    app = tr("app-consistent every {} h").format(f"{app_h:,}") if app_h else tr("none app-consistent")
    return f"{kept}, {app}"


def source_text(preset: PolicyPreset) -> str:
    """Where a built-in one comes from; empty for one's own."""
    if preset.source is None:
        return ""
    return tr("Source: {document}, {date}.").format(document=preset.source.document, date=preset.source.month)


def about_words(preset: PolicyPreset | None) -> str:
    """What the figures that are shown are."""
    if preset is None:
        return tr("Own figures: they are those of no preset.")
    return " ".join(filter(None, (preset.why, source_text(preset)))) or figures_text(preset.figures)


def outcome_words(request: Request, outcome: object, rules: Rules | None) -> tuple[Status, str] | None:
    """What came of it, in a sentence; None where there is nothing to say."""
    if isinstance(outcome, AppError):
        return Status.CRITICAL, f"{outcome.title} {outcome.advice}".strip()
    match request:
        case SavePreset() if isinstance(outcome, PolicyPreset):
            return Status.OK, tr("Saved as {}.").format(outcome.name)
        case RenamePreset() if outcome is not None:
            return Status.OK, tr("{0} is called {1} now.").format(request.name, request.to)
        case DeletePreset() if outcome is not None:
            return Status.OK, tr("{} is deleted.").format(request.name)
        case ExportPresets() if isinstance(outcome, Path):
            return Status.OK, tr("Exported to {}.").format(outcome)
        case ImportPresets() if isinstance(outcome, tuple):
            return _imported_words(outcome, rules)
    return None


def _imported_words(presets: tuple[PolicyPreset, ...], rules: Rules | None) -> tuple[Status, str]:
    if len(presets) == 1:
        told = tr("{} is imported.").format(presets[0].name)
    else:
        told = tr("{} presets are imported.").format(len(presets))
    problems = [(preset, preset.problem(rules)) for preset in presets] if rules is not None else []
    unusable = [(preset, problem) for preset, problem in problems if problem]
    if not unusable:
        return Status.OK, told
    preset, problem = unusable[0]
    words = tr("{name} can’t be used with the limits of {profile}: {problem}")
    assert rules is not None
    told += " " + words.format(name=preset.name, profile=rules.profile, problem=problem)
    if len(unusable) > 1:
        told += " " + tr("Nor can {} more.").format(len(unusable) - 1)
    return Status.WARNING, told
