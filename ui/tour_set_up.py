"""The tour's first half: connect, six steps, review and run."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from ui.tour_driver import Driver, TourError

VAULT, GROUP, REGION = "asr-tour-weu", "rg-tour-dr", "West Europe"
SITE, STORAGE, NETWORK, POLICY = "Tour-HQ", "tourreplica01", "vnet-tour-weu", "tour-5min"
REFUSED = "banner_open"
HOSTS = 2
LEAST_MACHINES = 10
NAMES = ("HV-HQ-01", "HV-HQ-02")
_PARTS = (
    ("key", "add-server-make-key"),
    ("installer", "provider-download"),
    ("install", "add-server-save-scripts"),
    ("wait", "add-server-nodes"),
)
"""Each part of the sheet after the first, and what shows that it is there."""


class SetUpTour:
    """Walks the wizard. What is there already is picked, what is missing is made."""

    def __init__(self, driver: Driver, report: dict[str, Any]) -> None:
        self._do = driver
        self._report = report

    @property
    def steps(self) -> tuple[tuple[str, Callable[[], Awaitable[None]]], ...]:
        return (
            ("welcome", self.welcome),
            ("vault", self.vault),
            ("goal", self.goal),
            ("source", self.source),
            ("target", self.target),
            ("settings", self.settings),
            ("capacity", self.capacity),
            ("enable", self.enable),
            ("review", self.review),
            ("run", self.run),
        )

    async def welcome(self) -> None:
        """The first page; then whatever the connection opens with, led to the set-up."""
        do = self._do
        await do.appears("page-welcome")
        await do.picture("welcome")
        await do.until(
            lambda: do.shows("page-vault") or do.shows("nav_set_up") or do.shows(REFUSED), "the connection opening"
        )
        if do.shows(REFUSED):
            raise TourError(do.banner(REFUSED))
        if not do.shows("page-vault"):
            await do.click("nav_set_up")
            await do.appears("page-vault")

    async def vault(self) -> None:
        do = self._do
        await do.until(lambda: do.shows("wizard-next") and do.is_enabled("page-vault"), "the vaults being read")
        await do.click("vault-new")
        await do.appears("vault-sheet")
        if do.rows("vault-table_rows"):
            await do.picture("new-vault")
            await do.click("vault-cancel")
            if not do.has_choice("vault-table_rows"):
                await do.choose_row("vault-table_rows", do.first("vault-table_rows"))
        else:
            await do.type_into("vault-name", VAULT)
            await do.pick("vault-resource-group", "Create a new one")
            await do.type_into("vault-new-resource-group", GROUP)
            await do.pick("vault-region", REGION)
            await do.picture("new-vault")
            await do.click("vault-create")
            await do.until(lambda: bool(do.rows("vault-table_rows")), "the vault being created")
            await do.until(lambda: not do.shows("vault-sheet"), "the sheet closing")
        await do.picture("vault")
        await self._next("page-goal")

    async def goal(self) -> None:
        do = self._do
        for card in ("goal-source-on-premises", "goal-target-azure", "goal-hypervisor-hyper-v", "goal-uses-vmm-no"):
            if do.shows(card):
                await do.click(card)
        await do.picture("goal")
        await self._next("page-source")

    async def source(self) -> None:
        do = self._do
        sites = do.options("source-site")
        if sites and not do.text("source-site"):
            await do.pick("source-site", sites[0])
        await do.click("source-new-site")
        await do.appears("site-sheet")
        if do.text("source-site"):
            await do.picture("new-site")
            await do.click("source-cancel-site")
        else:
            await do.type_into("source-site-name", SITE)
            await do.picture("new-site")
            await do.click("source-create-site")
            await do.until(lambda: not do.shows("site-sheet"), "the site being created")
        await self._add_server()
        await self._hosts()
        await self._removal()
        self._report["site"] = do.text("source-site")
        self._report["hosts"] = len(do.rows("source-hosts_rows"))
        await do.picture("source")
        await self._next("page-target")

    async def _add_server(self) -> None:
        """Every part of the sheet, for two hosts; nothing is saved, so the answers are taken back at the end."""
        do = self._do
        await do.click("source-add-server")
        await do.appears("add-server-names")
        await do.type_into("add-server-names", ",".join(NAMES))
        await do.click("add-server-proxy-direct")
        await do.picture("add-server-hosts")
        for part, seen in _PARTS:
            await do.click("add-server-next")
            await do.appears(seen)
            await do.picture(f"add-server-{part}")
            if part == "install":
                await do.click("add-server-way-by-hand")
                await do.picture("add-server-by-hand")
        for _ in _PARTS:
            await do.click("add-server-back")
        await do.type_into("add-server-names", "")
        await do.press("Escape")
        await do.until(lambda: not do.shows("add-server-sheet"), "the sheet closing")

    async def _removal(self) -> None:
        """What is asked before a host is removed."""
        do = self._do
        await do.choose_row("source-hosts_rows", do.first("source-hosts_rows"))
        await do.click("source-remove-host")
        await do.appears("removal-sheet")
        await do.picture("remove-host")
        await do.click("sheet_cancel")
        await do.until(lambda: not do.shows("removal-sheet"), "the sheet closing")

    async def _hosts(self) -> None:
        do = self._do

        def count() -> int:
            return len(do.rows("source-hosts_rows"))

        for wanted in range(count() + 1, HOSTS + 1):
            await do.click("source-register-host")
            await do.until(lambda wanted=wanted: count() >= wanted, "a host registering")

    async def target(self) -> None:
        """Storage account and network: the first that suits, else one that the run will make."""
        do = self._do
        await do.until(lambda: do.is_enabled("page-target"), "the target being read")
        if not do.text("target-resource-group"):
            await do.pick("target-resource-group", GROUP)
        await do.click("target-new-storage")
        await do.appears("storage-sheet")
        if do.has_choice("target-storage-table_rows"):
            await do.picture("new-storage-account")
            await do.click("target-cancel-storage")
        else:
            await do.type_into("target-storage-name", STORAGE)
            await do.picture("new-storage-account")
            await do.click("target-add-storage")
            await do.until(lambda: not do.shows("storage-sheet"), "the storage account being taken")
        await do.click("target-new-network")
        await do.appears("network-sheet")
        if do.has_choice("target-network-table_rows"):
            await do.picture("new-network")
            await do.click("target-cancel-network")
        else:
            await do.type_into("target-network-name", NETWORK)
            await do.type_into("target-network-range", "10.60.0.0/16")
            await do.type_into("target-subnet-name", "snet-core")
            await do.type_into("target-subnet-range", "10.60.0.0/24")
            await do.picture("new-network")
            await do.click("target-add-network")
            await do.until(lambda: not do.shows("network-sheet"), "the network being taken")
        await do.picture("target")
        await do.click("target-landing")
        await do.appears("landing-sheet")
        await do.picture("what-would-land")
        await do.click("sheet_close")
        await do.until(lambda: not do.shows("landing-sheet"), "the sheet of landings being closed")
        await self._next("page-settings")

    async def settings(self) -> None:
        do = self._do
        if do.shows("settings-name"):
            await do.type_into("settings-name", POLICY)
            await do.type_into("settings-retention", "4")
        self._report["policy"] = do.text("settings-name")
        await do.picture("settings")
        await self._next("page-capacity")

    async def capacity(self) -> None:
        do = self._do
        await do.type_into("capacity-bandwidth", "500")
        await do.click("capacity-planner-later")
        await do.picture("capacity")
        await self._next("page-enable")

    async def enable(self) -> None:
        do = self._do
        await do.click("enable-choose-all-ready")
        await do.until(lambda: bool(do.text("enable-chosen")), "machines being chosen")
        await do.picture("enable")
        await self._next("page-review")

    async def review(self) -> None:
        do = self._do
        number = 0
        while do.shows(f"review-agree-{number}"):
            await do.click(f"review-agree-{number}")
            number += 1
        await do.picture("review")

    async def run(self) -> None:
        """Run it, with the practice clock as fast as it goes."""
        do = self._do
        await do.set_pace("5", "3,600")
        await do.click("review-run")
        await do.appears("page-run")
        await do.until(lambda: do.is_enabled("run-open-overview"), "the run being done", within_s=300)
        await do.picture("run")
        rows = do.rows("run-table_rows")
        self._report["actions"] = len(rows)
        await do.click("run-open-overview")
        await do.appears("page-overview")

    async def _next(self, page: str) -> None:
        await self._do.click("wizard-next")
        await self._do.appears(page)
