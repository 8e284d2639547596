"""The runner: carries out lists of actions, in order, with a journal, and goes on after a crash where it was.

An action starts when everything it needs is confirmed. One that fails stops what needs it and nothing else; the run
can be carried out again after the cause is removed, and what is confirmed stays. A run works in the background until
it is over: cancelling the wait for it, or closing its page, changes nothing in Azure. A sign-in that ends meanwhile
does not end it: it waits until somebody has signed in again, where there is somebody.
"""

from __future__ import annotations

import asyncio
import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from app.errors import AppError, Conflict, NotFound, PermissionDenied, SignInRequired
from app.flows.action import Action, ActionKind
from app.ports.clock import Clock
from app.runtime.journal import ActionRecord, Journal, RunRecord
from app.runtime.task_scope import TaskScope
from app.runtime.write_access import WriteAccess
from app.services.action_text import read_action, write_action
from app.services.carrier import Carrier
from app.services.gateways import Gateways
from app.services.job_problems import Explain
from app.services.job_watch import JobWatch
from app.services.patience import Patience
from app.services.runs import ActionSnapshot, OnChange, RunSnapshot, ignore_change
from app.services.write_refusal import refuse_if_read_only

_SLICE = 50
"""Actions read or written between two turns of the loop."""
_AT_ONCE = 16
"""How many actions of one kind are under way together, unless the kind has a limit of its own."""


class Runner:
    """One per connection.

    `explain` knows the error codes of failed jobs. `enable_at_once` limits how many machines begin their first copy
    together; while `access` is read-only nothing is begun.
    """

    def __init__(
        self,
        gateways: Gateways,
        journal: Journal,
        clock: Clock,
        watch: JobWatch,
        patience: Patience,
        explain: Explain,
        *,
        enable_at_once: int = 4,
        access: WriteAccess,
    ) -> None:
        self._gateways = gateways
        self._journal = journal
        self._clock = clock
        self._watch = watch
        self._patience = patience
        self._explain = explain
        self._limits = {ActionKind.ENABLE_PROTECTION: enable_at_once}
        self._access = access
        self._scope = TaskScope()
        self._runs: dict[str, _Run] = {}
        self._planning = asyncio.Lock()

    async def plan(self, title: str, actions: Sequence[Action], *, key: str = "") -> str:
        """Write down a run; nothing is sent yet. Returns its id.

        An unfinished run with just these actions left is taken up again, so that pressing a button twice does not do
        things twice. `key` names what the actions come from, such as a draft: an older run of the same key is closed,
        and what it had sent is followed to its end by the new one.

        Raises:
            Conflict: the older run is under way.
        """
        refuse_if_read_only(self._access)
        async with self._planning:
            wanted = {action.id for action in actions}
            sent: dict[str, ActionRecord] = {}
            for older in await self._journal.runs(only_open=True):
                if older.key != key:
                    continue
                records = {record.action_id: record for record in await self._journal.actions(older.id)}
                in_flight = {id: record for id, record in records.items() if record.state.is_in_flight}
                left = {id for id, record in records.items() if not record.state.is_done}
                if left and wanted <= records.keys() and left <= wanted | in_flight.keys():
                    return older.id
                if key:
                    await self.set_aside(older.id)
                    sent |= in_flight
            return await self._add_run(title, actions, key, sent)

    async def _add_run(self, title: str, actions: Sequence[Action], key: str, sent: Mapping[str, ActionRecord]) -> str:
        run = RunRecord(uuid.uuid4().hex, title, key, self._clock.now())
        new = {action.id: action for action in actions}
        records = [replace(record, run_id=run.id) for record in sent.values() if record.action_id not in new]
        for index, action in enumerate(new.values()):
            record = ActionRecord(run.id, 0, action.id, write_action(action), action.body_hash)
            records.append(replace(sent[action.id], run_id=run.id) if action.id in sent else record)
            if index % _SLICE == _SLICE - 1:
                await asyncio.sleep(0)
        await self._journal.add_run(run, [replace(record, position=place) for place, record in enumerate(records)])
        return run.id

    async def carry_out(self, run_id: str, on_change: OnChange = ignore_change) -> RunSnapshot:
        """Start or join the run, and wait until nothing more can be done; failed actions are tried again.

        Returns with everything confirmed, or with what stopped it in `troubled`. Cancelling only stops waiting.

        Raises:
            NotFound: there is no such run.
            Conflict: another program works with this connection.
        """
        refuse_if_read_only(self._access)
        run = await self._run(run_id)
        task = run.task
        if task is None or task.done():
            task = run.task = self._scope.start(self._work(run), name=f"run {run.record.title}")
        stop_watching = run.watch(on_change)
        try:
            await asyncio.shield(task)
        finally:
            stop_watching()
        return run.snapshot

    async def watch(self, run_id: str, on_change: OnChange) -> Callable[[], None]:
        """Hear of every change of a run, starting with how it is now; call the result to stop."""
        run = await self._run(run_id)
        on_change(run.snapshot)
        return run.watch(on_change)

    async def snapshot(self, run_id: str) -> RunSnapshot:
        return (await self._run(run_id)).snapshot

    async def unfinished(self) -> tuple[RunSnapshot, ...]:
        """Runs with something left to do, newest first; those that are running now among them."""
        return tuple([(await self._run(run.id)).snapshot for run in await self._journal.runs(only_open=True)])

    async def unfinished_of(self, key: str) -> RunSnapshot | None:
        """The newest unfinished run that came from `key`."""
        for run in await self._journal.runs(only_open=True):
            if run.key == key:
                return (await self._run(run.id)).snapshot
        return None

    async def set_aside(self, run_id: str) -> None:
        """Drop what is left of a run that does not run now. What Azure has accepted goes on there."""
        refuse_if_read_only(self._access)
        run = await self._run(run_id)
        if run.is_running:
            raise Conflict("running", "This run is under way.", "It can be set aside when it has stopped.")
        await self._journal.close_run(run_id)

    async def aclose(self) -> None:
        """Stop working. Everything is in the journal; the next start goes on from there."""
        await self._scope.close()

    async def _run(self, run_id: str) -> _Run:
        known = self._runs.get(run_id)
        if known is not None:
            return known
        record = next((run for run in await self._journal.runs() if run.id == run_id), None)
        if record is None:
            raise NotFound("no_such_run", "This run is not in the journal.")
        run = _Run(record)
        for position, action in enumerate(await self._journal.actions(run_id)):
            run.add(self._carrier(run, action))
            if position % _SLICE == _SLICE - 1:
                await asyncio.sleep(0)
        # Another program may be carrying it out, so a read-only one looks afresh each time.
        return run if self._access.is_held_elsewhere else self._runs.setdefault(run_id, run)

    def _carrier(self, run: _Run, record: ActionRecord) -> tuple[Action, Carrier]:
        action = read_action(record.spec)
        carrier = Carrier(
            action,
            record,
            gateways=self._gateways,
            journal=self._journal,
            clock=self._clock,
            watch=self._watch,
            patience=self._patience,
            explain=self._explain,
            on_change=run.take,
        )
        return action, carrier

    async def _work(self, run: _Run) -> None:
        """Start what can start, wait for any to end, and again, until nothing is under way."""
        waiting = {action_id: leg for action_id, leg in run.legs.items() if not leg.is_done}
        under_way: dict[asyncio.Task[AppError | None], Action] = {}
        scope = TaskScope(on_failure=lambda failure: None)
        is_halted = False
        try:
            while True:
                busy = Counter(action.kind for action in under_way.values())
                for action_id, leg in list(waiting.items()):
                    action = leg.action
                    is_free = busy[action.kind] < self._limits.get(action.kind, _AT_ONCE)
                    if is_halted or not is_free or not run.has_what_it_needs(action):
                        continue
                    del waiting[action_id]
                    busy[action.kind] += 1
                    under_way[scope.start(leg.carrier.carry(), name=f"{action.label} {action.subject}")] = action
                if not under_way:
                    break
                ended, _ = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
                for task in ended:
                    del under_way[task]
                    # Without rights, or a sign-in that somebody is there to renew, every other action would fail alike.
                    is_halted = is_halted or isinstance(task.result(), (SignInRequired, PermissionDenied))
        finally:
            await scope.close()
            run.has_stopped()
        if run.snapshot.is_done:
            await self._journal.close_run(run.record.id)


class _Leg:
    def __init__(self, action: Action, carrier: Carrier) -> None:
        self.action = action
        self.carrier = carrier

    @property
    def is_done(self) -> bool:
        return self.carrier.record.state.is_done


class _Run:
    """A run in memory: its actions with who carries them, and who watches."""

    def __init__(self, record: RunRecord) -> None:
        self.record = record
        self.legs: dict[str, _Leg] = {}
        self.task: asyncio.Task[None] | None = None
        self._actions: dict[str, ActionSnapshot] = {}
        self._watchers: list[OnChange] = []
        self._snapshot: RunSnapshot | None = None

    def add(self, leg: tuple[Action, Carrier]) -> None:
        action, carrier = leg
        self.legs[action.id] = _Leg(action, carrier)
        self._actions[action.id] = carrier.snapshot

    @property
    def is_running(self) -> bool:
        return self.task is not None and not self.task.done()

    @property
    def snapshot(self) -> RunSnapshot:
        record = self.record
        return RunSnapshot(record.id, record.title, record.created, tuple(self._actions.values()), self.is_running)

    def has_what_it_needs(self, action: Action) -> bool:
        """What an action needs and is not in this run was there when the run was planned."""
        return all(needed not in self.legs or self.legs[needed].is_done for needed in action.needs)

    def take(self, action: ActionSnapshot) -> None:
        if self._actions.get(action.action.id) == action:
            return
        self._actions[action.action.id] = action
        self._tell(self.snapshot)

    def has_stopped(self) -> None:
        self._tell(replace(self.snapshot, is_running=False))

    def watch(self, on_change: OnChange) -> Callable[[], None]:
        self._watchers.append(on_change)

        def stop() -> None:
            if on_change in self._watchers:
                self._watchers.remove(on_change)

        return stop

    def _tell(self, snapshot: RunSnapshot) -> None:
        for watcher in tuple(self._watchers):
            watcher(snapshot)
