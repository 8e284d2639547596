"""Whose addresses the hosts of a connection have to reach."""

from __future__ import annotations

from app.domain.connection_check import listed_cloud
from app.domain.prerequisites import Cloud
from app.live.services import Services


def address_cloud(services: Services) -> Cloud | None:
    """The practice vault's hosts are told the usual ones; None for a cloud that no list knows."""
    return Cloud.COMMERCIAL if services.sign_in is None else listed_cloud(services.sign_in.wish.cloud)
