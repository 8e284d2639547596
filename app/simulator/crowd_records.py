"""What the practice vault remembers of subscriptions beside the scenario's own."""

from __future__ import annotations

from msgspec import Struct, field

from app.simulator.crowd_data import CrowdData


class Subscription(Struct):
    """A subscription beside the scenario's own; see `crowd_data.SubscriptionData`.

    Attributes:
        registering: as in `Settings`.
    """

    id: str
    name: str
    tenant: str
    state: str = "Enabled"
    role: str = "Owner"
    unregistered: list[str] = field(default_factory=list)
    registering: dict[str, float] = field(default_factory=dict)


class CrowdShape(Struct):
    """A crowd of subscriptions, and when it was opened."""

    opened: float
    data: CrowdData
