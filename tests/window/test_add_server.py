"""Two nodes of a cluster behind a proxy, from not installed to registered, as somebody does who only has the window."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPlainTextEdit, QTabBar

from app.domain.host_set_up import HostKind, ProxyKind
from tests.support.drive_window import DrivenWindow, open_window
from ui.asking import Asking
from ui.widgets.labels import StatusLine

pytestmark = pytest.mark.slow

NODES = ("HV-HQ-01.contoso.local", "HV-HQ-02.contoso.local")


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's dialogs answer at once, with this folder: they are not ours to test."""

    async def save_file(self: Asking, title: str, suggested: str, kinds: str = "") -> Path:
        return tmp_path / suggested

    async def open_folder(self: Asking, title: str) -> Path:
        return tmp_path

    monkeypatch.setattr(Asking, "save_file", save_file)
    monkeypatch.setattr(Asking, "open_folder", open_folder)
    return tmp_path


async def to_new_site(window: DrivenWindow) -> None:
    await window.open_set_up()
    await window.click("vault-new")
    await window.appears("vault-sheet")
    await window.type_into("vault-name", "asr-contoso-weu")
    await window.pick("vault-resource-group", "Create a new one")
    await window.type_into("vault-new-resource-group", "rg-dr")
    await window.pick("vault-region", "West Europe")
    await window.click("vault-create")
    await window.until(lambda: window.rows("vault-table") and not window.shows("vault-sheet"), "the vault")
    await window.click("wizard-next")
    await window.appears("page-goal")
    for card in ("goal-source-on-premises", "goal-target-azure", "goal-hypervisor-hyper-v", "goal-uses-vmm-no"):
        await window.click(card)
    await window.click("wizard-next")
    await window.appears("page-source")
    await window.click("source-new-site")
    await window.type_into("source-site-name", "Contoso-HQ")
    await window.click("source-create-site")
    await window.until(lambda: not window.shows("site-sheet"), "the site")


async def name_hosts(window: DrivenWindow) -> None:
    await window.click("source-add-server")
    await window.appears("add-server-cluster-card")
    await window.click("add-server-cluster-card")
    await window.type_into("add-server-cluster", "HQ-CLUSTER")
    names = window.widget.findChild(QPlainTextEdit, "add-server-names")
    assert names is not None
    names.setPlainText("\n".join(NODES))
    await window.click("add-server-proxy-custom")
    await window.type_into("add-server-proxy-address", "http://proxy.contoso.com")
    await window.type_into("add-server-proxy-port", "8080")
    await window.type_into("add-server-proxy-user", "CONTOSO\\svc-asr")


def outcome(window: DrivenWindow, name: str) -> str:
    line = window.widget.findChild(StatusLine, name)
    return line.text if line is not None and line.isVisible() else ""


async def open_part(window: DrivenWindow, place: int, name: str) -> None:
    """Open a part, and wait until its button `name` has its place."""
    tabs = window.widget.findChild(QTabBar, "add-server-tabs")
    assert tabs is not None
    tabs.setCurrentIndex(place)
    await window.until(lambda: window.shows(name) and window.button(name).height(), f"{name} in its place")


async def make_key(window: DrivenWindow) -> None:
    await window.click("add-server-make-key")
    await window.until(lambda: "saved as" in outcome(window, "add-server-key-outcome"), "the key")


def check_files(places: Path) -> None:
    """A script for each node and one for both, and a key that nobody else can read."""
    scripts = [path.read_text("utf-8-sig") for path in places.glob("Register-*.ps1")]
    assert len(scripts) == 3
    assert all("proxy.contoso.com" in script and "asr-contoso-weu" in script for script in scripts)
    (key,) = places.glob("*.VaultCredentials")
    assert key.stat().st_mode & 0o077 == 0


async def test_two_nodes_behind_a_proxy_are_registered_by_following_the_window(places: Path) -> None:
    async with open_window("--practice", "empty") as window:
        await to_new_site(window)
        await name_hosts(window)
        await window.click("add-server-next")
        await window.appears("add-server-make-key")
        await make_key(window)
        await window.click("add-server-next")
        await window.click("download-start")
        await window.until(lambda: list(places.glob("Practice*")), "the installer")
        await window.click("add-server-next")
        await window.click("add-server-way-each")
        await window.click("add-server-save-scripts")
        await window.until(lambda: "3 scripts saved" in outcome(window, "add-server-script-outcome"), "the scripts")
        await window.click("add-server-next")
        await window.click("add-server-begin")
        for node in NODES:
            await window.click(f"add-server-run-{node}")
            await window.until(lambda node=node: not window.shows(f"add-server-run-{node}"), "the host")
        await window.until(lambda: "Both hosts are registered." in window.texts("add-server-part-wait"), "both")
        await window.click("add-server-next")
        await window.until(lambda: not window.shows("add-server-sheet"), "the sheet closing")
        assert [row["State"] for row in window.rows("source-hosts")] == ["Connected", "Connected"]
        assert {row["Node of"] for row in window.rows("source-hosts")} == {"HQ-CLUSTER"}
        hosts = window.draft.hosts
        assert (hosts.kind, hosts.names, hosts.proxy.kind) == (HostKind.CLUSTER, NODES, ProxyKind.CUSTOM)
    await asyncio.to_thread(check_files, places)


async def test_a_key_counts_down_can_be_judged_and_is_known_when_the_program_is_opened_again(
    places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen: list[Path] = []

    async def open_file(self: Asking, title: str, kinds: str = "") -> Path:
        return chosen[0]

    monkeypatch.setattr(Asking, "open_file", open_file)
    async with open_window("--practice", "empty") as window:
        await to_new_site(window)
        await name_hosts(window)
        await open_part(window, 1, "add-server-make-key")
        await make_key(window)
        chosen.append(next(places.glob("*.VaultCredentials")))  # noqa: ASYNC240
        await window.click("add-server-look-at-key")
        await window.until(lambda: "registers hosts in Contoso-HQ" in outcome(window, "add-server-key-outcome"), "it")
        chosen[0] = places / "notes.txt"
        await asyncio.to_thread(chosen[0].write_text, "no key")
        await window.click("add-server-look-at-key")
        await window.until(lambda: "notes.txt" in outcome(window, "add-server-key-outcome"), "the reason")
        await window.click("sheet_cancel")
        state = window.widget.findChild(StatusLine, "source-key")
        assert state is not None
        assert state.text.startswith("Valid until ")
        await window.click("wizard-save-and-close")
        await window.close()
    async with open_window("--practice", "empty") as again:
        await again.open_set_up()
        await again.until(lambda: again.shows("page-source"), "the source page")
        assert again.draft.hosts.names == NODES
        await again.click("source-add-server")
        await again.appears("add-server-make-key")


async def test_without_a_key_or_with_a_failed_check_a_host_stays_out_and_says_why() -> None:
    async with open_window("--practice", "empty") as window:
        await to_new_site(window)
        await name_hosts(window)
        await open_part(window, 4, f"add-server-run-{NODES[0]}")
        await window.click(f"add-server-run-{NODES[0]}")
        await window.until(lambda: "finds no key" in window.texts("add-server-part-wait"), "the reason")
        await open_part(window, 1, "add-server-make-key")
        await make_key(window)
        practice = window.wizard.controller.services.practice
        assert practice is not None
        troubles = await practice.troubles()
        kind = next(each for each in troubles.kinds if "check" in each.key)
        chosen = {each.name: each.choices[0].key for each in kind.parameters if each.choices}
        await practice.start_trouble(kind.key, chosen)
        await open_part(window, 4, f"add-server-run-{NODES[0]}")
        name = next(node for node in NODES if node.lower() in str(chosen).lower())
        await window.click(f"add-server-run-{name}")
        await window.until(lambda: "Nothing was installed" in window.texts("add-server-part-wait"), "the report")
        assert window.shows(f"add-server-run-{name}")
