"""Faults that befall requests: what is answered in place of Azure, and what the line does to an answer.

The practice controls are never hit, or nobody could end a fault.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.simulator import records as rec
from app.simulator.faults.job_faults import use_up
from app.simulator.messages import Response
from app.simulator.replies import arm_error
from app.simulator.rights import MISSING_PERMISSION, READS, is_open_to_all, not_allowed
from app.simulator.router import Call

_STATUS_WORDS = {
    "500": ("InternalServerError", "Something inside Azure did not work."),
    "502": ("BadGateway", "A gateway of Azure got no usable answer."),
    "503": ("ServiceUnavailable", "This part of Azure is not available at the moment."),
    "504": ("GatewayTimeout", "A gateway of Azure got no answer in time."),
}


def stop(call: Call, *, is_arm: bool) -> Response | None:
    """What answers in place of Azure; None lets the request through.

    Raises:
        Refusal: Azure refuses it.
    """
    for _, _ in _on(call, "line-cut"):
        return Response(503, lost="request")
    if not is_arm:
        return None
    for key, fault in _on(call, "expired-sign-in"):
        _use(call, key, fault)
        challenge = 'Bearer authorization_uri="https://login.practice.invalid", error="invalid_token"'
        raise arm_error(
            401, "ExpiredAuthenticationToken", "The access token has expired.", {"WWW-Authenticate": challenge}
        )
    for key, fault in _on(call, "throttling"):
        _use(call, key, fault)
        wait = int(fault.chosen["wait"])
        shown = wait if call.is_in_process else max(1, round(wait / max(call.world.clock.speed, 1.0)))
        raise arm_error(429, "TooManyRequests", "Too many requests have been made.", {"Retry-After": str(shown)})
    for key, fault in _on(call, MISSING_PERMISSION):
        if not is_open_to_all(call):
            _use(call, key, fault)
            raise not_allowed(call)
    for key, fault in _on(call, "server-error"):
        _use(call, key, fault)
        code, message = _STATUS_WORDS[str(fault.chosen["status"])]
        raise arm_error(int(fault.chosen["status"]), code, message)
    return None


def bring(call: Call, response: Response) -> None:
    """Let the line slow an answer down, break it off, or lose it."""
    if response.lost:
        return
    for _, fault in _on(call, "line-slow"):
        response.delay_s = float(fault.chosen["delay"])
    if response.status >= 400:
        return
    for key, fault in _on(call, "connection-reset"):
        _use(call, key, fault)
        if call.method not in READS or not (body := response.read()):
            response.lost = "answer"
        else:
            response.headers["Content-Length"] = str(len(body))
            response.body, response.breaks_off = body[: len(body) // 2], True
        return


def _on(call: Call, kind: str) -> Iterator[tuple[str, rec.Fault]]:
    """The first fault of the kind that hits this request, if there is one."""
    for key in call.world.faults.keys(""):
        fault = call.world.faults.get(key)
        if fault is None or fault.kind != kind or (fault.left is not None and fault.left <= 0):
            continue
        if fits(call, str(fault.chosen.get("operation") or "")):
            yield key, fault
            return


def fits(call: Call, operation: str) -> bool:
    """Whether `operation` means this request: `reads`, `changes`, a method, a part of the path, or two of them."""
    words = operation.split()
    if words and (words[0] in ("reads", "changes") or words[0].isupper()):
        is_meant = {"reads": call.method in READS, "changes": call.method not in READS}
        if not is_meant.get(words[0], call.method == words[0]):
            return False
        words = words[1:]
    return all(word.lower() in call.path.lower() for word in words)


def _use(call: Call, key: str, fault: rec.Fault) -> None:
    use_up(call.world, key, fault, call.now)
