"""The settings a user can change, each declared once: type, default, choices, label and help.

The file and the settings page derive from the declaration. Window places and column widths are not
settings; nor are secrets.
"""

from __future__ import annotations

import logging
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NamedTuple, get_type_hints

from app.domain.profiles import DEFAULT_PROFILE, PROFILE_MONTHS, PROFILES
from app.runtime.kept_file import Aside, Content, FileKind, KeptFile

_log = logging.getLogger(__name__)


class ThemeChoice(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class SettingInfo(NamedTuple):
    """What a settings page shows of one setting. `choices` pairs each value with its label."""

    label: str
    help: str
    choices: tuple[tuple[Any, str], ...]


_PROFILE_CHOICES = tuple((profile, PROFILE_MONTHS[profile]) for profile in PROFILES)


class Settings(NamedTuple):
    theme: Annotated[
        ThemeChoice,
        SettingInfo(
            label="Theme",
            help="High contrast always follows the system.",
            choices=(
                (ThemeChoice.SYSTEM, "As the system"),
                (ThemeChoice.LIGHT, "Light"),
                (ThemeChoice.DARK, "Dark"),
            ),
        ),
    ] = ThemeChoice.SYSTEM
    text_size_percent: Annotated[
        int,
        SettingInfo(
            label="Text size",
            help="In addition to the size the system asks for.",
            choices=((100, "Normal"), (115, "Larger"), (130, "Largest")),
        ),
    ] = 100
    limits: Annotated[
        str,
        SettingInfo(
            label="Support limits",
            help="Microsoft’s documents of different times disagree; machines and choices are judged by one of them.",
            choices=_PROFILE_CHOICES,
        ),
    ] = DEFAULT_PROFILE


def setting_infos() -> dict[str, SettingInfo]:
    """Every setting in the order it is shown."""
    hints = get_type_hints(Settings, include_extras=True)
    return {name: hint.__metadata__[0] for name, hint in hints.items()}


def _first_settings(document: Content) -> Content | None:
    """The first files had a version and no kind."""
    settings = document.get("settings")
    return settings if document.get("version") == 1 and isinstance(settings, dict) else None


KIND = FileKind("site-recovery-desk/settings", headless=_first_settings)
"""A setting that is renamed or means something else from now on needs a migration here, one for each version."""


class SettingsFile:
    """The saved settings. Two programs that change different ones keep each other's."""

    def __init__(self, file: Path) -> None:
        self._file = KeptFile(file, KIND)

    @property
    def asides(self) -> tuple[Aside, ...]:
        """What could not be used, and was set aside."""
        return tuple(self._file.asides)

    def load(self) -> Settings:
        """What is missing, unreadable or no longer offered takes its default, and is logged."""
        return _accepted(self._file.read())

    def change(self, **changes: Any) -> Settings:
        """Save these settings; the others stay as they are in the file by now.

        Raises:
            OSError: it cannot be written.
        """
        settings = Settings()._replace(**changes)  # refuses names that are none
        values = {name: getattr(settings, name) for name in changes}
        return _accepted(self._file.change(lambda content: content | values))


def _accepted(values: Content) -> Settings:
    accepted: dict[str, Any] = {}
    for name, info in setting_infos().items():
        # The declared value rather than the file's, because JSON knows no enumerations.
        offered = [value for value, _ in info.choices if value == values.get(name)]
        if offered:
            accepted[name] = offered[0]
        elif name in values:
            _log.warning("The setting %s cannot be %r; its default applies", name, values[name])
    return Settings(**accepted)
