"""`run-flow`: carries out a saved draft without a window.

Exit status 0: everything is there and confirmed. 1: something failed, and the same command goes on from there. 2: the
draft, or the connection, does not allow it; nothing was sent.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from app.bootstrap import open_connection, open_limits
from app.connection import ConnectionSpec, PracticeSpec, read_connection
from app.domain.issue import Issue, blocking
from app.domain.profiles import PROFILES
from app.errors import AppError, Conflict, InvalidInput
from app.flows.action import Action
from app.flows.draft import SetUpDraft
from app.flows.draft_file import load_draft
from app.flows.flow import Flow
from app.flows.places import network_id, vault_id_of
from app.flows.replica import accounts_of
from app.flows.step import Context
from app.live.services import Services
from app.services.runs import ActionSnapshot, RunSnapshot

DONE, FAILED, REFUSED = 0, 1, 2
_ROUNDS = 5
"""A site has to exist before its machines can be planned: after a run is done, the draft is compared once more."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="the draft, as the window saved it")
    parser.add_argument("--dry-run", action="store_true", help="list the actions and send nothing")
    parser.add_argument("--json", action="store_true", help="one JSON line per event")
    parser.add_argument(
        "--limits",
        choices=PROFILES,
        default="",
        help="the support limits to check by (default: as chosen in the window)",
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--connection",
        type=Path,
        metavar="FILE",
        help="the line that serve-simulator printed, or how to sign in to a cloud; see the README",
    )
    where.add_argument(
        "--practice", metavar="SCENARIO", default="contoso", help="a built-in practice vault (%(default)s)"
    )


def run(arguments: argparse.Namespace) -> int:
    teller = JsonTeller() if arguments.json else Teller()
    try:
        return asyncio.run(_run(arguments, teller))
    except AppError as error:
        status = REFUSED if isinstance(error, InvalidInput | Conflict) else FAILED
        teller.tell_error(error, status)
        return status


async def _run(arguments: argparse.Namespace, teller: Teller) -> int:
    draft = (await asyncio.to_thread(load_draft, arguments.file)).draft
    spec: ConnectionSpec = PracticeSpec(arguments.practice)
    if arguments.connection is not None:
        spec = await asyncio.to_thread(read_connection, arguments.connection)
    services = await open_connection(spec, limits=await open_limits(arguments.limits))
    try:
        key = str(await asyncio.to_thread(arguments.file.resolve))
        return await HeadlessFlow(services, draft, key, teller).run(is_dry=arguments.dry_run)
    finally:
        await services.aclose()


class HeadlessFlow:
    """One draft on one connection. `key` is that of the window, so that each can go on with the other's run."""

    def __init__(self, services: Services, draft: SetUpDraft, key: str, teller: Teller) -> None:
        self._services = services
        self._draft = draft
        self._key = key
        self._teller = teller

    async def run(self, *, is_dry: bool) -> int:
        has_run = False
        if not is_dry:
            unfinished = await self._services.runner.unfinished_of(self._key)
            if unfinished is not None and not unfinished.refused:  # else the draft may hold another answer by now
                has_run = True
                if not (await self._carry_out(unfinished.id, is_resumed=True)).is_done:
                    return self._end(FAILED)
        for _ in range(_ROUNDS):
            flow = await self._read()
            issues = blocking(flow.issues("review"))
            if issues:
                self._teller.tell_issues(issues)
                return self._end(REFUSED)
            if flow.actions or not has_run:
                self._teller.tell_actions(flow.actions)
            if is_dry or not flow.actions:
                return self._end(DONE)
            has_run = True
            run_id = await self._services.runner.plan(self._draft.name, flow.actions, key=self._key)
            if not (await self._carry_out(run_id)).is_done:
                return self._end(FAILED)
        return self._end(DONE)

    async def _read(self) -> Flow:
        vault, read_at = self._draft.vault, self._services.clock.now()
        estate = await self._services.inventory.estate(
            vault_id_of(vault) if vault.name else None,
            vault.subscription,
            target_subscription=self._draft.target.subscription,
            target_group=self._draft.target.resource_group,
            location=vault.location,
        )
        services = self._services
        there = [each for each in accounts_of(self._draft, estate) if estate.storage_account(each.text) is not None]
        storage = await services.storage.read_access(there)
        network = network_id(self._draft)
        is_there = network is not None and estate.network(network.text) is not None
        networks = await services.networks.read_access([network] if network is not None and is_there else [])
        now, reports = services.clock.now(), services.reports.all()
        context = Context(
            estate, services.limits.rules, now, reports, storage=storage, networks=networks, read_at=read_at
        )
        return Flow(self._draft, context)

    async def _carry_out(self, run_id: str, *, is_resumed: bool = False) -> RunSnapshot:
        run = await self._services.runner.snapshot(run_id)
        self._teller.begin(run, is_resumed)
        return await self._services.runner.carry_out(run_id, self._teller.follow)

    def _end(self, status: int) -> int:
        self._teller.end(status)
        return status


class Teller:
    """Tells the run to a person: one line per change."""

    def __init__(self) -> None:
        self._told: dict[str, object] = {}
        self._last: RunSnapshot | None = None

    def begin(self, run: RunSnapshot, is_resumed: bool) -> None:
        self._told = {action.action.id: self._told_by(action) for action in run.actions if action.state.is_done}
        self._last = run
        self._begin(run, is_resumed)

    def follow(self, run: RunSnapshot) -> None:
        self._last = run
        for place, action in enumerate(run.actions, 1):
            now = self._told_by(action)
            if action.text and self._told.get(action.action.id) != now:
                self._told[action.action.id] = now
                self._change(place, len(run.actions), action)

    def _told_by(self, action: ActionSnapshot) -> object:
        """What must have changed for another line."""
        return action.text

    def tell_issues(self, issues: Sequence[Issue]) -> None:
        for issue in issues:
            print(f"Not ready: {issue.text}")

    def tell_actions(self, actions: Sequence[Action]) -> None:
        for place, action in enumerate(actions, 1):
            print(f"{place:3}  {action.label}: {action.before or 'absent'} -> {action.after}")
        if not actions:
            print("Nothing to do: Azure has everything already.")

    def tell_error(self, error: AppError, status: int) -> None:
        print(error.sentence, file=sys.stderr)

    def end(self, status: int) -> None:
        run = self._last
        if run is None:
            return
        for action in run.troubled:
            problem = action.problem
            if problem is not None:
                print("\n".join(filter(None, (f"\n{problem.title}", problem.advice, problem.details))))
        print(f"{run.done_count} of {len(run.actions)} actions done and confirmed.")
        if status == FAILED and run.refused:
            print("The same would be refused again: change the answer in the draft, or remove the cause in Azure.")
        if status == FAILED:
            print("Run the same command again to go on from here.")

    def _begin(self, run: RunSnapshot, is_resumed: bool) -> None:
        if is_resumed:
            print(f"Going on with an unfinished run: {run.done_count} of {len(run.actions)} actions are done.")

    def _change(self, place: int, total: int, action: ActionSnapshot) -> None:
        print(f"[{place}/{total}] {action.action.label}: {action.text}", flush=True)


class JsonTeller(Teller):
    """Tells the run to a program: one JSON line per event, the last one `end`."""

    def _told_by(self, action: ActionSnapshot) -> object:
        return action.state, action.text

    def tell_issues(self, issues: Sequence[Issue]) -> None:
        for issue in issues:
            _line({"event": "issue", "field": issue.field, "text": issue.text})

    def tell_actions(self, actions: Sequence[Action]) -> None:
        _line({"event": "actions", "actions": [_describe(action) for action in actions]})

    def tell_error(self, error: AppError, status: int) -> None:
        _line({"event": "error", "code": error.code, "title": error.title, "advice": error.advice})
        self.end(status)

    def end(self, status: int) -> None:
        run = self._last
        _line(
            {
                "event": "end",
                "status": status,
                "done": 0 if run is None else run.done_count,
                "actions": 0 if run is None else len(run.actions),
                "problems": [] if run is None else [_problem(action) for action in run.troubled],
            }
        )

    def _begin(self, run: RunSnapshot, is_resumed: bool) -> None:
        _line({"event": "run", "run": run.id, "resumed": is_resumed, "actions": len(run.actions)})

    def _change(self, place: int, total: int, action: ActionSnapshot) -> None:
        _line(
            {
                "event": "action",
                "id": action.action.id,
                "label": action.action.label,
                "state": action.state.value,
                "text": action.text,
                "job": action.job_id,
            }
        )


def _describe(action: Action) -> Mapping[str, Any]:
    return {
        "id": action.id,
        "kind": action.kind.value,
        "label": action.label,
        "subject": action.subject,
        "target": action.target.text,
        "before": action.before,
        "after": action.after,
        "body": action.body,
        "usual_s": action.usual_s,
    }


def _problem(action: ActionSnapshot) -> Mapping[str, Any]:
    problem = action.problem
    return {"id": action.action.id, "label": action.action.label} | (
        {} if problem is None else {"code": problem.code, "title": problem.title, "advice": problem.advice}
    )


def _line(event: Mapping[str, Any]) -> None:
    print(json.dumps(event, ensure_ascii=False), flush=True)
