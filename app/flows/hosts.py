"""What the flow says of registered hosts: in touch, silent, outdated."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from app.domain.fabric import RecoveryServicesProvider
from app.flows.step import Context

_CURRENT_STATES = frozenset({"", "latest", "supported"})


def silent_hosts(hosts: Iterable[RecoveryServicesProvider], context: Context) -> tuple[RecoveryServicesProvider, ...]:
    after = timedelta(minutes=context.rules.monitoring.host_silent_min)
    return tuple(host for host in hosts if host.is_silent(context.now, after))


def is_outdated(host: RecoveryServicesProvider) -> bool:
    """Whether Azure calls the host's Provider anything but current or supported."""
    return host.version_state.lower() not in _CURRENT_STATES


def silent_text(host: RecoveryServicesProvider, context: Context) -> str:
    remedy = (
        "On the host, start the service “Microsoft Azure Site Recovery Provider” (dra) and check the way to port 443."
    )
    if host.last_heartbeat is None:
        return f"{host.friendly_name} is not connected. {remedy}"
    minutes = max(0, int((context.now - host.last_heartbeat).total_seconds() // 60))
    return f"{host.friendly_name} has been silent for {_age_text(minutes)}. {remedy}"


def _age_text(minutes: int) -> str:
    if minutes < 120:
        return f"{minutes} minutes"
    hours = minutes // 60
    return f"{hours} hours" if hours < 48 else f"{hours // 24} days"
