"""Whose addresses the hosts of a connection have to reach."""

from __future__ import annotations

from app.domain.prerequisites import Cloud
from app.live.services import Services

_BY_NAME = {"public": Cloud.COMMERCIAL, "us-government": Cloud.GOVERNMENT}


def address_cloud(services: Services) -> Cloud | None:
    """The practice vault's hosts are told the usual ones; None for a cloud that no list knows."""
    if services.sign_in is None:
        return Cloud.COMMERCIAL
    return _BY_NAME.get(services.sign_in.wish.cloud.name)
