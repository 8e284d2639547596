"""What is said of presets of policies, and of what came of an errand for them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from app.domain.policy_presets import PolicyPreset
from app.domain.policy_rules import PolicyFigures, copy_frequency_text
from app.domain.profiles import PROFILE_MONTHS
from app.domain.rules import Rules
from app.errors import AppError
from ui.theme.tokens import Status
from ui.wizard.requests import DeletePreset, ExportPresets, ImportPresets, RenamePreset, Request, SavePreset


def tr(text: str) -> str:
    return QCoreApplication.translate("Presets", text)


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


def double_problem(name: str, built_in: Iterable[PolicyPreset]) -> str:
    """Why a preset of one's own shall not get that name: nobody could tell the two apart in a list."""
    double = next((preset for preset in built_in if preset.name.casefold() == name.casefold()), None)
    return tr("A built-in preset is called {}. Use another name.").format(double.name) if double is not None else ""


def about_words(preset: PolicyPreset | None) -> str:
    """What the figures that are shown are."""
    if preset is None:
        return tr("Own figures: they are those of no preset.")
    own = tr("Your own preset.") if preset.is_own else ""
    return " ".join(filter(None, (own, preset.why, source_text(preset))))


def outcome_words(request: Request, outcome: object, rules: Rules | None) -> tuple[Status, str] | None:
    """What came of it, in a sentence; None where there is nothing to say."""
    if isinstance(outcome, AppError):
        return Status.CRITICAL, outcome.sentence
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
    told += " " + words.format(name=preset.name, profile=PROFILE_MONTHS[rules.profile], problem=problem)
    if len(unusable) > 1:
        told += " " + tr("Nor can {} more.").format(len(unusable) - 1)
    return Status.WARNING, told
