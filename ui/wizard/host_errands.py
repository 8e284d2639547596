"""What the source page asks for: keys, scripts, the installer, readiness files, and hosts that register in practice."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from app.domain.arm_id import ArmId
from app.domain.fabric import Fabric
from app.domain.host_set_up import HostSetUp
from app.domain.installer import Downloaded, Unfinished
from app.domain.practice import HostRun
from app.domain.readiness_file import Imported
from app.domain.registration_key import SUFFIX as KEY_SUFFIX
from app.domain.registration_key import RegistrationKey
from app.errors import InvalidInput, NotFound
from app.flows.host_scripts import HostScript, ScriptPlace, host_scripts
from app.flows.host_scripts.readiness import readiness_script
from app.runtime.progress import Report
from app.services.script_files import save_all, save_one
from ui.asking import Asking, Question
from ui.wizard.controller import SetUpController
from ui.wizard.reading import Reading
from ui.wizard.requests import (
    DownloadBegun,
    DownloadProvider,
    DownloadState,
    ForgetReadiness,
    ImportReadiness,
    LookAtKey,
    MakeKey,
    PauseDownload,
    PrepareScripts,
    ReadDownload,
    RegisterHost,
    Request,
    RunScript,
    SaveHostScripts,
    SaveKeyDate,
    SaveScripts,
    StopDownload,
    WriteReadiness,
)

_LOOK_AGAIN_S = 5.0

Work = Callable[[Report], Awaitable[Any]]
Tell = Callable[[object], object]


class HostErrands:
    """The work behind each request; how it is started, told and ended is the errands' own matter."""

    def __init__(self, controller: SetUpController, asking: Asking, tr: Callable[[str], str]) -> None:
        self._controller = controller
        self._services = controller.services
        self._asking = asking
        self._tr = tr

    def work_for(self, request: Request, tell: Tell) -> tuple[str, str, Work, bool] | None:
        """What it is known by, what it does in words, the work, and whether a second press joins the first.

        None where the request is somebody else's. `tell` says how far it is, beside what the work reports.
        """
        tr = self._tr
        match request:
            case RegisterHost(site):
                return "host", tr("Waiting for the host to register"), lambda report: self._register(site), True
            case RunScript():
                doing = tr("{} runs the script").format(request.host)
                return f"script {request.host}", doing, lambda report: self._run_script(request), True
            case WriteReadiness():
                doing = tr("Letting the practice hosts tell of themselves")
                return "write_readiness", doing, lambda report: self._write_readiness(), False
            case MakeKey():
                return "key", tr("Making the registration key"), partial(self._make_key, request), True
            case LookAtKey(site):
                return "look_at_key", tr("Looking at the key file"), lambda report: self._look_at_key(site), False
            case SaveKeyDate(site):
                return "key_date", tr("Saving the calendar entry"), lambda report: self._save_key_date(site), False
            case SaveScripts(scripts):
                return "scripts", tr("Saving the script"), lambda report: self._save_scripts(scripts), False
            case PrepareScripts():
                return "prepare_scripts", tr("Reading the scripts"), lambda report: self._prepare_scripts(), True
            case SaveHostScripts():
                return "scripts", tr("Saving the scripts"), lambda report: self._save_host_scripts(request), False
            case ImportReadiness(paths):
                return "readiness", tr("Reading readiness files"), partial(self._import, paths), False
            case ForgetReadiness(host):
                return "forget", tr("Removing the report of {}").format(host), lambda report: self._forget(host), False
            case ReadDownload():
                doing = tr("Looking for a download to go on with")
                return "download_state", doing, lambda report: self._read_download(), False
            case DownloadProvider(path):
                return "download", tr("Downloading the installer"), partial(self._download, path, tell), True
            case PauseDownload():
                return "download_end", tr("Putting the download away"), lambda report: self._pause_download(), False
            case StopDownload(path):
                return "download_end", tr("Removing what has arrived"), lambda report: self._stop_download(path), False
        return None

    def settle(self, request: Request, result: Any) -> object:
        """Have the set-up know what came of it; what the page is answered."""
        match request:
            case RegisterHost() | RunScript():
                outcome, reading = result
                self._controller.take_reading(reading)
                return outcome
            case MakeKey():
                self._controller.look_anew()
            case ImportReadiness() | ForgetReadiness():
                self._controller.look_anew()
        return result

    def _site(self, name: str) -> Fabric:
        site = self._controller.flow.context.estate.site(name)
        if site is None:
            raise NotFound("no_such_site", f"There is no Hyper-V site {name} any more.", "Choose another site.")
        return site

    # Keys and scripts

    async def _make_key(self, request: MakeKey, report: Report) -> RegistrationKey | None:
        site, keys = self._site(request.site), self._services.keys
        kinds = self._tr("Registration keys (*{})").format(KEY_SUFFIX)
        path = await self._asking.save_file(self._tr("Save the registration key"), keys.suggested_name(site), kinds)
        if path is None:
            return None
        return await keys.make(site, path, way=request.way, report=report)

    async def _look_at_key(self, site_name: str) -> RegistrationKey | None:
        kinds = self._tr("Registration keys (*{});;All files (*)").format(KEY_SUFFIX)
        path = await self._asking.open_file(self._tr("Choose a registration key"), kinds)
        return None if path is None else await self._services.keys.read_file(path, self._site(site_name))

    async def _save_key_date(self, site_name: str) -> Path | None:
        key = self._services.keys.known(self._site(site_name))
        if key is None:
            raise NotFound("no_key", "No key was made here for this site.", "Make one first.")
        suggested = Path(key.path.stem).name + ".ics"
        path = await self._asking.save_file(
            self._tr("Save the calendar entry"), suggested, self._tr("Calendar entries (*.ics)")
        )
        if path is None:
            return None
        await asyncio.to_thread(save_one, path, self._services.keys.calendar_entry(key))
        return path

    async def _save_scripts(self, scripts: tuple[HostScript, ...]) -> tuple[Path, ...] | None:
        if len(scripts) > 1:
            return await self._save_into_folder(scripts)
        (script,) = scripts
        kinds = self._tr("PowerShell scripts (*.ps1)")
        path = await self._asking.save_file(script.title, script.file_name, kinds)
        if path is None:
            return None
        await asyncio.to_thread(save_one, path, script.data)
        return (path,)

    async def _prepare_scripts(self) -> None:
        """Makes one of each kind and forgets them; the templates stay."""
        rules = self._services.rules
        some, place = HostSetUp(names=("first", "second")), ScriptPlace("vault", "site")
        await asyncio.to_thread(host_scripts, some, place, rules)
        await asyncio.to_thread(readiness_script, rules.hosts)

    async def _save_host_scripts(self, request: SaveHostScripts) -> tuple[Path, ...] | None:
        """A script for each host, made beside the loop: sixty of them take a quarter of a second."""
        rules = self._services.rules
        scripts = await asyncio.to_thread(host_scripts, request.hosts, request.place, rules)
        return await self._save_into_folder(scripts)

    async def _save_into_folder(self, scripts: tuple[HostScript, ...]) -> tuple[Path, ...] | None:
        folder = await self._asking.open_folder(self._tr("Save the scripts in"))
        if folder is None:
            return None
        taken = await asyncio.to_thread(lambda: [each for each in scripts if (folder / each.file_name).exists()])
        if taken:
            question = Question(
                self._tr("Replace {} files?").format(len(taken)),
                self._tr("{0} lies in {1} already.").format(taken[0].file_name, folder),
                self._tr("Replace"),
            )
            if not await self._asking.confirm(question):
                return None
        return await asyncio.to_thread(save_all, folder, {each.file_name: each.data for each in scripts})

    # Hosts of the practice vault

    async def _register(self, site_name: str) -> tuple[str, Reading]:
        practice, site = self._services.practice, self._site(site_name)
        if practice is None:
            raise NotFound("no_practice", "This is no practice vault.", "Run setup on the host itself.")
        host = await practice.register_host(site.id)
        await self._wait_for_host(site.id.up_to("vaults"), host)
        return host, await self._controller.read()

    async def _run_script(self, request: RunScript) -> tuple[HostRun, Reading]:
        practice, site = self._services.practice, self._site(request.site)
        key = self._services.keys.known(site)
        if practice is None:
            raise NotFound("no_practice", "This is no practice vault.", "Run setup on the host itself.")
        if key is None:
            raise InvalidInput("no_key", "The script finds no key.", "Make one in step 2, and save it.")
        run = await practice.run_script(site.id, key.path, request.host, proxy=request.proxy)
        if run.is_registered:
            await self._wait_for_host(site.id.up_to("vaults"), run.host)
        return run, await self._controller.read()

    async def _wait_for_host(self, vault: ArmId, host: str) -> None:
        """Until Azure lists the host, or has had its time for it; later the page finds it by itself."""
        clock = self._services.clock
        last = clock.now() + timedelta(minutes=self._services.rules.monitoring.host_registration_max_min)
        while clock.now() < last:
            hosts = await self._services.inventory.hosts(vault)
            if any(each.friendly_name.lower() == host.lower() for each in hosts.providers):
                return
            await clock.sleep(_LOOK_AGAIN_S)

    # Readiness files

    async def _write_readiness(self) -> Path | None:
        practice = self._services.practice
        if practice is None:
            raise NotFound("no_practice", "This is no practice vault.", "Run the readiness script on the host itself.")
        kinds = self._tr("Readiness files (*.json)")
        title = self._tr("Save what the practice hosts tell")
        path = await self._asking.save_file(title, "practice-hosts.json", kinds)
        if path is not None:
            await practice.readiness_file(path)
        return path

    async def _import(self, paths: tuple[Path, ...], report: Report) -> Imported | None:
        if not paths:
            kinds = self._tr("Readiness files (*.json);;All files (*)")
            paths = await self._asking.open_files(self._tr("Choose readiness files"), kinds)
        return await self._services.reports.import_files(paths, report) if paths else None

    async def _forget(self, host: str) -> str | None:
        question = Question(
            self._tr("Remove what {} told?").format(host),
            self._tr("Its readiness file stays where it is, and can be imported again."),
            self._tr("Remove"),
        )
        if not await self._asking.confirm(question):
            return None
        await self._services.reports.forget(host)
        return host

    # The installer

    async def _read_download(self) -> DownloadState:
        download = self._services.provider_download
        return DownloadState(download.installer, await download.unfinished())

    async def _download(self, path: Path | None, tell: Tell, report: Report) -> Downloaded | None:
        download = self._services.provider_download
        if path is None:
            name = download.installer.name
            kinds = self._tr("Installer (*{})").format(Path(name).suffix)
            path = await self._asking.save_file(self._tr("Download the Provider’s installer"), name, kinds)
        if path is None:
            return None
        tell(DownloadBegun(path))
        return await download.download(path, report=report)

    async def _pause_download(self) -> Unfinished | None:
        await self._services.provider_download.settled()
        return await self._services.provider_download.unfinished()

    async def _stop_download(self, path: Path | None) -> None:
        await self._services.provider_download.settled()
        if path is not None:
            await self._services.provider_download.discard(path)
