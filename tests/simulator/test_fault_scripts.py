"""Scripts of what goes wrong: they run by virtual time, and every mistake is told in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.simulator.faults.script import read_steps
from tests.simulator.client import Client

SCRIPT = """
[[at]]
after = "PT10M"
fault = "host-offline"
host = "HV-HQ-02"
for = "PT30M"

[[at]]
after = "PT20M"
fault = "throttling"
operation = "GET replicationJobs"
count = 2

[[at]]
after = "P1D"
end = "all"
"""


def on(client: Client) -> list[str]:
    return [fault.kind for fault in client.simulator.faults.running]


def test_script_runs_by_virtual_time() -> None:
    client = Client(faults=SCRIPT)
    assert on(client) == []
    client.clock.advance(601)
    assert on(client) == ["host-offline"]
    client.clock.advance(600)
    assert on(client) == ["host-offline", "throttling"]
    client.clock.advance(1200)
    assert on(client) == ["throttling"]
    client.clock.advance(86_400)
    assert on(client) == []


def test_script_goes_on_after_reopening_and_does_not_begin_anew(tmp_path: Path) -> None:
    state = tmp_path / "state.sqlite"
    client = Client(state_file=state, faults=SCRIPT)
    client.clock.advance(601)
    assert on(client) == ["host-offline"]
    client.simulator.close()
    again = Client(state_file=state, faults=SCRIPT)
    again.clock.advance(600)
    assert on(again) == ["host-offline", "throttling"]
    coming = again.send("GET", "/simulator/faults").json["coming"]
    assert coming == [{"at": "2026-03-03T07:30:00.0000000Z", "kind": "all"}]


def test_ending_all_ends_the_script_too() -> None:
    client = Client(faults=SCRIPT)
    client.simulator.faults.end_all()
    client.clock.advance(1300)
    assert on(client) == []


def test_fault_that_cannot_begin_is_passed_over(caplog: pytest.LogCaptureFixture) -> None:
    client = Client(faults='[[at]]\nafter = "PT1M"\nfault = "address-taken"\nmachine = "DC01"\n')
    client.clock.advance(61)
    assert on(client) == []
    assert "Protect one first." in caplog.text


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("[[at]", "The script is no TOML"),
        ("", "The script has no step"),
        ("at = 3", "The steps of a script are tables headed [[at]]."),
        ('[[at]]\nfault="line-cut"\n[extra]', "The script has 'extra', where only [[at]] is known."),
        ('[[at]]\nfault="flood"', "Step 1 of the script: there is no fault named 'flood'; there are host-offline,"),
        ("[[at]]\nfault=3", "Step 1 of the script: there is no fault named 3"),
        ('[[at]]\nafter="PT5M"', "Step 1 of the script: it needs either `fault`"),
        ('[[at]]\nfault="line-cut"\nend="all"', "Step 1 of the script: it needs either `fault`"),
        ('[[at]]\nend="flood"', "Step 1 of the script: there is no fault named 'flood'"),
        ('[[at]]\nend="all"\nfor="PT1M"', "Step 1 of the script: 'for' means nothing beside `end`."),
        ('[[at]]\nafter="10 minutes"\nfault="line-cut"', "'10 minutes' is no period such as PT10M"),
        ('[[at]]\nafter=-5\nfault="line-cut"', "-5 is no period"),
        ('[[at]]\nfault="line-cut"\nfor="P"', "'P' is no period"),
        ('[[at]]\nfault="line-cut"\ncount=2', "line-cut hits no requests or jobs that could be counted"),
        ('[[at]]\nfault="throttling"\ncount=0', "A count is a whole number, 1 or more."),
        ('[[at]]\nfault="throttling"\nwait=1.5', "wait = 1.5 is neither a text nor a whole number."),
        ('[[at]]\nfault="throttling"\nwait=9999', "wait = 9999 is no whole number from 1 to 3600."),
        ('[[at]]\nfault="throttling"\nspeed=2', "throttling has no parameter named 'speed'; it takes operation, wait."),
        ('[[at]]\nfault="line-cut"\nhost="X"', "line-cut has no parameter named 'host'; it takes none."),
        ('[[at]]\nfault="host-offline"\nhost="HV-9"', "no host is named 'HV-9'."),
        ('[[at]]\nfault="job-fails"\nmachine="NOBODY"', "no machine is named 'NOBODY'."),
        ('[[at]]\nfault="job-fails"\nscenario="Dance"', "no kind of job is named 'Dance'."),
        ('[[at]]\nfault="network-deleted"\nnetwork="vnet-x"', "no virtual network is named 'vnet-x'."),
        ('[[at]]\nfault="storage-firewall"\naccount="stx"', "no storage account is named 'stx'."),
        ('[[at]]\nfault="line-cut"\n[[at]]\nfault="flood"', "Step 2 of the script: there is no fault"),
    ],
)
def test_mistake_is_told_in_a_sentence(script: str, says: str) -> None:
    with pytest.raises(ValueError) as caught:
        Client(faults=script)
    assert says in str(caught.value)
    assert str(caught.value).endswith(".")


def test_scenario_file_holds_the_same_steps() -> None:
    client = Client()
    steps = read_steps(client.simulator.faults.world, [{"after": "PT1M", "fault": "line-cut", "for": "PT1M"}])
    client.simulator.faults.play(steps)
    client.clock.advance(61)
    assert on(client) == ["line-cut"]
