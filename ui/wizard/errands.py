"""Carries out what pages ask for, one service call for each kind of request, and answers the page that asked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from app.domain.arm_id import ArmId, vault_id
from app.domain.prerequisite_checks import AzureSide
from app.domain.storage_facts import StorageFacts
from app.errors import AppError, NotFound
from app.flows.action import Action
from app.flows.draft import SetUpDraft, SiteChoice, VaultChoice
from app.flows.draft_file import SUFFIX, new_draft_path
from app.flows.new_vault import Obstacle
from app.flows.planning import actions_for_site
from app.flows.planning_vault import actions_for_vault
from app.ports.blobs import UploadProbe
from app.runtime.progress import Report
from app.services.azure_side import read_azure_side
from app.services.runs import RunSnapshot
from app.services.small_run import carry_out_all
from app.services.vault_creation import find_obstacle
from ui.asking import Asking
from ui.notices import Notice, NoticeAction, NoticeHub
from ui.theme.tokens import Status
from ui.wizard.controller import SetUpController
from ui.wizard.draft_store import DraftStore
from ui.wizard.host_errands import HostErrands
from ui.wizard.preset_errands import PresetErrands
from ui.wizard.reading import Reading
from ui.wizard.requests import (
    CarryOut,
    CheckAddresses,
    CheckStorageName,
    CheckVaultRights,
    CreateSite,
    CreateVault,
    JumpTo,
    MeasureUpload,
    PauseDownload,
    ReadAgain,
    ReadAzureSide,
    ReadNetworkAccess,
    ReadStorageAccess,
    ReadStored,
    Request,
    SaveDraftAs,
    ShowLimits,
    ShowPrerequisites,
    StopDownload,
    StopImporting,
    StopMeasuring,
)

T = TypeVar("T")
_READING_FAILED = "wizard.read"
_NAME_INVALID = "AccountNameInvalid"


@dataclass(frozen=True, slots=True)
class _Created:
    request: CreateVault | CreateSite
    run: RunSnapshot
    reading: Reading


class Errands(QObject):
    """One per wizard.

    Signals, each with the step id of the page that asked and its request:
        started: it is under way.
        progressed: how far it is.
        ended: its outcome, or the `AppError` that stopped it.

    And one without:
        place_requested: a view outside the set-up shall open; carries its id.
    """

    started = Signal(str, object)
    progressed = Signal(str, object, object)
    ended = Signal(str, object, object)
    place_requested = Signal(str)

    def __init__(self, controller: SetUpController, notices: NoticeHub, asking: Asking, parent: QObject) -> None:
        super().__init__(parent)
        self._asking = asking
        self._controller = controller
        self._services = controller.services
        self._calls = controller.calls
        self._notices = notices
        self._hosts = HostErrands(controller, asking, self.tr)
        self._presets = PresetErrands(controller, notices, asking)
        self._read_for: tuple[str, ReadAgain] | None = None
        controller.refreshed.connect(self._end_reading)

    def carry_out(self, step_id: str, request: Request) -> None:
        """Do it; what creates something is not begun twice, what only asks is asked anew."""
        match request:
            case ReadAgain():
                self._read_for = (step_id, request)
                self._run(step_id, request, "read", self._read, self.tr("Reading what Azure has"), self._take_reading)
            case CreateVault(draft):
                doing = self.tr("Creating the vault {}").format(draft.vault.name)
                self._create(step_id, request, "vault", self.tr("Create vault"), doing)
            case CheckVaultRights(draft):
                doing = self.tr("Reading what you may do")
                self._run(step_id, request, "vault_rights", lambda report: self._check_vault_rights(draft), doing)
            case CreateSite(draft):
                doing = self.tr("Creating the Hyper-V site {}").format(draft.site.name)
                self._create(step_id, request, "site", self.tr("Create Hyper-V site"), doing)
            case CarryOut(key, title, actions):
                if not self._calls.is_running(key):
                    work = partial(self._carry_out_and_read, step_id, request, title, actions, key)
                    self._run(step_id, request, key, lambda report: work(), title, self._take_carried_out)
            case CheckStorageName(name):
                doing = self.tr("Asking whether the name is free")
                self._run(step_id, request, "storage_name", lambda report: self._check_storage_name(name), doing)
            case CheckAddresses(network, addresses):
                doing = self.tr("Asking which addresses are free")
                key = f"addresses {network.key} {addresses[0]}"  # nobody asks twice for the same
                asking = partial(self._services.inventory.addresses, network, addresses)
                self._run(step_id, request, key, lambda report: asking(), doing)
            case ReadStorageAccess(use, accounts):
                doing = self.tr("Reading locks and rights")
                read = partial(self._services.storage.read_access, accounts)
                key = f"storage_access.{use} {_which(accounts)}"
                self._run(step_id, request, key, lambda report: read(), doing, self._take_facts)
            case ReadStored(use, accounts):
                doing = self.tr("Reading what accounts hold")
                read = partial(self._services.storage.read_stored, accounts)
                key = f"storage_stored.{use} {_which(accounts)}"
                self._run(step_id, request, key, lambda report: read(), doing, self._take_facts)
            case MeasureUpload(account_id):
                doing = self.tr("Measuring the upload")
                self._run(step_id, request, "measure", lambda report: self._measure(account_id, report), doing)
            case StopMeasuring():
                self._calls.cancel("measure")
                self.ended.emit(step_id, request, None)
            case StopImporting():
                self._calls.cancel("readiness")
                self._controller.look_anew()  # some of the files may have been taken
                self.ended.emit(step_id, request, None)
            case SaveDraftAs(draft):
                doing = self.tr("Saving a copy of the draft")
                self._run(step_id, request, "save_as", lambda report: self._save_as(draft), doing)
            case ReadAzureSide(draft):
                doing = self.tr("Looking at what is there in Azure")
                self._run(step_id, request, "azure_side", lambda report: self._read_azure_side(draft), doing)
            case ReadNetworkAccess(networks):
                doing = self.tr("Reading locks and rights")
                read = partial(self._services.networks.read_access, networks)
                key, look = f"network_access {_which(networks)}", self._controller.look_soon
                self._run(step_id, request, key, lambda report: read(), doing, lambda facts: look())
            case JumpTo(target):
                self._controller.jump(target)
            case ShowPrerequisites():
                self.place_requested.emit("prerequisites")
            case ShowLimits():
                self.place_requested.emit("limits")
            case _:
                self._carry_out_elsewhere(step_id, request)

    def _carry_out_elsewhere(self, step_id: str, request: Request) -> None:
        if isinstance(request, PauseDownload | StopDownload):
            self._calls.cancel("download")
        for errands in (self._hosts, self._presets):
            found = errands.work_for(request, lambda how: self.progressed.emit(step_id, request, how))
            if found is not None:
                key, doing, work, joins = found
                if not joins or not self._calls.is_running(key):
                    self._run(step_id, request, key, work, doing, partial(errands.settle, request))
                return

    def _run(
        self,
        step_id: str,
        request: Request,
        key: str,
        work: Callable[[Report], Awaitable[T]],
        doing: str,
        settle: Callable[[T], object] = lambda result: result,
    ) -> None:
        self.started.emit(step_id, request)
        self._calls.run_with_progress(
            key,
            work,
            doing=doing,
            on_result=lambda result: self.ended.emit(step_id, request, settle(result)),
            on_error=lambda error: self._fail(step_id, request, error),
            on_progress=lambda progress: self.progressed.emit(step_id, request, progress),
        )

    def _fail(self, step_id: str, request: Request, error: AppError) -> None:
        """A page shows at its own place what could not be done; that nothing could be read concerns all pages."""
        if isinstance(request, ReadAgain):
            self._read_for = None
            again = NoticeAction(self.tr("Try again"), lambda: self.carry_out(step_id, request))
            self._notices.post(Notice(_READING_FAILED, Status.CRITICAL, error.title, error.advice, (again,)))
        self.ended.emit(step_id, request, error)

    # Reading

    async def _read(self, report: Report) -> Reading:
        return await self._controller.read()

    def _take_reading(self, reading: Reading) -> object:
        self._read_for = None
        self._notices.withdraw(_READING_FAILED)
        self._controller.take_reading(reading)
        return reading.estate

    def _end_reading(self) -> None:
        """A newer reading, such as one that an answer needed, has taken the place of what a page had asked for."""
        if self._read_for is not None and not self._calls.is_running("read"):
            (step_id, request), self._read_for = self._read_for, None
            self.ended.emit(step_id, request, self._controller.flow.context.estate)

    # Creating a vault or a site: a small run of its own

    def _create(self, step_id: str, request: CreateVault | CreateSite, key: str, title: str, doing: str) -> None:
        if not self._calls.is_running(key):
            work = partial(self._create_it, step_id, request, key, title)
            self._run(step_id, request, key, lambda report: work(), doing, self._take_created)

    async def _create_it(self, step_id: str, request: CreateVault | CreateSite, key: str, title: str) -> _Created:
        context = self._controller.flow.context
        plan = actions_for_vault if isinstance(request, CreateVault) else actions_for_site
        actions = plan(request.draft, context.estate, context.rules)
        run = await self._carry_out(step_id, request, title, actions, key)
        chosen = _with_created(request, self._controller.flow.draft)
        return _Created(request, run, await self._controller.read_for(chosen))

    def _take_created(self, created: _Created) -> object:
        """Choose what was created; answers given meanwhile stay."""
        draft = _with_created(created.request, self._controller.flow.draft)
        self._controller.take_reading(created.reading, draft)
        return created.run

    async def _carry_out(
        self, step_id: str, request: Request, title: str, actions: Sequence[Action], part: str
    ) -> RunSnapshot:
        """Raises the first action's problem where not all could be confirmed."""

        def tell(run: RunSnapshot) -> None:
            if isValid(self):  # a run outlives the wizard that asked for it
                self.progressed.emit(step_id, request, run)

        key = f"{self._controller.key} {part}"
        return await carry_out_all(self._services.runner, title, actions, key=key, on_change=tell)

    async def _carry_out_and_read(
        self, step_id: str, request: Request, title: str, actions: Sequence[Action], key: str
    ) -> tuple[RunSnapshot, Reading]:
        run = await self._carry_out(step_id, request, title, actions, key)
        return run, await self._controller.read()

    def _take_carried_out(self, carried_out: tuple[RunSnapshot, Reading]) -> object:
        run, reading = carried_out
        self._controller.take_reading(reading)
        return run

    # The rest

    def _take_facts(self, facts: StorageFacts) -> object:
        self._controller.look_soon()
        return facts

    async def _check_storage_name(self, name: str) -> str:
        subscription = self._controller.flow.draft.target.subscription
        is_free, reason = await self._services.inventory.storage_name_is_free(subscription, name)
        if is_free:
            return ""
        if reason == _NAME_INVALID:
            return self.tr("Azure doesn’t take {} as a name. Type another one.").format(name)
        return self.tr("{} is taken by somebody. Type another name.").format(name)

    async def _check_vault_rights(self, draft: SetUpDraft) -> Obstacle | None:
        return await find_obstacle(self._services.rights, draft, self._controller.flow.context)

    async def _measure(self, account_id: str, report: Report) -> UploadProbe:
        account = self._controller.flow.context.estate.storage_account(account_id)
        if account is None:
            raise NotFound(
                "no_such_account", "This storage account is not there any more.", "Choose another on Target."
            )
        return await self._services.capacity_probe.measure_upload(account, report=report)

    async def _read_azure_side(self, draft: SetUpDraft) -> AzureSide:
        chosen = draft.vault
        vault = vault_id(chosen.subscription, chosen.resource_group, chosen.name) if not chosen.create else None
        return await read_azure_side(self._services.inventory, chosen.subscription, vault)

    async def _save_as(self, draft: SetUpDraft) -> Path | None:
        """Ask where to, and write a copy; None when the question was closed."""
        kinds = self.tr("Set-up drafts (*{})").format(SUFFIX)
        suggested = new_draft_path(Path(), draft.name).name
        path = await self._asking.save_file(self.tr("Save a copy of the draft"), suggested, kinds)
        if path is not None:
            done = self._controller.flow.progress.done
            await DraftStore(path).save(draft, saved_at=self._services.clock.now(), steps_done=done)
        return path


def _which(resources: Sequence[ArmId]) -> str:
    """Tells questions about some resources apart: pages ask about further ones before the first are answered."""
    return f"{len(resources)} {resources[0].key}"


def _with_created(request: CreateVault | CreateSite, draft: SetUpDraft) -> SetUpDraft:
    """`draft` with what was created chosen, as something that is there."""
    if isinstance(request, CreateSite):
        return replace(draft, site=SiteChoice(request.draft.site.name))
    vault = request.draft.vault
    return replace(draft, vault=VaultChoice(vault.subscription, vault.resource_group, vault.name, vault.location))
