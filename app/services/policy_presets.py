"""The user's own presets of policies: one file for all connections, and files to hand on.

Two programs side by side keep each other's. A file that cannot be used is set aside, never written over, and told.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path

from app.domain.policy_presets import PolicyPreset, name_problem
from app.errors import AppError, Conflict, FieldProblem, InvalidInput, NotFound
from app.runtime.kept_file import Aside, Content, FileKind, KeptFile
from app.runtime.whole_file import write_whole
from app.services.file_problems import cannot_read, cannot_write
from app.services.policy_preset_file import (
    MAX_BYTES,
    MOST_PRESETS,
    PresetFileRefusal,
    preset_bytes,
    preset_fields,
    preset_of,
    read_presets,
)

KIND = FileKind("site-recovery-desk/own-policy-presets")

_log = logging.getLogger(__name__)


class PolicyPresets:
    """A `file` of None keeps them in memory. Names differ by more than upper and lower case."""

    def __init__(self, file: Path | None) -> None:
        self._file = KeptFile(file, KIND) if file is not None else None
        self._content: Content = {}
        self._all: tuple[PolicyPreset, ...] = ()
        self._lock = asyncio.Lock()

    @property
    def asides(self) -> tuple[Aside, ...]:
        """What could not be used, and was set aside."""
        return tuple(self._file.asides) if self._file is not None else ()

    def all(self) -> tuple[PolicyPreset, ...]:
        """Those known now, by name. The same value as long as nothing changes."""
        return self._all

    async def load(self) -> tuple[PolicyPreset, ...]:
        """Read what is kept; what other programs kept meanwhile comes with it."""
        if self._file is not None:
            async with self._lock:
                self._know(await asyncio.to_thread(self._file.read))
        return self._all

    async def save(self, preset: PolicyPreset, *, replace: bool = False) -> None:
        """Keep it.

        Raises:
            Conflict: there is one of that name, and `replace` does not say to lose it.
            InvalidInput: its name is none.
            AppError: it cannot be kept.
        """
        _check_name(preset.name)
        await self.take((preset,), replaced=(preset.name,) if replace else ())

    async def take(self, presets: Sequence[PolicyPreset], *, replaced: Collection[str] = ()) -> None:
        """Keep them all, or none.

        Raises:
            Conflict: there is one of a name that is not among `replaced`.
            AppError: they cannot be kept.
        """
        may_go = {name.casefold() for name in replaced}

        def change(content: Content) -> Content:
            for preset in presets:
                key = preset.name.casefold()
                if key in content and key not in may_go and not _is_same(content[key], preset):
                    raise _taken(preset.name)
            return _small_enough(content | {preset.name.casefold(): preset_fields(preset) for preset in presets})

        await self._change(change)

    async def rename(self, name: str, to: str) -> None:
        """Call it something else.

        Raises:
            NotFound: it is gone.
            Conflict: another one has that name.
            InvalidInput: the name is none.
            AppError: it cannot be kept.
        """
        _check_name(to)
        old, new = name.casefold(), to.casefold()

        def change(content: Content) -> Content:
            if old not in content:
                raise _gone(name)
            if new != old and new in content:
                raise _taken(to)
            rest = {key: value for key, value in content.items() if key != old}
            return rest | {new: content[old] | {"name": to}}

        await self._change(change)

    async def delete(self, name: str) -> None:
        """Forget it. One that is gone already is no error.

        Raises:
            AppError: the file cannot be changed.
        """
        await self._change(lambda content: {key: value for key, value in content.items() if key != name.casefold()})

    async def export(self, path: Path, presets: Iterable[PolicyPreset]) -> None:
        """Write these into a file of their own, in place of what is there.

        Raises:
            InvalidInput: it cannot be written there; says why.
        """
        data = preset_bytes(presets)
        try:
            await asyncio.to_thread(write_whole, path, data)
        except OSError as error:
            raise cannot_write(path.name, path, error) from error

    async def read_file(self, path: Path) -> tuple[PolicyPreset, ...]:
        """What is in a file that somebody exported. Nothing is kept of it yet.

        Raises:
            InvalidInput: it cannot be read, or is no such file; says where and why.
        """
        try:
            data = await asyncio.to_thread(_read_some, path)
            return await asyncio.to_thread(read_presets, data)
        except OSError as error:
            raise cannot_read(path.name, path, error) from error
        except PresetFileRefusal as error:
            where = f"{path.name}, {error.place}" if error.place else path.name
            raise InvalidInput(
                "PresetFileInvalid",
                f"{where}: {error.reason}",
                "Nothing was imported.",
                problems=(FieldProblem(error.place or "file", error.reason),),
            ) from error

    def existing(self, presets: Iterable[PolicyPreset]) -> tuple[PolicyPreset, ...]:
        """Those of `presets` whose name one with other figures or words has already."""
        known = {preset.name.casefold(): preset for preset in self._all}
        return tuple(
            preset for preset in presets if (kept := known.get(preset.name.casefold())) is not None and kept != preset
        )

    async def _change(self, change: Callable[[Content], Content]) -> None:
        async with self._lock:
            if self._file is None:
                self._know(change(dict(self._content)))
                return
            try:
                self._know(await asyncio.to_thread(self._file.change, change))
            except OSError as error:
                raise _not_kept(self._file.path, error) from error

    def _know(self, content: Content) -> None:
        self._content = content
        self._all = tuple(sorted(_read(content), key=lambda preset: preset.name.casefold()))


def _read(content: Content) -> list[PolicyPreset]:
    """One that cannot be read is left out and logged, and stays in the file."""
    found: list[PolicyPreset] = []
    for key, entry in content.items():
        try:
            preset = preset_of(entry, key, found)
            if preset.name.casefold() == key:  # else it could be neither replaced nor deleted by its name
                found.append(preset)
        except PresetFileRefusal as error:
            _log.warning("A preset of policies cannot be read: %s", error.reason)
    return found


def _read_some(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(MAX_BYTES + 1)


def _is_same(entry: object, preset: PolicyPreset) -> bool:
    return entry == preset_fields(preset)


def _small_enough(content: Content) -> Content:
    if len(content) > MOST_PRESETS:
        raise InvalidInput(
            "TooManyPresets",
            f"That would be {len(content):,} presets; {MOST_PRESETS} can be kept.",
            "Delete some that are not needed any more. Nothing was changed.",
        )
    return content


def _check_name(name: str) -> None:
    problem = name_problem(name)
    if problem:
        raise InvalidInput("PresetName", problem, problems=(FieldProblem("name", problem),))


def _taken(name: str) -> Conflict:
    return Conflict("PresetExists", f"There is a preset {name} already.", "Type another name, or replace it.")


def _gone(name: str) -> NotFound:
    return NotFound("PresetGone", f"There is no preset {name} any more.", "Another window has deleted or renamed it.")


def _not_kept(file: Path, error: OSError) -> AppError:
    reason = (error.strerror or str(error) or "unknown").rstrip(".").lower()
    return AppError(
        "PresetsNotKept",
        f"The presets can’t be changed: {reason}.",
        f"Make room, or give this program the right to write to {file.parent}. Nothing was changed.",
        retryable=True,
    )
