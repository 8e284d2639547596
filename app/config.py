"""The settings a user can change, each declared once: type, default, choices, label and help.

The file, its migration and the settings page derive from the declaration. Window places and column widths are not
settings; nor are secrets.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NamedTuple, get_type_hints

from app.paths import make_private_folder

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


def setting_infos() -> dict[str, SettingInfo]:
    """Every setting in the order it is shown."""
    hints = get_type_hints(Settings, include_extras=True)
    return {name: hint.__metadata__[0] for name, hint in hints.items()}


# One function per file version that has been left behind: the values of version 1 to those of version 2, and so on.
_MIGRATIONS: tuple[Callable[[dict[str, Any]], dict[str, Any]], ...] = ()
FILE_VERSION = len(_MIGRATIONS) + 1


def load_settings(file: Path) -> Settings:
    """The saved settings. What is missing, unreadable or no longer offered takes its default, and is logged."""
    try:
        text = file.read_text(encoding="utf-8")
        import json  # once there is something to read: the window of a first start shows without it

        document = json.loads(text)
        version, values = int(document["version"]), dict(document["settings"])
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError, TypeError, KeyError):
        _log.warning("The settings in %s cannot be read; the defaults apply", file, exc_info=True)
        return Settings()
    for migrate in _MIGRATIONS[max(version, 1) - 1 :]:
        values = migrate(values)
    accepted: dict[str, Any] = {}
    for name, info in setting_infos().items():
        # The declared value rather than the file's, because JSON knows no enumerations.
        offered = [value for value, _ in info.choices if value == values.get(name)]
        if offered:
            accepted[name] = offered[0]
        elif name in values:
            _log.warning("The setting %s cannot be %r; its default applies", name, values[name])
    return Settings(**accepted)


def save_settings(file: Path, settings: Settings) -> None:
    """Write all settings, replacing the file in one step so that a crash leaves the old or the new one.

    Raises:
        OSError: the folder cannot be written.
    """
    import json

    make_private_folder(file.parent)
    text = json.dumps({"version": FILE_VERSION, "settings": settings._asdict()}, indent=2) + "\n"
    draft = file.with_suffix(".new")
    draft.write_text(text, encoding="utf-8")
    draft.replace(file)
