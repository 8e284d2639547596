"""From an Azure account to a vault, in the whole window: signed in, chosen, named, kept, opened again, signed out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.paths import user_paths
from app.saved_connections import SavedConnection, SavedConnections
from tests.support.drive_window import DrivenWindow, open_window
from tests.support.identity import ROBOT, ROBOT_SECRET, TENANT, VAULT, ServedIdentity, served_identity
from ui.connections.connecting import Connecting
from ui.sign_in.expiry import ENDED

pytestmark = pytest.mark.slow


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[ServedIdentity]:
    async with served_identity(tmp_path / "server") as identity:
        yield identity


def kept() -> tuple[SavedConnection, ...]:
    return SavedConnections(user_paths().connections_file).load()


def connecting(window: DrivenWindow) -> Connecting:
    assert window.program.home is not None
    return window.program.home.connecting


async def sign_in_as_robot(window: DrivenWindow, served: ServedIdentity) -> None:
    await window.click("welcome-connect")
    await window.appears("page-connect")
    await window.pick("sign-in-cloud", "Another cloud, by its address")
    await window.click("sign-in-way-client-secret")
    await window.type_into("sign-in-address", served.arm)
    await window.type_into("sign-in-ca", str(served.ca))
    await window.type_into("sign-in-tenant", TENANT)
    await window.type_into("sign-in-client", ROBOT)
    await window.type_into("sign-in-secret", ROBOT_SECRET)
    await window.click("sign-in-go")
    await window.appears("vault-chooser")


async def connect(window: DrivenWindow, served: ServedIdentity, name: str) -> None:
    await sign_in_as_robot(window, served)
    await window.until(lambda: window.rows("vaults-table"), "the vaults")
    await window.choose_row("vaults-table", VAULT)
    await window.click("vault-use")
    await window.type_into("connection-name", name)
    await window.click("connection-colour-magenta")
    await window.click("connect-finish")
    await window.appears("page-overview")


async def test_a_connection_is_made_kept_and_opened_read_only(served: ServedIdentity) -> None:
    async with open_window() as window:
        await connect(window, served, "Contoso production")
        (room,) = window.program.window.rooms
        assert room.sign is not None
        assert (room.sign.name, room.sign.vault, room.sign.is_read_only) == ("Contoso production", VAULT, True)
        assert window.program.desk is not None
        await window.click("connection_tab_lock")
        assert not room.sign.is_read_only
        await window.until(lambda: kept() and kept()[0].opened is not None, "the connection to be kept")
        (saved,) = kept()
        assert (saved.name, saved.colour, saved.account, saved.opens_read_only) == (
            "Contoso production",
            "magenta",
            ROBOT,
            True,
        )
        assert ROBOT_SECRET not in user_paths().connections_file.read_text("utf-8")
        assert connecting(window).view is None


async def test_a_kept_connection_asks_for_its_secret_and_opens(served: ServedIdentity) -> None:
    async with open_window() as window:
        await connect(window, served, "Contoso production")
    async with open_window() as window:  # nothing could be kept but in memory
        await window.click("connection-open-0")
        await window.appears("sign-in-sheet")
        await window.type_into("sign-in-sheet-secret", "not-the-secret")
        await window.click("sheet_submit")
        await window.until(lambda: "secret" in window.texts("sign-in-sheet").lower(), "the refusal")
        assert not window.program.window.rooms
        await window.type_into("sign-in-sheet-secret", ROBOT_SECRET)
        await window.click("sheet_submit")
        await window.appears("page-overview")
        assert not window.shows("sign-in-sheet")


async def test_a_sign_in_that_ends_is_told_in_its_room_and_goes_on_after(served: ServedIdentity) -> None:
    async with open_window() as window:
        await connect(window, served, "Contoso production")
        served.change_secret(ROBOT, "another secret")
        served.revoke(ROBOT)
        room = window.program.window.room
        assert window.program.desk is not None
        assert window.program.desk.views is not None
        window.program.desk.views.refresh()
        await window.until(lambda: any(each.key == ENDED for each in room.notices.notices), "the banner")
        assert not any(each.key == ENDED for each in window.program.window.home.notices.notices)
        assert window.news(ENDED)[0] == "Your sign-in to Contoso production has ended"
        await window.click(f"banner_{ENDED}_action_0")
        await window.type_into("sign-in-sheet-secret", "another secret")
        await window.click("sheet_submit")
        await window.until(lambda: not window.shows(f"banner_{ENDED}"), "the banner to go")
        assert window.program.window.room is room
        assert window.shows("page-overview")


async def test_going_back_keeps_what_was_answered(served: ServedIdentity) -> None:
    async with open_window() as window:
        await sign_in_as_robot(window, served)
        await window.until(lambda: window.rows("vaults-table"), "the vaults")
        await window.click("connect-vaults-back")
        await window.appears("sign-in-who")
        await window.click("connect-back")
        await window.appears("page-welcome")
        await window.click("welcome-connect")
        await window.click("connect-next")
        await window.appears("vault-chooser")
        assert window.rows("vaults-table")


async def test_a_name_that_another_connection_has_is_refused_at_its_field(served: ServedIdentity) -> None:
    async with open_window() as window:
        await connect(window, served, "Contoso production")
        (saved,) = kept()
        SavedConnections(user_paths().connections_file).put(
            SavedConnection("other", "Branches", replace(saved.spec, vault="asr-branch"))
        )
        await window.click("open_another")
        await window.until(lambda: window.shows("connection-open-1"), "both connections")
        await sign_in_as_robot(window, served)
        await window.until(lambda: window.rows("vaults-table"), "the vaults")
        await window.choose_row("vaults-table", VAULT)
        await window.click("vault-use")
        assert window.text("connection-name") == "Contoso production"
        await window.type_into("connection-name", "branches")
        await window.click("connect-finish")
        assert "has this name already" in window.texts("page-connect")
        assert len(kept()) == 2
