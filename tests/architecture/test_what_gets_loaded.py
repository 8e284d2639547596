"""What importing a door of the program brings in, asked of a fresh interpreter."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support.source import ROOT

LOADED = "import sys, importlib; importlib.import_module(sys.argv[1]); print(*sys.modules)"

QT = ("PySide6", "shiboken6", "qasync")
AZURE = ("azure", "msal", "aiohttp")
NETWORK = ("requests", "urllib3", "truststore", "pypac", "dukpy")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("door", "unwanted"),
    [
        pytest.param("ui.main", (*AZURE, *NETWORK), id="the first frame comes without Azure"),
        pytest.param("app.simulator.service", ("azure", *QT), id="the simulator shares nothing with the SDKs"),
        pytest.param("app.__main__", (*QT, *AZURE), id="the headless door has no window"),
        pytest.param("app.bootstrap", (*QT, *AZURE, *NETWORK), id="the wiring is lazy"),
        pytest.param(
            "ui.views.connection_check.view", (*AZURE, *NETWORK), id="the page of the check asks for its parts"
        ),
        pytest.param("app.adapters.azure.clients", ("pypac", "dukpy"), id="scripts run elsewhere"),
        pytest.param(
            "app.adapters.network.prober", ("pypac", "dukpy", "azure"), id="the check needs no Azure to begin"
        ),
    ],
)
def test_door_loads_no_more_than_it_needs(door: str, unwanted: tuple[str, ...]) -> None:
    done = subprocess.run([sys.executable, "-c", LOADED, door], capture_output=True, text=True, cwd=ROOT, timeout=60)

    assert done.returncode == 0, done.stderr
    assert not [name for name in done.stdout.split() if name.partition(".")[0] in unwanted]
