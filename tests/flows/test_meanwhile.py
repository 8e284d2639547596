"""What a set-up tells when it is opened again: hosts that came, left or fell silent since it was looked at."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.domain.registration_key import RegistrationKey
from app.flows.draft import SetUpDraft
from app.flows.meanwhile import hosts_seen, meanwhile
from tests.support.estates import (
    GROUP,
    INTERNAL_ID,
    LOCATION,
    NOW,
    SUBSCRIPTION,
    context,
    contoso,
    empty,
    ready_draft,
)

SEEN = hosts_seen(ready_draft(), contoso())


LEFT = NOW - timedelta(days=2)


def news(draft: SetUpDraft = SEEN, **estate: object) -> tuple[str, ...]:
    return meanwhile(draft, context(contoso(**estate)), LEFT)


def key_until(ends: datetime, *, site_id: str = INTERNAL_ID) -> RegistrationKey:
    return RegistrationKey(
        site_id=site_id,
        site="Contoso-HQ",
        vault="asr-contoso-weu",
        subscription=SUBSCRIPTION,
        resource_group=GROUP,
        location=LOCATION,
        valid_from=ends - timedelta(hours=120),
        valid_until=ends,
        thumbprint="AB" * 20,
        path=Path("key.VaultCredentials"),
    )


def news_with(key: RegistrationKey) -> tuple[str, ...]:
    return meanwhile(SEEN, replace(context(), keys=(key,)), LEFT)


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
    assert meanwhile(SEEN, context(empty()), LEFT) == ()
    assert hosts_seen(SEEN, empty()) is SEEN


def test_noting_what_is_known_already_changes_nothing() -> None:
    assert hosts_seen(SEEN, contoso()) is SEEN


@pytest.mark.parametrize("ends", [NOW, NOW - timedelta(minutes=1), LEFT + timedelta(seconds=1)])
def test_a_key_that_expired_meanwhile_is_told(ends: datetime) -> None:
    assert news_with(key_until(ends)) == (
        "The registration key of Contoso-HQ has expired: renew it before you register another host.",
    )


def test_a_key_that_is_good_or_was_expired_before_is_no_news() -> None:
    assert news_with(key_until(NOW + timedelta(seconds=1))) == ()
    assert news_with(key_until(LEFT)) == ()


def test_the_key_of_another_site_is_no_news() -> None:
    assert news_with(key_until(NOW, site_id="another")) == ()
