"""Quotas of a practice vault as a test wants them."""

from __future__ import annotations

import json

from app.simulator.messages import Headers, Request
from app.simulator.service import Simulator


def limit_quota(simulator: Simulator, **limits: object) -> None:
    """Such as `regionalCores=6` or `families={"standardDSv5Family": 4}`."""
    headers = Headers({"Authorization": f"Bearer {simulator.token}"})
    url = "/simulator/quota?api-version=1"
    assert simulator.handle(Request("PUT", url, headers, json.dumps(limits).encode())).status == 200
