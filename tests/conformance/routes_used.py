"""Which routes of the practice vault recorded sessions use, and in which session each can be looked at soonest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

from app.simulator.router import Route, Router
from app.simulator.routes import ALL_ROUTES
from tests.conformance.replay import own_exchanges
from tests.conformance.start_state import COMPUTED, infer
from tests.conformance.today import is_of_2017
from tests.support.session_files import NotASession, Session, read_session_file

RESULT = Route("GET", "{resource}/operationresults/{operation}", lambda call: None)  # type: ignore[arg-type, return-value]
"""What the door answers without a route of its own."""


@dataclass(slots=True)
class Use:
    """The sessions that use a route for an answer that is computed, by how many exchanges they have, and the others."""

    computed: dict[str, int] = field(default_factory=dict)
    seeded: set[str] = field(default_factory=set)

    @property
    def smallest(self) -> str:
        return min(self.computed, key=lambda name: (self.computed[name], name))


def sessions_in(folder: Path) -> Iterator[Session]:
    for path in sorted((*folder.rglob("*.json"), *folder.rglob("*.yaml"))):
        try:
            yield read_session_file(path.relative_to(folder).as_posix(), path.read_bytes())
        except NotASession:
            continue


def uses(sessions: dict[str, Session]) -> dict[Route, Use]:
    """For each route that is used at all."""
    by_path = Router([Route(route.method, route.template, route) for route in ALL_ROUTES])  # type: ignore[arg-type]
    found: dict[Route, Use] = {}
    for name, session in sessions.items():
        own = own_exchanges(session)
        origins = infer(own, is_of_2017(session.exchanges)).origins if own else {}
        for exchange in own:
            segments = [segment for segment in exchange.path.split("/") if segment]
            asked = SimpleNamespace(segments=segments, method=exchange.method, params={})
            route = by_path.find(asked)  # type: ignore[arg-type]
            if route is None and segments[-2:-1] and segments[-2].lower() == "operationresults":
                route = RESULT
            if route is None:
                continue
            use = found.setdefault(route, Use())  # type: ignore[arg-type]
            if origins.get(exchange.index, COMPUTED) == COMPUTED:
                use.computed[name] = len(own)
            else:
                use.seeded.add(name)
    return found
