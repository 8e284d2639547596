"""Reads locks and rights of virtual networks, in few requests however many there are."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.arm_id import ArmId
from app.domain.resource_access import AccessFacts
from app.domain.rights import Place, When
from app.domain.rules import RightsRules
from app.services.access_reader import AccessReader, needed_at
from app.services.gateways import Gateways


class NetworkCheck:
    """One per connection; keeps what it has read. Reads only.

    Attributes:
        facts: all that is known so far.
    """

    def __init__(self, gateways: Gateways, rules: RightsRules) -> None:
        needed = needed_at(rules, Place.NETWORK, When.OLD_NETWORK)
        self._reader = AccessReader(gateways, rules, needed)
        self.facts = AccessFacts()

    async def read_access(self, networks: Sequence[ArmId]) -> AccessFacts:
        """Read locks and rights that hold for these, those that matter most first.

        Raises:
            AppError: nobody is signed in, Azure cannot be reached, or asks to wait.
        """
        found, unread = await self._reader.read(networks)
        self.facts = self.facts.with_read(found, unread)
        return self.facts
