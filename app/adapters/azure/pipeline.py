"""The policies that every request of ours passes.

The SDK's own list, with three changes. Its automatic registration of resource providers is left out: it would change
the subscription unseen, and gives the repeated write another client request id, by which a lost write could no longer
be found. Retries are careful with writes. And plain http is allowed to this very computer.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from azure.core.credentials_async import AsyncTokenCredential
from azure.core.pipeline import PipelineRequest, PipelineResponse
from azure.core.pipeline.policies import (
    AsyncRedirectPolicy,
    AsyncRetryPolicy,
    ContentDecodePolicy,
    HeadersPolicy,
    ProxyPolicy,
    RequestIdPolicy,
    SansIOHTTPPolicy,
    SensitiveHeaderCleanupPolicy,
    UserAgentPolicy,
)
from azure.mgmt.core.policies import ARMHttpLoggingPolicy, AsyncARMChallengeAuthenticationPolicy

from app.domain.addresses import is_loopback

Heard = Callable[[datetime], None]
"""Told the time that an answer's Date header gives."""

USER_AGENT = "SiteRecoveryDesk"
LONGEST_WAIT_S = 10.0
"""A service that asks for a longer pause is left to the caller, who can show it and let the user leave."""

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class CarefulRetries(AsyncRetryPolicy[Any, Any]):
    """Repeats reads after any passing trouble, and writes only where the service surely did not take them (429).

    The SDK's own policy repeats a PUT whose answer was lost, and a POST after a 503. No ARM POST is idempotent, and the
    journal promises one accepted write: a write of unknown fate is looked up, not sent again.
    """

    def __init__(self) -> None:
        super().__init__(
            retry_total=3, retry_connect=2, retry_read=2, retry_status=3, retry_backoff_factor=0.4, retry_backoff_max=5
        )

    def configure_retries(self, options: dict[str, Any]) -> dict[str, Any]:
        settings = super().configure_retries(options)
        settings["methods"] = SAFE_METHODS
        return settings

    def is_retry(self, settings: dict[str, Any], response: PipelineResponse[Any, Any]) -> bool:
        answer = response.http_response
        if (self.get_retry_after(response) or 0.0) > LONGEST_WAIT_S:
            return False
        if response.http_request.method not in SAFE_METHODS:
            return bool(answer.status_code == 429)
        return bool(super().is_retry(settings, response))


class AllowLoopback(SansIOHTTPPolicy[Any, Any]):
    """Lets a token travel without TLS to this computer alone, where a practice vault serves."""

    def on_request(self, request: PipelineRequest[Any]) -> None:
        if is_loopback_http(request.http_request.url):
            request.context["enforce_https"] = False


class HearTime(SansIOHTTPPolicy[Any, Any]):
    """Reads the service's time off each answer."""

    def __init__(self, heard: Heard) -> None:
        super().__init__()
        self._heard = heard

    def on_response(self, request: PipelineRequest[Any], response: PipelineResponse[Any, Any]) -> None:
        time = date_of(response.http_response.headers.get("Date"))
        if time is not None:
            self._heard(time)


def date_of(header: str | None) -> datetime | None:
    """The time in a Date header; None when there is none or it cannot be read."""
    if not header:
        return None
    try:
        time = parsedate_to_datetime(header)
    except ValueError:
        return None
    return time if time.tzinfo is not None else None


def is_loopback_http(url: str) -> bool:
    return urlsplit(url).scheme == "http" and is_loopback(url)


def arm_policies(credential: AsyncTokenCredential, scopes: tuple[str, ...], heard: Heard) -> list[Any]:
    """A fresh list: azure-core links the policies of a pipeline to each other, so no two clients may share them."""
    return [
        RequestIdPolicy(),
        HeadersPolicy(),
        UserAgentPolicy(base_user_agent=USER_AGENT),
        ProxyPolicy(),
        ContentDecodePolicy(),
        AllowLoopback(),
        AsyncRedirectPolicy(),
        CarefulRetries(),
        AsyncARMChallengeAuthenticationPolicy(credential, *scopes),
        HearTime(heard),
        SensitiveHeaderCleanupPolicy(),
        ARMHttpLoggingPolicy(),
    ]
