"""The measure notices every handler: without one of them, a session that needs it has fewer equal answers."""

from __future__ import annotations

from functools import cache

import pytest

from app.simulator import service
from app.simulator.replies import json_response
from app.simulator.router import Route
from app.simulator.routes import ALL_ROUTES
from tests.conformance.replay import replay
from tests.conformance.report import Report
from tests.conformance.routes_used import RESULT, Use, sessions_in, uses
from tests.support.recordings import needs_recordings, wire_folder
from tests.support.session_files import Session
from tests.support.tables import Tell

pytestmark = needs_recordings

NOT_SIMULATED = {"error": {"code": "NotImplemented", "message": "This handler was taken away."}}


def equal_computed(session: Session) -> int:
    report = Report()
    report.add(replay(session))
    return report.total.equal_computed


def equal_without(route: Route, session: Session) -> int:
    with pytest.MonkeyPatch.context() as patch:
        if route is RESULT:
            patch.setattr(service, "operation_result", lambda call: json_response(501, NOT_SIMULATED))
        else:
            patch.setattr(service, "ALL_ROUTES", tuple(other for other in ALL_ROUTES if other is not route))
        return equal_computed(session)


@pytest.mark.slow
def test_a_handler_that_is_gone_lowers_the_figure(tell: Tell) -> None:
    sessions = {session.name: session for session in sessions_in(wire_folder() / "recordings")}
    found = uses(sessions)
    checked = {route: use for route, use in found.items() if use.computed}

    @cache
    def whole(name: str) -> int:
        return equal_computed(sessions[name])

    unnoticed = [route for route, use in checked.items() if not lowers(route, use, sessions, whole(use.smallest))]
    tell_table(tell, checked, found)
    assert [f"{route.method} {route.template}" for route in unnoticed] == []
    assert len(checked) > 60


def lowers(route: Route, use: Use, sessions: dict[str, Session], whole: int) -> bool:
    return equal_without(route, sessions[use.smallest]) < whole


def tell_table(tell: Tell, checked: dict[Route, Use], found: dict[Route, Use]) -> None:
    rows = [
        ("taken away one by one", len(checked)),
        ("read only to learn what a session found", len(found) - len(checked)),
        ("in no recording", len(ALL_ROUTES) + 1 - len(found)),
    ]
    tell("Handlers of the practice vault, by their use in recorded sessions", ("", "handlers"), rows)
