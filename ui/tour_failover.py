"""The tour's second half: dashboard, drill, clean-up, failover, commit, jobs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from ui.tour_driver import Driver, TourError

ITEMS, JOBS = "items-table_rows", "jobs-table_rows"
TARGET = "Machine or object"
NO_NETWORK = "No network"
LEAST_PROTECTED = 10
FIRST_COPIES_S = 300.0
OPERATION_S = 120.0
_HEALTHY_STATES = ("Protected",)


class FailoverTour:
    """Watches replication, rehearses a failover of one machine, and fails it over."""

    def __init__(self, driver: Driver, report: dict[str, Any]) -> None:
        self._do = driver
        self._report = report
        self._machine = ""

    @property
    def steps(self) -> tuple[tuple[str, Callable[[], Awaitable[None]]], ...]:
        return (
            ("first-copies", self.first_copies),
            ("items", self.items),
            ("test-failover", self.test_failover),
            ("clean-up", self.clean_up),
            ("failover", self.failover),
            ("commit", self.commit),
            ("jobs", self.jobs),
            ("overview", self.overview),
            ("prerequisites", self.prerequisites),
            ("rights", self.rights),
            ("practice", self.practice),
        )

    async def first_copies(self) -> None:
        """Wait until enough machines are protected."""
        do = self._do
        await do.click("nav_items")
        await do.appears("page-items")
        await do.again_until(
            "items-refresh", lambda: len(self._protected()) >= LEAST_PROTECTED, "ten machines protected", FIRST_COPIES_S
        )
        await do.set_pace("4", "600")  # the jobs of the last 24 hours go back two minutes then, not half a one

    def _protected(self) -> list[str]:
        return [row["Machine"] for row in self._do.rows(ITEMS) if row["State"] in _HEALTHY_STATES]

    async def items(self) -> None:
        do = self._do
        self._machine = next((name for name in self._protected() if name.startswith("WEB")), self._protected()[0])
        await do.picture("items")
        await do.choose_row(ITEMS, self._machine, opens=True)
        await do.appears("items-details")
        await do.settle(20)
        await do.picture("item-details")
        await do.click("details-close")
        self._report["protected"] = len(self._protected())

    async def test_failover(self) -> None:
        do = self._do
        await self._open("items-test-failover")
        networks = [name for name in do.options("sheet-network") if name != NO_NETWORK]
        if networks and do.text("sheet-network") == NO_NETWORK:
            await do.pick("sheet-network", networks[0])
        await do.picture("test-failover")
        await self._carry_out()
        await do.picture("test-failover-result")
        self._report["test_failover"] = {"machine": self._machine, "done": True, "cleaned_up": False}
        await self._leave()

    async def clean_up(self) -> None:
        do = self._do
        await self._open("items-clean-up")
        await do.type_into("sheet-notes", "The web site answered. Nothing to change.")
        await do.picture("clean-up")
        await self._carry_out()
        self._report["test_failover"]["cleaned_up"] = True
        await self._leave()

    async def failover(self) -> None:
        do = self._do
        await self._open("items-planned-failover")
        await do.type_into("sheet-confirm-name", self._machine)
        await do.picture("planned-failover")
        await self._carry_out()
        self._report["failover"] = {"machine": self._machine, "done": True, "committed": False}
        await self._leave()

    async def commit(self) -> None:
        do = self._do
        await self._open("items-commit")
        await do.type_into("sheet-confirm-name", self._machine)
        await do.picture("commit")
        await self._carry_out()
        self._report["failover"]["committed"] = True
        await self._leave()

    async def jobs(self) -> None:
        do = self._do
        await do.click("nav_jobs")
        await do.appears("page-jobs")
        await do.press("F5")
        await do.until(self._jobs_have_ended, "the last job to be shown as ended")
        await do.settle(20)
        await do.picture("jobs")
        rows = do.rows(JOBS)
        self._report["jobs"] = [
            {"scenario": row["Azure scenario"], "state": row["State"], "job": row["Job"], "target": row[TARGET]}
            for row in rows
        ]
        await do.choose_row(JOBS, "Test failover", opens=True)
        await do.appears("page-job")
        await do.settle(20)
        await do.picture("job")

    def _jobs_have_ended(self) -> bool:
        """The list that was there before may show the last one running; the service had ended it by then."""
        rows = self._do.rows(JOBS)
        return bool(rows) and all(row["State"] != "Running" for row in rows)

    async def overview(self) -> None:
        do = self._do
        await do.set_pace("3", "60")  # what was read grows old no faster than it is looked at
        await do.click("nav_overview")
        await do.appears("page-overview")
        await do.press("F5")
        await do.settle(40)
        await do.picture("overview")

    async def prerequisites(self) -> None:
        do = self._do
        await do.click("nav_prerequisites")
        tables = (
            ("prerequisites-azure", "prerequisite-azure.stays"),
            ("prerequisites-hosts", "prerequisite-hosts.antivirus"),
            ("prerequisites-machines", "prerequisite-machines.reach"),
            ("prerequisites-addresses", "prerequisites-copy"),
        )
        for number, (table, last) in enumerate(tables):
            if number:
                await do.focus("prerequisites-tabs")
                await do.press("Right")
            await do.appears(last)
            await do.settle(20)
            await do.picture(table)

    async def rights(self) -> None:
        do = self._do
        await do.click("nav_rights")
        await do.appears("rights-answer-title")
        self._report["rights"] = do.text("rights-answer-title")
        await do.settle(20)
        await do.picture("rights")

    async def practice(self) -> None:
        do = self._do
        if do.shows("nav_practice"):
            await do.click("nav_practice")
            await do.appears("page-practice")
            await do.settle(20)
            await do.picture("practice-controls")

    # The sheet

    async def _open(self, button: str) -> None:
        """Select the machine and open the sheet for an operation, once Azure allows it."""
        do = self._do
        await do.choose_row(ITEMS, self._machine)
        await do.again_until("items-refresh", lambda: do.can_press(button), f"“{button}” being allowed", OPERATION_S)
        await do.click(button)
        await do.appears("failover-sheet")
        await do.until(lambda: do.shows("sheet-run") and not do.shows("sheet-state"), "the sheet being read")

    async def _carry_out(self) -> None:
        do = self._do
        await do.click("sheet-run")
        await do.until(
            lambda: do.shows("sheet-done") or do.shows("sheet-retry"), "the operation being over", OPERATION_S
        )
        if do.shows("sheet-retry"):
            raise TourError(f"the operation failed: {do.text('sheet-state')}")
        await do.settle(10)

    async def _leave(self) -> None:
        await self._do.click("sheet-done")
        await self._do.until(lambda: not self._do.shows("failover-sheet"), "the sheet closing")
