"""What is asked for presets of policies: keeping, renaming, deleting them, and files of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication

from app.domain.policy_presets import PolicyPreset
from app.runtime.progress import Report
from app.services.policy_preset_file import SUFFIX
from ui.asking import Asking, Question
from ui.notices import NoticeHub
from ui.set_aside import tell_set_aside
from ui.theme.tokens import Status
from ui.widgets.labels import breakable
from ui.wizard.controller import SetUpController
from ui.wizard.pages.preset_words import figures_text
from ui.wizard.requests import DeletePreset, ExportPresets, ImportPresets, RenamePreset, Request, SavePreset

_SHOWN = 6

Work = Callable[[Report], Awaitable[Any]]


def _tr(text: str) -> str:
    return QCoreApplication.translate("PresetErrands", text)


class PresetErrands:
    """The work behind each request; how it is started, told and ended is the errands' own matter."""

    def __init__(self, controller: SetUpController, notices: NoticeHub, asking: Asking) -> None:
        self._controller = controller
        self._presets = controller.services.presets
        self._notices = notices
        self._asking = asking
        self._tell_set_aside()

    def work_for(self, request: Request, tell: Callable[[object], object]) -> tuple[str, str, Work, bool] | None:
        """What it is known by, what it does in words, the work, and whether a second press joins the first."""
        match request:
            case SavePreset(preset):
                return "preset", _tr("Saving the preset"), lambda report: self._save(preset), False
            case RenamePreset(name, to):
                return "preset", _tr("Renaming the preset"), lambda report: self._rename(name, to), False
            case DeletePreset(name):
                return "preset", _tr("Deleting the preset"), lambda report: self._delete(name), False
            case ExportPresets(presets):
                return "preset_file", _tr("Exporting presets"), lambda report: self._export(presets), False
            case ImportPresets(path):
                return "preset_file", _tr("Importing presets"), lambda report: self._import(path), False
        return None

    def settle(self, request: Request, result: Any) -> object:
        """Have the set-up know what came of it; what the page is answered."""
        self._tell_set_aside()
        if not isinstance(request, ExportPresets) and result is not None:
            self._controller.look_anew()
        return result

    async def _save(self, preset: PolicyPreset) -> PolicyPreset | None:
        await self._presets.load()  # another window may have changed some
        existing = self._presets.existing((preset,))
        if existing and not await self._may_replace((preset,), existing):
            return None
        await self._presets.save(preset, replace=bool(existing))
        return preset

    async def _rename(self, name: str, to: str) -> str:
        await self._presets.rename(name, to)
        return to

    async def _delete(self, name: str) -> str:
        await self._presets.delete(name)
        return name

    async def _export(self, presets: tuple[PolicyPreset, ...]) -> Path | None:
        first = presets[0].name if len(presets) == 1 else _tr("Policy presets")
        path = await self._asking.save_file(_tr("Export presets"), f"{_file_stem(first)}{SUFFIX}", _kinds())
        if path is not None:
            await self._presets.export(path, presets)
        return path

    async def _import(self, path: Path | None) -> tuple[PolicyPreset, ...] | None:
        if path is None:
            path = await self._asking.open_file(_tr("Import presets"), f"{_kinds()};;{_tr('All files (*)')}")
        if path is None:
            return None
        presets = await self._presets.read_file(path)
        await self._presets.load()
        existing = self._presets.existing(presets)
        if existing and not await self._may_replace(presets, existing):
            return None
        await self._presets.take(presets, replaced=tuple(preset.name for preset in existing))
        return presets

    async def _may_replace(self, presets: Sequence[PolicyPreset], existing: Sequence[PolicyPreset]) -> bool:
        """`existing` are those of `presets` whose names are taken."""
        title = _tr("Replace the preset?") if len(existing) == 1 else _tr("Replace {} presets?").format(len(existing))
        kept = {preset.name.casefold(): preset for preset in self._presets.all()}
        words = _tr("{name}\nnow: {old}\nthen: {new}")
        effects = [
            (
                Status.WARNING,
                words.format(
                    name=breakable(new.name),
                    old=figures_text(kept[new.name.casefold()].figures),
                    new=figures_text(new.figures),
                ),
            )
            for new in existing
            if new.name.casefold() in kept
        ]
        if len(effects) > _SHOWN:
            effects[_SHOWN:] = [(Status.WARNING, _tr("And {} more.").format(len(effects) - _SHOWN))]
        text = _tr("The name is taken. Cancel changes nothing.")
        if len(presets) > 1:
            taken = _tr("A name is taken.") if len(existing) == 1 else _tr("These names are taken.")
            text = f"{taken} {_tr('Cancel takes in none of the file’s {} presets.').format(len(presets))}"
        return await self._asking.confirm(Question(title, text, _tr("Replace"), tuple(effects)))

    def _tell_set_aside(self) -> None:
        tell_set_aside(self._notices, _tr("your policy presets"), self._presets.asides)


def _kinds() -> str:
    return _tr("Policy presets (*{})").format(SUFFIX)


def _file_stem(name: str) -> str:
    """A name that files can have on every system."""
    plain = "".join(sign if sign.isalnum() or sign in " -_" else "-" for sign in name).strip(" -")
    return plain or _tr("Policy preset")
