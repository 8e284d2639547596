"""What a set-up tells when it is opened again: hosts that came, left or fell silent since it was looked at."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from app.flows.draft import SetUpDraft
from app.flows.meanwhile import hosts_seen, meanwhile
from tests.support.estates import NOW, context, contoso, empty, ready_draft

SEEN = hosts_seen(ready_draft(), contoso())


def news(draft: SetUpDraft = SEEN, **estate: object) -> tuple[str, ...]:
    return meanwhile(draft, context(contoso(**estate)))


def test_nothing_is_told_when_nothing_has_happened() -> None:
    assert SEEN.hosts.seen == ("HV-HQ-01", "HV-HQ-02")
    assert news() == ()


def test_a_host_that_came_is_told_with_its_machines() -> None:
    first = contoso().providers[0]
    before = hosts_seen(ready_draft(), contoso(providers=(first,)))
    (told,) = news(before)
    assert told.startswith("HV-HQ-02 has registered, with ")
    assert told.endswith("machines.")


def test_a_host_that_left_and_one_that_fell_silent_are_told() -> None:
    first, _ = contoso().providers
    silent = replace(first, last_heartbeat=NOW - timedelta(hours=3))
    assert news(providers=(silent,)) == (
        "HV-HQ-02 is not registered any more.",
        "HV-HQ-01 has been silent for 3 hours.",
    )


def test_what_was_not_read_says_nothing() -> None:
    assert meanwhile(SEEN, context(empty())) == ()
    assert hosts_seen(SEEN, empty()) is SEEN


def test_noting_what_is_known_already_changes_nothing() -> None:
    assert hosts_seen(SEEN, contoso()) is SEEN
