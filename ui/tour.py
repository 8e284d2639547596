"""Drives the whole main job unattended: from nothing to a replicating, drilled, failed-over machine.

By object names, clicks and keys only, as a user would; it imports Qt and nothing of the program. What it finds it uses,
what is missing it makes, so it runs on an empty subscription and in a vault with a site and hosts. It leaves a picture
of every page in light and dark, and `tour.json` with what it saw.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from time import perf_counter
from typing import Any

from PySide6.QtWidgets import QWidget

from ui.tour_driver import Driver, Measure, TourError
from ui.tour_failover import FailoverTour
from ui.tour_set_up import SetUpTour

DONE, FAILED = 0, 1
REPORT = "tour.json"


class Tour:
    """One tour of one window. `measure.stop()` tells the stalls at the end."""

    def __init__(self, window: QWidget, folder: Path, measure: Measure) -> None:
        self._folder = folder
        self._measure = measure
        self._driver = Driver(window, folder, measure)
        self._report: dict[str, Any] = {"steps": []}

    async def run(self) -> int:
        """Returns the exit status; what went wrong stands in `tour.json` and on the terminal."""
        try:
            await asyncio.to_thread(_clear, self._folder)
        except OSError as error:
            print(f"tour: nothing can be written to {self._folder}: {error.strerror}", flush=True)
            return FAILED
        try:
            return await self._walk()
        except asyncio.CancelledError:
            print("tour: stopped before its end", flush=True)
            raise

    async def _walk(self) -> int:
        set_up = SetUpTour(self._driver, self._report)
        failover = FailoverTour(self._driver, self._report)
        steps: tuple[tuple[str, Callable[[], Awaitable[None]]], ...] = (*set_up.steps, *failover.steps)
        status = DONE
        for step_id, step in steps:
            began = perf_counter()
            print(f"tour: {step_id}", flush=True)
            try:
                await step()
            except TourError as error:
                status = FAILED
                self._report["failed"] = {"step": step_id, "why": str(error)}
                print(f"tour: {step_id} failed: {error}", flush=True)
                with suppress(TourError):
                    await self._driver.picture(f"failed-{step_id}")
            self._report["steps"].append({"id": step_id, "seconds": round(perf_counter() - began, 2)})
            if status is FAILED:
                break
        self._report["pictures"] = self._driver.pictures
        self._report["look_change_ms"] = max(self._driver.look_changes_ms, default=0.0)
        self._report["stall_ms"] = asdict(self._measure.stop())
        text = json.dumps(self._report, indent=2, ensure_ascii=False)
        await asyncio.to_thread((self._folder / REPORT).write_text, text, encoding="utf-8")
        print(f"tour: {len(self._driver.pictures)} pictures and {REPORT} in {self._folder}", flush=True)
        return status


def _clear(folder: Path) -> None:
    """See that the folder can be written, and leave no report in it of an earlier tour."""
    folder.mkdir(parents=True, exist_ok=True)
    report = folder / REPORT
    report.touch()
    report.unlink()
