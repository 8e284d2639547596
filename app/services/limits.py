"""The limits and figures in force for the whole program: the chosen profile, and the files that stand in for its own.

One for all connections. Whoever judges takes `rules` at that moment; whoever shows verdicts subscribes to changes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.config import SettingsFile
from app.domain.differing_rules import DifferingRule, differing_rules
from app.domain.profiles import DEFAULT_PROFILE, PROFILES
from app.domain.rules import Rules
from app.domain.source import Dated, Source
from app.errors import AppError, InvalidInput
from app.rule_files import Kept, RuleFiles, check, reason_of, save_own
from app.rules import LIMITS, assemble, load_rules
from app.services.file_problems import cannot_read, cannot_write

if TYPE_CHECKING:
    from app.rule_check import CheckedFile


@dataclass(frozen=True, slots=True)
class RuleTable:
    """One table of limits or figures as it is in force.

    Attributes:
        source: its main source in the chosen profile.
        is_own: the user's file is used in place of the program's.
        ignored: why a file of the user's is left out; empty where there is none, or it is used.
        file: where the user's file is, or would be.
    """

    name: str
    source: Source
    is_own: bool
    ignored: str
    file: Path


class Limits:
    """Make it, then `load` it once; until then, and without settings and folder, the program's own default is there.

    Attributes:
        profile: the chosen one.
    """

    def __init__(
        self, settings: SettingsFile | None = None, files: RuleFiles | None = None, profile: str = DEFAULT_PROFILE
    ) -> None:
        """`profile` is in force where there are no settings to choose by."""
        self._settings = settings
        self._files = files
        self._kept = Kept()
        self._watchers: list[Callable[[], object]] = []
        self._writing = asyncio.Lock()
        self._profiles: tuple[Rules, ...] = ()
        self.profile = profile

    @property
    def rules(self) -> Rules:
        """Those of the chosen profile."""
        return next(each for each in self.profiles if each.profile == self.profile)

    @property
    def profiles(self) -> tuple[Rules, ...]:
        """The rules of every profile, in order."""
        return self._profiles or tuple(map(load_rules, PROFILES))

    @property
    def ignored(self) -> Mapping[str, str]:
        """Why files of the user's are left out, by their tables."""
        return self._kept.ignored

    @property
    def tables(self) -> tuple[RuleTable, ...]:
        """Every table that can be replaced, in the order in which people look for them."""
        return tuple(self._table(name) for name in LIMITS)

    def differences(self) -> tuple[DifferingRule, ...]:
        """The rules on which the profiles disagree."""
        return differing_rules(self.profiles, LIMITS)

    def subscribe(self, changed: Callable[[], object]) -> Callable[[], None]:
        """Call `changed` whenever other rules are in force, until what is returned is called."""
        self._watchers.append(changed)
        return lambda: self._watchers.remove(changed)

    async def load(self) -> None:
        """Read what is chosen and kept. Never fails: what cannot be used is left out, and `ignored` says why."""
        if self._settings is not None:
            self.profile = (await asyncio.to_thread(self._settings.load)).limits
        self._kept, self._profiles = await asyncio.to_thread(self._read)

    async def choose(self, profile: str) -> None:
        """Judge by this profile from now on.

        Raises:
            AppError: the choice cannot be saved; it holds until the program ends.
        """
        if profile not in PROFILES:
            raise InvalidInput("Limits", f"There are no limits called {profile}", f"Choose {', '.join(PROFILES)}.")
        self.profile = profile
        self._tell()
        if self._settings is None:
            return
        try:
            await asyncio.to_thread(self._settings.change, limits=profile)
        except OSError as error:
            advice = f"It holds until the program ends. Settings can’t be written: {error.strerror or error}."
            raise AppError("LimitsNotSaved", "The choice of limits can’t be saved", advice) from error

    async def look_at(self, table: str, path: Path) -> CheckedFile:
        """Read and judge a file that is to stand in for a table; nothing changes yet.

        Raises:
            InvalidInput: it cannot be used; the advice says where and why.
        """
        try:
            return await asyncio.to_thread(check, table, path)
        except (OSError, ValueError) as error:
            title = f"{path.name} can’t be used; the limits in force stay as they are"
            details = "\n".join(str(each) for each in getattr(error, "problems", ()))
            why = cannot_read("The file", path, error).advice if isinstance(error, OSError) else reason_of(error)
            raise InvalidInput("RuleFile", title, why, details=details) from error

    async def replace(self, checked: CheckedFile) -> None:
        """Use this file in place of the program's own from now on.

        Raises:
            AppError: it cannot be kept; what was in force stays.
        """
        await self._change(lambda files: files.keep(checked))

    async def restore(self, table: str) -> None:
        """Use the program's own table again, and remove the kept file.

        Raises:
            AppError: it cannot be removed.
        """
        await self._change(lambda files: files.restore(table))

    async def save_own(self, table: str, path: Path) -> None:
        """Write the program's own file, for somebody to begin with.

        Raises:
            AppError: it cannot be written there.
        """
        try:
            await asyncio.to_thread(save_own, table, path)
        except OSError as error:
            raise _not_written(path, error) from error

    async def _change(self, change: Callable[[RuleFiles], None]) -> None:
        files = self._files
        if files is None:
            raise AppError("NoFolder", "There is no folder to keep limits in", "Nothing was changed.")
        async with self._writing:
            try:
                await asyncio.to_thread(change, files)
            except OSError as error:
                raise _not_written(files.folder / "kept", error) from error
            self._kept, self._profiles = await asyncio.to_thread(self._read)
        self._tell()

    def _read(self) -> tuple[Kept, tuple[Rules, ...]]:
        kept = self._files.read() if self._files is not None else Kept()
        if not kept.used:
            return kept, tuple(map(load_rules, PROFILES))
        contents = {name: each.content for name, each in kept.used.items()}
        return kept, tuple(assemble(profile, contents) for profile in PROFILES)

    def _table(self, name: str) -> RuleTable:
        table = getattr(self.rules, name)
        assert isinstance(table, Dated)
        file = self._files.path(name) if self._files is not None else Path()
        return RuleTable(name, table.source, name in self._kept.used, self._kept.ignored.get(name, ""), file)

    def _tell(self) -> None:
        for watcher in tuple(self._watchers):
            watcher()


def _not_written(place: Path, error: OSError) -> AppError:
    problem = cannot_write("The file", place, error)
    return AppError("RuleFileNotWritten", problem.title, problem.advice, retryable=True)
