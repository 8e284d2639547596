"""What an administrator does to a practice vault: gives roles, takes them away, sets locks, withholds actions."""

from __future__ import annotations

import json
from typing import Any

from app.domain.arm_id import ArmId
from app.simulator.messages import Request
from app.simulator.service import Simulator
from app.simulator.wire import guid

OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
_AUTHORIZATION = "providers/Microsoft.Authorization"


class Administrator:
    """Calls past the program; must own the subscription as long as roles are to be given."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self.subscription = ArmId(f"/subscriptions/{simulator.subscription_id}")
        self.caller = str(self.call("GET", "/simulator")["caller"]["objectId"])
        given = self.call("GET", f"{self.subscription}/{_AUTHORIZATION}/roleAssignments")["value"]
        [mine] = [each for each in given if each["properties"]["principalId"] == self.caller]
        self._ownership = str(mine["id"])

    def call(self, method: str, path: str, body: object = None) -> Any:
        headers = {"Authorization": "Bearer any", "Content-Type": "application/json"}
        url = f"{self._simulator.arm_base}{path}?api-version=2022-04-01"
        content = json.dumps(body).encode() if body is not None else b""
        response = self._simulator.handle(Request(method, url, headers, content))
        read = response.read()
        assert response.status < 300, read
        return json.loads(read) if read else None

    def become(self, *roles: tuple[str, ArmId]) -> None:
        """Let the caller have these roles, each a role's id and a scope, and nothing else."""
        for role, scope in roles:
            self.give(role, scope)
        self.call("DELETE", self._ownership)

    def give(self, role: str, scope: ArmId) -> None:
        name = guid("tests", role, scope.key)
        definition = f"{self.subscription}/{_AUTHORIZATION}/roleDefinitions/{role}"
        properties = {"principalId": self.caller, "roleDefinitionId": definition}
        self.call("PUT", f"{scope}/{_AUTHORIZATION}/roleAssignments/{name}", {"properties": properties})

    def lock(self, scope: ArmId, level: str, name: str = "keep", notes: str = "") -> None:
        properties = {"level": level} | ({"notes": notes} if notes else {})
        self.call("PUT", f"{scope}/{_AUTHORIZATION}/locks/{name}", {"properties": properties})

    def unlock(self, scope: ArmId, name: str = "keep") -> None:
        self.call("DELETE", f"{scope}/{_AUTHORIZATION}/locks/{name}")

    def withhold(self, scope: ArmId, *actions: str, **others: object) -> None:
        self.call("PUT", "/simulator/denials/managed", {"scope": scope.text, "actions": actions, **others})
