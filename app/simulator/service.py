"""The practice vault's one door: `Simulator.handle`."""

from __future__ import annotations

import logging
from hmac import compare_digest
from pathlib import Path
from typing import IO

import msgspec

from app.simulator.blobs import account_in, handle_blob
from app.simulator.clock import SimulatorClock
from app.simulator.crowd import CrowdSize
from app.simulator.effects import EFFECTS
from app.simulator.estate import open_world
from app.simulator.faults import control, gate
from app.simulator.faults.creation import refuse_creation
from app.simulator.faults.script import read_script, read_steps
from app.simulator.fleet import Size
from app.simulator.handlers.access import scoped_handler
from app.simulator.handlers.job_routes import operation_result
from app.simulator.handlers.providers import check_registration
from app.simulator.handlers.subscriptions import check_state
from app.simulator.identity.bearer import BearerTokens
from app.simulator.locks import check_locks
from app.simulator.messages import Request, Response
from app.simulator.replies import Refusal, arm_error, json_response, site_recovery_error
from app.simulator.rights import check_rights
from app.simulator.router import OLDEST_SITE_RECOVERY_VERSION, PRACTICE_ARM_HOST, PRACTICE_DOMAIN, Call, Router
from app.simulator.routes import ALL_ROUTES
from app.simulator.scenario_data import ScenarioData, read_scenario
from app.simulator.sign_in import answer_unsigned, is_sign_in
from app.simulator.store import StateFile
from app.simulator.wire import http_date, time_text
from app.simulator.world import World

ANY_TOKEN = "any"

_logger = logging.getLogger(__name__)
_FAULT = {"error": {"code": "InternalServerError", "message": "The practice vault has a fault; its log tells more."}}
_WRITES = frozenset({"PUT", "PATCH", "POST", "DELETE"})
_WRITES_PER_HOUR, _READS_PER_HOUR = 1200, 12000
_HOUR_S = 3600


class Simulator:
    """An Azure that is not there: subscriptions, vaults, Site Recovery, storage and what failovers make.

    It holds no thread and no timer. `handle` answers at once; time passes by its clock.
    """

    def __init__(self, world: World, state: StateFile | None, log: IO[str] | None, token: str) -> None:
        self._world = world
        self._state = state
        self._log = log
        self._router = Router(ALL_ROUTES)
        self._faults = control.Faults(world)
        self._bearer = BearerTokens(world)
        self._requests = 0
        self._hour = 0
        self._used = {True: 0, False: 0}
        self.token = token
        self.arm_base = f"https://{PRACTICE_ARM_HOST}"
        self.blob_base = f"https://{{account}}.blob{PRACTICE_DOMAIN}"
        self._save()

    @classmethod
    def open(
        cls,
        scenario: str | ScenarioData = "contoso",
        *,
        count: int | None = None,
        hosts: int | None = None,
        jobs: int | None = None,
        subscriptions: int | None = None,
        vaults: int | None = None,
        seed: int = 0,
        clock: SimulatorClock | None = None,
        state_file: Path | None = None,
        log: IO[str] | None = None,
        token: str = ANY_TOKEN,
        faults: str | None = None,
    ) -> Simulator:
        """Open a scenario, or go on where a state file left off.

        Args:
            scenario: the name of one, the path of its file, or the data of another.
            count, hosts, jobs: how many machines, hosts and past jobs a fleet has; else as its file says.
            subscriptions, vaults: how many a crowd has; else as its file says.
            clock: virtual time; without one it starts at the scenario's own date, at the pace of real time.
            state_file: if it exists it wins over scenario, count and seed.
            log: gets one JSON line per request, flushed.
            token: what a bearer token must be; "any" lets every token in.
            faults: a script of what goes wrong; a saved state goes on with the one it was begun with.

        Raises:
            ValueError: there is no such scenario or it is broken, a number is out of range, the script has a mistake,
                or the state file is damaged or was made by a newer version.
        """
        state = StateFile(state_file) if state_file is not None else None
        try:
            rows = state.load() if state else []
            world = open_world(
                scenario,
                size=Size(count, hosts, jobs),
                crowd_size=CrowdSize(subscriptions, vaults),
                seed=seed,
                clock=clock,
                rows=rows,
            )
            steps = []
            if not rows:
                data = read_scenario(scenario) if isinstance(scenario, str) else scenario
                steps = read_steps(world, data.fault)
            if faults is not None:
                script = read_script(world, faults)
                steps += [] if rows else script
            control.Faults(world).play(steps)
            return cls(world, state, log, token)
        except BaseException:
            if state is not None:
                state.close()
            raise

    @property
    def clock(self) -> SimulatorClock:
        return self._world.clock

    @property
    def subscription_id(self) -> str:
        return self._world.settings.subscription

    @property
    def resource_group(self) -> str:
        """The group to work in; an empty scenario has none of that name yet."""
        return self._world.settings.resource_group

    @property
    def vault_name(self) -> str | None:
        return self._world.settings.vault

    @property
    def faults(self) -> control.Faults:
        """What goes wrong here, as of now; a state file takes it over with the next request."""
        while not self.catch_up():
            pass
        return self._faults

    def catch_up(self) -> bool:
        """Let a slice of what has fallen due happen; False while more is left.

        A door that serves a window calls it until True, yielding in between, before `handle`: then no answer lags
        behind the clock, however far that has jumped.
        """
        return self._world.settle(EFFECTS)

    def handle(self, request: Request) -> Response:
        """Answer one request; quick, whatever is asked. A long list is made while its body is read."""
        self.catch_up()
        self._requests += 1
        call = Call(self._world, request, self._requests)
        try:
            response = self._answer(call)
        except Refusal as refusal:
            response = refusal.response
        except Exception:
            # A fault of ours must not look like a broken line to the client above.
            _logger.exception("the practice vault could not answer %s %s", call.method, call.path)
            response = json_response(500, _FAULT)
        self._add_headers(call, response)
        if not _is_practice(call):
            gate.bring(call, response)
        if isinstance(response.body, bytes) and not response.lost:
            response.headers.setdefault("Content-Length", str(len(response.body)))
        self._save()
        self._write_log(call, response)
        return response

    def close(self) -> None:
        """Save the time reached and let go of the state file; a second time does nothing.

        Pages that were written refer to the world and it to them: what was set apart from the collector's rounds at the
        opening would never end otherwise.
        """
        self._world.item_pages = None
        if self._state is not None:
            self._world.settle(EFFECTS)
            self._world.settings = self._world.settings  # changed by time alone, and to be saved all the same
            self._save()
            self._state.close()
            self._state = None

    def _answer(self, call: Call) -> Response:
        blob_call = account_in(call)
        signs_in = blob_call is None and is_sign_in(call)
        stopped = None if _is_practice(call) else gate.stop(call, is_arm=blob_call is None and not signs_in)
        if stopped is not None:
            return stopped
        if signs_in:
            return answer_unsigned(call, self.token, ANY_TOKEN)
        if blob_call is not None:
            is_known = self._bearer.let_in_to_storage(call)
            is_known = _is_known(call, self.token) if is_known is None else is_known
            return handle_blob(call, *blob_call, is_known=is_known)
        if not _is_practice(call) and not self._bearer.let_in(call):
            _check_token(call, self.token)
        self._check_rate(call)
        handler = self._router.find(call)
        if handler is None and len(call.segments) > 9 and call.segments[-2].lower() == "operationresults":
            call.params = {
                "subscription": call.segments[1],
                "group": call.segments[3],
                "vault": call.segments[7],
            }
            handler = operation_result
        handler = handler or scoped_handler(call)
        if handler is None:
            body = {"error": {"code": "NotImplemented", "message": f"Not simulated: {call.method} {call.path}"}}
            return json_response(501, body)
        _check_version(call)
        if not _is_practice(call):
            check_rights(call)
            check_state(call)
            check_locks(call)
        check_registration(call)
        refuse_creation(call)
        return handler(call)

    def _check_rate(self, call: Call) -> None:
        """
        Raises:
            Refusal: the subscription has used up what it may ask within this hour.
        """
        is_write = call.method in _WRITES
        allowed = _WRITES_PER_HOUR if is_write else _READS_PER_HOUR
        if int(call.now // _HOUR_S) != self._hour or self._used[is_write] < allowed or _is_practice(call):
            return
        left = max(int(_HOUR_S - call.now % _HOUR_S), 1)
        wait = left if call.is_in_process else max(1, round(left / max(call.world.clock.speed, 1.0)))
        message = f"The subscription has made {allowed} requests of this kind within an hour; wait {left} seconds."
        raise arm_error(429, "SubscriptionRequestsThrottled", message, {"Retry-After": str(wait)})

    def _add_headers(self, call: Call, response: Response) -> None:
        headers = response.headers
        headers.setdefault("x-ms-request-id", call.correlation_id)
        headers["Date"] = http_date(call.now)
        headers["x-ms-correlation-request-id"] = call.correlation_id
        headers["x-ms-routing-request-id"] = f"PRACTICE:{call.correlation_id}"
        if call.headers.get("x-ms-client-request-id"):
            headers["x-ms-client-request-id"] = call.client_request_id
        if "x-ms-version" in headers:
            return  # the blob service sends no more than that
        headers["Cache-Control"] = "no-cache"
        headers["Pragma"] = "no-cache"
        headers["Expires"] = "-1"
        headers["X-Content-Type-Options"] = "nosniff"
        is_write = call.method in _WRITES
        hour = int(call.now // _HOUR_S)
        if hour != self._hour:
            self._hour, self._used = hour, {True: 0, False: 0}
        self._used[is_write] += 1
        name, allowed = ("writes", _WRITES_PER_HOUR) if is_write else ("reads", _READS_PER_HOUR)
        headers[f"x-ms-ratelimit-remaining-subscription-{name}"] = str(max(allowed - self._used[is_write], 0))

    def _save(self) -> None:
        if self._state is not None:
            self._world.save(self._state)

    def _write_log(self, call: Call, response: Response) -> None:
        if self._log is None:
            return
        line = {
            "method": call.method,
            "path": call.path,
            "status": response.status,
            "clientRequestId": call.headers.get("x-ms-client-request-id") or None,
            "virtualTime": time_text(self._world.now),
        }
        self._log.write(msgspec.json.encode(line).decode() + "\n")
        self._log.flush()


def _check_token(call: Call, token: str) -> None:
    """Everything but the practice controls wants a bearer token."""
    if _is_known(call, token):
        return
    place = "https://login.practice.invalid" if call.is_in_process else f"{call.base}/{call.world.settings.tenant}"
    challenge = f'Bearer authorization_uri="{place}", error="invalid_token"'
    raise arm_error(401, "AuthenticationFailed", "A valid bearer token is needed.", {"WWW-Authenticate": challenge})


def _is_known(call: Call, token: str) -> bool:
    """Whether the call carries the bearer token; compared so that the time it takes tells nothing."""
    scheme, _, given = call.headers.get("authorization").partition(" ")
    is_right = token == ANY_TOKEN or compare_digest(token.encode(), given.encode())
    return scheme.lower() == "bearer" and bool(given) and is_right


def _is_practice(call: Call) -> bool:
    return call.segments[:1] == ["simulator"]


def _check_version(call: Call) -> None:
    if _is_practice(call):
        return
    if not call.version:
        raise arm_error(400, "MissingApiVersionParameter", "The query parameter api-version is needed.")
    is_site_recovery = len(call.segments) > 8 and call.segments[8].lower().startswith("replication")
    if is_site_recovery and call.version < OLDEST_SITE_RECOVERY_VERSION:
        raise site_recovery_error(
            call,
            400,
            "BadRequest",
            "UnsupportedApiVersion",
            f"The api-version {call.version} is not served here.",
            "The client is older than this practice vault.",
            f"Use {OLDEST_SITE_RECOVERY_VERSION} or later.",
        )
