"""Drives the set-up behind the pages: the flow, the draft's file, what Azure has, and the run of the review.

It knows pages by step id only. All waiting goes through the wizard's `Calls`, so it ends with the wizard; what was
sent goes on in the runner, and the journal knows where. What pages ask for is carried out by `ui.wizard.errands`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from app.domain.arm_id import ArmId
from app.domain.estate import Estate
from app.domain.issue import blocking
from app.domain.practice import PracticeState
from app.flows.draft import SetUpDraft
from app.flows.flow import Flow
from app.flows.meanwhile import hosts_seen, meanwhile
from app.flows.new_draft import begin_draft
from app.flows.places import read_key, vault_id_of
from app.flows.step import Context
from app.live.address_cloud import address_cloud
from app.live.services import Services
from app.services.inventory import Hosts
from app.services.runs import RunSnapshot
from ui.calls import Calls
from ui.wizard.draft_store import DraftStore
from ui.wizard.known_rights import KnownRights
from ui.wizard.reading import Opening, Reading

SAVE_AFTER_MS = 300
READ_AFTER_MS = 400
TELL_RUN_EVERY_MS = 100
HOSTS_EVERY_MS = 10_000
_READ_ON_ENTRY = frozenset({"enable", "review"})


class SetUpController(QObject):
    """One set-up from opening to closing.

    Signals:
        opened: draft and estate are there; before, nothing can be answered.
        moved: another step is open.
        refreshed: draft or estate were changed by something else than the open page.
        checked: issues, statuses or summaries may be others now.
        refused: Next was pressed and something is missing.
        sent_back: an edit cleared other answers; carries the ids of their steps, and in words what was cleared.
        saved: the draft is on disk; carries the time.
        told_meanwhile: what has happened while the set-up lay closed; carries the time it was left, and sentences.
        run_changed: the review's run is at another point; carries the `RunSnapshot`.
    """

    opened = Signal()
    moved = Signal()
    refreshed = Signal()
    checked = Signal()
    refused = Signal()
    sent_back = Signal(object, object)
    saved = Signal(object)
    told_meanwhile = Signal(object, object)
    run_changed = Signal(object)

    def __init__(self, services: Services, store: DraftStore, calls: Calls, parent: QObject) -> None:
        super().__init__(parent)
        self.services = services
        self.calls = calls
        self.rights = KnownRights(self)
        self._store = store
        self._practice: PracticeState | None = None
        self._read_at: datetime | None = None
        self._flow = Flow(SetUpDraft(), self._context(Estate()))
        self._is_open = False
        self._is_watched = True
        self._written: SetUpDraft | None = None
        self._read_for: tuple[str, ...] = ()
        self._asked_for: tuple[str, ...] = ()
        self._wanted_step = ""
        self._run: RunSnapshot | None = None
        self._save_timer = self._timer(SAVE_AFTER_MS, self.save)
        self._read_timer = self._timer(READ_AFTER_MS, self.read_again)
        self._run_timer = self._timer(TELL_RUN_EVERY_MS, self._tell_run)
        self._look_timer = self._timer(0, self.look_anew)
        self._hosts_timer = self._timer(HOSTS_EVERY_MS, self._look_for_hosts, repeated=True)

    @property
    def flow(self) -> Flow:
        return self._flow

    @property
    def practice(self) -> PracticeState | None:
        """The practice vault as last read; None on a connection to Azure."""
        return self._practice

    @property
    def is_open(self) -> bool:
        return self._is_open

    @property
    def key(self) -> str:
        """What the runs of this set-up are known by in the journal."""
        return self._store.key

    # Opening and closing

    def open(self, busy: QWidget, draft: SetUpDraft | None = None) -> None:
        """Take up the draft's file, else `draft`, else a new one, and read what Azure has."""
        doing = self.tr("Reading what Azure has")
        self.calls.run("open", lambda: self._open(draft), doing=doing, on_result=self._begin, busy=busy)

    async def _open(self, draft: SetUpDraft | None) -> Opening:
        saved = await self._store.load()
        saved_at = None if saved is None else saved.saved_at
        draft = draft if saved is None else saved.draft
        if draft is None:
            subscription, home = self.services.subscription, self.services.home_vault
            reading = await self._read((), home, subscription)
            return Opening(begin_draft(reading.estate, subscription, home), reading, None, None)
        run = None
        if draft.position == "run":
            run = await self.services.runner.unfinished_of(self.key)
            if run is None:  # it ended while nobody looked; the review says what is left to do
                draft = replace(draft, position="review")
        return Opening(draft, await self.read_for(draft), run, saved_at)

    def _begin(self, opening: Opening) -> None:
        self._practice, self._read_at = opening.reading.practice, opening.reading.read_at
        self._read_for = read_key(opening.draft)
        self._flow = Flow(opening.draft, self._context(opening.reading.estate))
        self._is_open = True
        self._flow.jump(self._wanted_step)
        self.opened.emit()
        if opening.saved_at is not None:
            self._written = self._flow.draft
            self.saved.emit(opening.saved_at)
            news = meanwhile(self._flow.draft, self._flow.context, opening.saved_at)
            if news:
                self.told_meanwhile.emit(opening.saved_at, news)
        self._note_hosts()
        self._watch_hosts()
        run = opening.run
        if run is None:
            return
        self._run = run
        self.run_changed.emit(run)
        if (run.is_running or not run.troubled) and not self.services.access.is_read_only:
            self.follow(run.id)

    def set_watched(self, is_watched: bool) -> None:
        """Say whether anybody looks; what is only for the eye rests while nobody does."""
        self._is_watched = is_watched
        self._watch_hosts()

    def save(self) -> None:
        """Write the draft now."""
        self._save_timer.stop()
        if self._is_open and not self._store.is_read_only:
            self.calls.run("save", self._write, doing=self.tr("Saving the draft"), on_result=self.saved.emit)

    async def flush(self) -> None:
        """Write what is not written yet; the last thing before the wizard goes.

        Raises:
            AppError: the draft cannot be written.
        """
        self._save_timer.stop()
        if self._is_open and self._written is not self._flow.draft:
            await self._write()

    def leave(self) -> None:
        """Do nothing more: no waiting, no timer. A run goes on."""
        for timer in self.findChildren(QTimer):
            timer.stop()
        self.calls.close()

    async def _write(self) -> datetime:
        draft, now = self._flow.draft, self.services.clock.now()
        await self._store.save(draft, saved_at=now, steps_done=self._flow.progress.done)
        self._written = draft
        return now

    # Answers and moves

    def edit(self, draft: SetUpDraft) -> None:
        """Take the open page's answers."""
        before = self._flow.draft
        draft = hosts_seen(draft, self._flow.context.estate)
        cleared = self._flow.edit(draft)
        after = self._flow.draft
        if after == before:
            return
        if cleared:
            steps = [step.id for step in self._flow.steps if step.answer(after) != step.answer(draft)]
            self.sent_back.emit(tuple(steps), cleared)
        if read_key(after) != (self._asked_for if self.calls.is_running("read") else self._read_for):
            self._read_timer.start()
        self._save_timer.start()
        if after != replace(draft, position=after.position, visited=after.visited):
            self.refreshed.emit()  # other answers were adapted, and the page must not send the old ones back
        self.checked.emit()

    def next(self) -> None:
        """Go on, or say what is missing."""
        if not self._is_open:
            return
        if self._flow.next():
            self.refused.emit()
        else:
            self._after_move()

    def back(self) -> None:
        if self._is_open and self._flow.back():
            self._after_move()

    def jump(self, step_id: str) -> None:
        """Open a step that was seen before; while the set-up is still being opened, as soon as that is done."""
        if not self._is_open:
            self._wanted_step = step_id
        elif step_id != self._flow.draft.position and self._flow.jump(step_id):
            self._after_move()

    def _after_move(self) -> None:
        self.moved.emit()
        self.save()
        self._watch_hosts()
        if self._flow.draft.position in _READ_ON_ENTRY:
            self.read_again()

    # What Azure has

    def read_again(self) -> None:
        """Read the estate anew; answers stay as they are."""
        self.calls.run("read", self.read, doing=self.tr("Reading what Azure has"), on_result=self.take_reading)

    async def read(self) -> Reading:
        """What Azure has for the draft as it is now."""
        self._read_timer.stop()
        self._asked_for = read_key(self._flow.draft)
        return await self.read_for(self._flow.draft)

    def take_reading(self, reading: Reading, draft: SetUpDraft | None = None) -> None:
        """Check against `reading` from now on; `draft` are answers that came out of the same errand."""
        self._practice, self._read_at = reading.practice, reading.read_at
        self._flow.use(self._context(reading.estate))
        if draft is not None:
            self.edit(draft)
        self._read_for = reading.read_for
        if read_key(self._flow.draft) == self._read_for:
            self._read_timer.stop()
        else:  # answered meanwhile, so that this is of other places
            self._read_timer.start()
        self._note_hosts()
        self.refreshed.emit()
        self.checked.emit()
        self._watch_hosts()

    def look_soon(self) -> None:
        """`look_anew` in the next turn, once for all that comes in until then."""
        self._look_timer.start()

    def look_anew(self) -> None:
        """Check against what is known by now beside what Azure has: hosts' reports, keys that were made, limits."""
        self._look_timer.stop()
        self._flow.use(self._context(self._flow.context.estate))
        self.refreshed.emit()
        self.checked.emit()

    async def read_for(self, draft: SetUpDraft) -> Reading:
        """What Azure has for `draft`: its vault, its subscriptions, the names taken in its target group."""
        vault = vault_id_of(draft.vault) if draft.vault.name and not draft.vault.create else None
        group = "" if draft.target.create_resource_group else draft.target.resource_group
        subscription = draft.vault.subscription or self.services.subscription
        return await self._read(
            read_key(draft),
            vault,
            subscription,
            target_subscription=draft.target.subscription,
            target_group=group,
            location=draft.vault.location,
        )

    async def _read(self, key: tuple[str, ...], vault: ArmId | None, subscription: str, **target: str) -> Reading:
        read_at, control = self.services.clock.now(), self.services.practice
        practice = await control.state() if control is not None else None
        estate = await self.services.inventory.estate(vault, subscription, **target)
        return Reading(key, estate, practice, read_at)

    def _context(self, estate: Estate) -> Context:
        services, limits = self.services, self.services.limits
        keys = tuple(filter(None, map(services.keys.known, estate.sites)))
        now, told, cloud = services.clock.now(), services.reports.all(), address_cloud(services)
        facts, presets = (services.storage.facts, services.networks.facts), services.presets.all()
        return Context(estate, limits.rules, now, told, keys, cloud, *facts, limits.profiles, presets, self._read_at)

    def _note_hosts(self) -> None:
        """Keep in the draft which hosts were seen, so that the next opening can tell what is new."""
        draft = hosts_seen(self._flow.draft, self._flow.context.estate)
        if draft is not self._flow.draft:
            self._flow.edit(draft)
            self._save_timer.start()

    def _watch_hosts(self) -> None:
        """Hosts register and fall silent by themselves, so they are looked at as long as the source page is open."""
        estate = self._flow.context.estate
        is_wanted = self._is_watched and self._flow.draft.position == "source" and bool(estate.sites)
        if not is_wanted:
            self._hosts_timer.stop()
        elif not self._hosts_timer.isActive():
            self._hosts_timer.start()

    def _look_for_hosts(self) -> None:
        vault = self._flow.context.estate.vault
        if vault is None or self.calls.is_running("read") or self.calls.is_running("hosts"):
            return
        read, began = self.services.inventory.hosts, self.services.clock.now()
        doing = self.tr("Reading hosts")
        self.calls.run("hosts", lambda: read(vault.id), doing=doing, on_result=partial(self._take_hosts, began))

    def _take_hosts(self, began: datetime, hosts: Hosts) -> None:
        estate = self._flow.context.estate
        if {host.id for host in hosts.providers} != {host.id for host in estate.providers}:
            self.read_again()  # a host that came or went brings or takes machines
            return
        self._read_at = began
        self._flow.use(self._context(replace(estate, fabrics=hosts.fabrics, providers=hosts.providers)))
        self.refreshed.emit()
        self.checked.emit()

    # The review's run

    @property
    def run(self) -> RunSnapshot | None:
        """The run of this set-up as last heard of."""
        return self._run

    def start_run(self) -> None:
        """Write the actions down and carry them out, or say what is missing."""
        if blocking(self._flow.issues("review")):
            self.refused.emit()
            return
        actions = self._flow.actions
        if not actions or self.calls.is_running("plan"):
            return
        plan, title = self.services.runner.plan, self._flow.draft.name
        self.calls.run(
            "plan",
            lambda: plan(title, actions, key=self.key),
            doing=self.tr("Writing down the run"),
            on_result=self._begin_run,
        )

    def _begin_run(self, run_id: str) -> None:
        self._flow.next()
        self._after_move()
        self.follow(run_id)

    def retry_run(self) -> None:
        """Try again what failed, and go on."""
        if self._run is not None:
            self.follow(self._run.id)

    def follow(self, run_id: str) -> None:
        """Carry the run out, or join it where it is. Closing the wizard ends the following, not the run."""
        if self.calls.is_running("run"):
            return
        carry_out = self.services.runner.carry_out
        self.calls.run(
            "run",
            lambda: carry_out(run_id, self._hear_run),
            doing=self.tr("Carrying out the set-up"),
            on_result=self._end_run,
        )

    def _hear_run(self, run: RunSnapshot) -> None:
        if isValid(self):  # a run outlives the wizard that follows it
            self._run = run
            if not self._run_timer.isActive():
                self._run_timer.start()

    def _tell_run(self) -> None:
        self.run_changed.emit(self._run)

    def _end_run(self, run: RunSnapshot) -> None:
        self._run = run
        self._run_timer.stop()
        self._tell_run()
        self.read_again()

    def _timer(self, interval_ms: int, run: Callable[[], object], *, repeated: bool = False) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(not repeated)
        timer.setInterval(interval_ms)
        timer.timeout.connect(run)
        return timer
