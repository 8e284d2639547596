"""Which address a test machine gets: the fixed one where the subnet has it free, else the next free one."""

from __future__ import annotations

import pytest

from tests.simulator.client import Client


@pytest.mark.parametrize(
    ("fixed", "expected"),
    [("10.40.3.9", "10.40.3.9"), ("10.40.3.3", "10.40.3.4"), ("10.40.1.9", "10.40.3.4"), ("", "10.40.3.4")],
)
def test_a_drill_takes_the_fixed_address_or_another_one(fixed: str, expected: str) -> None:
    client = Client()
    item = client.protect("DC01")
    nic = client.properties(item)["providerSpecificDetails"]["vmNics"][0]["nicId"]
    address = {"recoverySubnetName": "data", "recoveryStaticIPAddress": fixed}
    change = {"vmNics": [{"nicId": nic, "selectionType": "SelectedByUser", "ipConfigs": [address]}]}
    client.carry_out("PATCH", item, {"properties": change})
    client.carry_out("POST", f"{item}/testFailover", client.test_failover_body())

    nics = client.values(f"{client.group}/providers/Microsoft.Network/networkInterfaces")

    assert [each["properties"]["ipConfigurations"][0]["properties"]["privateIPAddress"] for each in nics] == [expected]
