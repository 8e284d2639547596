"""Carries one action from where the journal says it is to its end.

planned -> sent -> accepted -> ended -> confirmed, each written down before the next step. An action that is found
halfway (after a crash, or because the line broke) goes on from there: what became of a request whose answer was lost
is found out before anything is sent again.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from app.domain.arm_id import ArmId
from app.domain.job import ReplicationJob
from app.errors import AppError, Conflict, NotFound, ServiceFault, SignInRequired, Throttled, Unreachable
from app.flows.action import Action
from app.ports.clock import Clock
from app.ports.operation import Accepted
from app.runtime.journal import ActionRecord, ActionState, Journal
from app.services.beginning import Beginning, beginning
from app.services.gateways import Gateways
from app.services.job_problems import Explain, job_failure, operation_failure
from app.services.job_watch import JobWatch, clock_margin, running_task
from app.services.lost_write import LostWrites
from app.services.patience import Patience, silence_text
from app.services.read_back import Reading, Standing, read_back
from app.services.runs import ActionProblem, ActionSnapshot, resting_text, sentence
from app.services.sending import send

_MAX_SENDS = 5
_THROTTLED_PAUSE_S = 10.0
_STATUS_PAUSE_S = 5.0
_CONFIRM_PAUSE_S = 5.0
_CONFIRM_LONGEST_PAUSE_S = 30.0
_CONFIRM_WITHIN = timedelta(minutes=10)
_WAITS_FOR_SIGN_IN = "Waits for you to sign in"

OnActionChange = Callable[[ActionSnapshot], None]


class Carrier:
    """One action of one run. `carry` may be called again after it stopped with a problem."""

    def __init__(
        self,
        action: Action,
        record: ActionRecord,
        *,
        gateways: Gateways,
        journal: Journal,
        clock: Clock,
        watch: JobWatch,
        patience: Patience,
        explain: Explain,
        on_change: OnActionChange,
    ) -> None:
        self._action = action
        self._record = record
        self._gateways = gateways
        self._journal = journal
        self._clock = clock
        self._watch = watch
        self._explain = explain
        self._patience = patience
        self._renewal = patience.renewal
        self._lost_writes = LostWrites(gateways, clock, patience)
        self._on_change = on_change
        self._problem = ActionProblem.from_text(record.problem)
        self._error: AppError | None = None
        self._text = ""
        self._is_active = False

    @property
    def record(self) -> ActionRecord:
        return self._record

    @property
    def snapshot(self) -> ActionSnapshot:
        return ActionSnapshot(
            action=self._action,
            state=self._record.state,
            text=self._told_text,
            problem=self._problem,
            job_id=self._record.job_id,
            started=self._record.started,
            ended=self._record.ended,
            settled=self._record.settled,
            is_active=self._is_active,
        )

    @property
    def _told_text(self) -> str:
        if self._is_active and self._renewal.is_awaited:
            return _WAITS_FOR_SIGN_IN
        return self._text or resting_text(self._record.state, self._problem)

    async def carry(self) -> AppError | None:
        """Go on until the action is confirmed, skipped, failed or cannot be followed; returns what stopped it.

        While the sign-in has ended and somebody is there to sign in again, it waits for that.
        """
        stop_watching = self._renewal.watch(lambda: self._on_change(self.snapshot))
        self._is_active = True
        self._problem = self._error = None
        self._record = replace(self._record, problem="")
        try:
            await self._carry_on()
        except AppError as error:
            await self._stop(error)
        finally:
            stop_watching()
            self._is_active = False
            self._say("")
        return self._error

    async def _carry_on(self) -> None:
        if self._record.state is ActionState.FAILED:
            await self._forget_failure()
        while True:
            match self._record.state:
                case ActionState.PLANNED:
                    await self._begin()
                case ActionState.SENT:
                    await self._find_out()
                case ActionState.ACCEPTED:
                    await self._follow()
                case ActionState.ENDED:
                    await self._confirm()
                case _:
                    return

    async def _forget_failure(self) -> None:
        """A retry is a new request under a new id."""
        await self._write(
            state=ActionState.PLANNED,
            client_request_id="",
            status_url="",
            result_url="",
            job_id="",
            sends=0,
            started=None,
            sent=None,
            accepted=None,
            ended=None,
            settled=None,
        )

    async def _begin(self) -> None:
        self._say("Looking at what Azure has")
        started = self._clock.now()
        other = await self._journal.in_flight_elsewhere(self._action.id, self._record.run_id)
        if other is not None:
            # Another run sent this very action and never learned its end: its request is ours to find.
            await self._write(
                state=other.state,
                client_request_id=other.client_request_id,
                status_url=other.status_url,
                result_url=other.result_url,
                job_id=other.job_id,
                sends=other.sends,
                started=started,
                sent=other.sent,
                accepted=other.accepted,
                ended=other.ended,
            )
            return
        self._record = replace(self._record, started=started)
        reading = await self._read()
        match beginning(self._action, reading):
            case Beginning.SEND:
                await self._send()
            case Beginning.SKIP:
                await self._write(state=ActionState.SKIPPED, settled=self._clock.now())
            case Beginning.LOOK_BACK:
                await self._write(state=ActionState.ENDED)

    async def _send(self) -> None:
        client_request_id = self._record.client_request_id or str(uuid.uuid4())
        while True:
            await self._write(
                state=ActionState.SENT,
                client_request_id=client_request_id,
                sent=self._record.sent or self._clock.now(),
                sends=self._record.sends + 1,
            )
            self._say("Sending")
            try:
                accepted = await send(self._action, self._gateways, client_request_id)
            except Throttled as error:
                # A refusal: the request was not taken, so it may go out again.
                self._say("Azure asks to wait before the next request")
                await self._clock.sleep(max(error.retry_after_s, _THROTTLED_PAUSE_S))
                if not await self._is_as_expected():
                    return
            except (Unreachable, ServiceFault):
                if self._record.sends >= _MAX_SENDS:
                    raise
                return
            except SignInRequired as error:
                if not self._renewal.is_attended:
                    await self._fail(error)
                    return
                await self._renewal.wait(error)
                return  # whether Azure has it all the same is found out before it goes out again
            except AppError as error:
                await self._fail(error)
                return
            else:
                await self._take(accepted)
                return

    async def _take(self, accepted: Accepted) -> None:
        now = self._clock.now()
        if accepted.is_done:
            await self._write(state=ActionState.ENDED, accepted=now, ended=now)
            return
        await self._write(
            state=ActionState.ACCEPTED,
            status_url=accepted.status_url,
            result_url=accepted.result_url,
            job_id=accepted.job_id,
            accepted=now,
        )

    async def _find_out(self) -> None:
        self._say("Finding out whether Azure has taken the request")
        fate = await self._lost_writes.find_out(
            self._action, self._record.client_request_id, self._sent, self._on_silence
        )
        if not fate.has_arrived:
            if await self._is_as_expected():
                await self._send()
            return
        await self._write(
            state=ActionState.ACCEPTED, job_id=fate.job.text if fate.job else "", accepted=self._clock.now()
        )

    async def _follow(self) -> None:
        self._say("Accepted by Azure")
        if self._record.job_id:
            await self._follow_job(ArmId(self._record.job_id))
        elif self._record.status_url:
            await self._follow_operation()
        else:
            await self._write(state=ActionState.ENDED, ended=self._clock.now())

    async def _follow_job(self, job_id: ArmId) -> None:
        def look(job: ReplicationJob) -> None:
            task = running_task(job)
            if task or not job.tasks:  # between two tasks the last one stays
                self._say(task or job.friendly_name or "Accepted by Azure")

        try:
            job = await self._watch.follow(job_id, since=self._sent, on_look=look, on_silence=self._on_silence)
        except NotFound:
            # Azure forgets old jobs. What it did can still be read back.
            await self._write(state=ActionState.ENDED, ended=self._clock.now())
            return
        failure = job_failure(job, self._action, self._explain)
        if failure is not None:
            await self._fail(failure, ended=job.ended or self._clock.now())
            return
        await self._write(state=ActionState.ENDED, ended=job.ended or self._clock.now())

    async def _follow_operation(self) -> None:
        record = self._record
        accepted = Accepted(
            record.client_request_id, self._action.target.text, record.status_url, record.result_url, record.job_id
        )
        while True:
            try:
                status = await self._patience.ask(
                    lambda: self._gateways.operations.get_status(accepted), self._on_silence
                )
            except NotFound:
                break
            if status.is_over:
                failure = operation_failure(status, self._action)
                if failure is not None:
                    await self._fail(failure, ended=self._clock.now())
                    return
                break
            await self._clock.sleep(max(status.retry_after_s, _STATUS_PAUSE_S))
        await self._write(state=ActionState.ENDED, ended=self._clock.now())

    async def _confirm(self) -> None:
        """Read back until Azure shows what was wanted; being late is not being wrong."""
        self._say("Reading back what Azure has")
        until = self._clock.now() + _CONFIRM_WITHIN
        renewals = self._renewal.count
        pause = _CONFIRM_PAUSE_S
        while True:
            reading = await self._read(since=self._sent - clock_margin(self._clock))
            if self._renewal.count != renewals:  # nobody could look while it waited for somebody to sign in
                renewals = self._renewal.count
                until = self._clock.now() + _CONFIRM_WITHIN
            if reading.standing is Standing.AS_WANTED:
                await self._write(state=ActionState.CONFIRMED, settled=self._clock.now())
                return
            if reading.standing is Standing.DIFFERENT:
                await self._fail(
                    Conflict(
                        "not_as_wanted",
                        f"{self._action.subject}: Azure has something else than was sent.",
                        sentence(reading.difference),
                    )
                )
                return
            if self._clock.now() >= until:
                raise ServiceFault(
                    "not_confirmed",
                    f"{self._action.subject}: Azure does not show the result yet.",
                    "Run it again later: nothing is sent twice, only the result is looked at.",
                )
            await self._clock.sleep(pause)
            pause = min(pause * 2, _CONFIRM_LONGEST_PAUSE_S)

    async def _is_as_expected(self) -> bool:
        """Look once more before a request goes out later than its `_begin`; somebody else may have been quicker."""
        if self._action.expects is None:
            return True
        reading = await self._read()
        try:
            beginning(self._action, reading)
        except AppError as error:
            await self._fail(error)
            return False
        return True

    async def _read(self, since: datetime | None = None) -> Reading:
        return await self._patience.ask(lambda: read_back(self._action, self._gateways, since=since), self._on_silence)

    async def _fail(self, error: AppError, ended: datetime | None = None) -> None:
        self._error, self._problem = error, ActionProblem.of(error)
        await self._write(
            state=ActionState.FAILED, problem=self._problem.to_text(), ended=ended, settled=self._clock.now()
        )

    async def _stop(self, error: AppError) -> None:
        """Something came between. A request that is out stays as it is: it is found again next time."""
        if not self._record.state.is_in_flight:
            await self._fail(error)
            return
        self._error, self._problem = error, ActionProblem.of(error)
        await self._write(problem=self._problem.to_text())

    @property
    def _sent(self) -> datetime:
        return self._record.sent or self._record.started or self._clock.now()

    def _on_silence(self, silence: timedelta) -> None:
        self._say(silence_text(silence, is_sent=self._record.state is not ActionState.PLANNED))

    async def _write(self, **changes: Any) -> None:
        record = replace(self._record, **changes)
        await self._journal.write(record)
        self._record = record
        if not record.state.is_in_flight:
            self._text = ""
        self._on_change(self.snapshot)

    def _say(self, text: str) -> None:
        self._text = text
        self._on_change(self.snapshot)
