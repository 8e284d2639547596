"""Buttons about hosts that Azure would refuse: with the sentence why, and never for what is not known."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.domain.arm_id import ArmId, resource_group_id, subscription_id
from app.flows.checks import check_source
from app.flows.checks_replication import check_settings
from app.flows.draft import SetUpDraft, SiteChoice
from app.flows.rights_subjects import subject_of_draft
from app.flows.step import Context
from app.runtime.write_access import WriteAccess
from tests.support import estates
from tests.support.practice import Practice, contoso_draft, open_practice, refusal
from tests.support.roles import READER, Administrator
from tests.support.waiting import until
from tests.support.wizard_page import OpenedPage
from ui.tables.table_view import TableView
from ui.theme.theme import Theme
from ui.widgets.modal_sheet import ModalSheet
from ui.widgets.reasoned_button import ReasonedButton
from ui.wizard.known_rights import MAKE_KEY, KnownRights
from ui.wizard.pages.removal_sheet import RemovalSheet
from ui.wizard.pages.settings import SettingsPage
from ui.wizard.pages.source import SourcePage

Show = Callable[[QWidget], Awaitable[None]]

CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c"
RECOVERY_CONTRIBUTOR = "6670b86e-a3f7-4917-ac9b-5d6ab1be4567"
OPERATOR = "494ae006-db33-4328-bf46-533a6560a3ca"
ASKED = {
    "key": MAKE_KEY,
    "refresh": ("refresh_host",),
    "remove": ("remove_host",),
    "forget": ("forget_host",),
    "site": ("remove_site",),
    "change": ("change_policy",),
    "associate": ("associate_policy",),
    "dissociate": ("dissociate_policy",),
    "delete": ("delete_policy",),
}
ALL = set(ASKED)


@pytest.fixture
async def practice() -> AsyncIterator[Practice]:
    async with open_practice("drill") as opened:
        yield opened


async def read(practice: Practice) -> KnownRights:
    estate = await practice.estate()
    known = KnownRights()
    known.take(await practice.use.rights.read(subject_of_draft(contoso_draft(estate, "DC01"), estate)))
    return known


def refused(known: KnownRights, vault: ArmId) -> dict[str, str]:
    found = {name: known.refusal(vault, *asked) for name, asked in ASKED.items()}
    return {name: refusal.reason for name, refusal in found.items() if refusal is not None}


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (READER, ALL),
        (OPERATOR, ALL - {"refresh"}),
        (RECOVERY_CONTRIBUTOR, set()),
        (CONTRIBUTOR, set()),
    ],
    ids=["reader", "operator", "site recovery contributor", "contributor"],
)
async def test_what_the_role_does_not_allow_is_refused_with_the_role_that_would(
    practice: Practice, role: str, expected: set[str]
) -> None:
    subscription = subscription_id(practice.vault.subscription)
    Administrator(practice.simulator).become((READER, subscription), (role, practice.vault))
    found = refused(await read(practice), practice.vault)
    assert set(found) == expected
    assert all("Site Recovery" in reason and "the vault asr-contoso-weu" in reason for reason in found.values())


async def test_deny_assignments_and_locks_are_named(practice: Practice) -> None:
    administrator = Administrator(practice.simulator)
    administrator.withhold(practice.vault, "*/certificates/write")
    group = resource_group_id(practice.vault.subscription, practice.vault.resource_group)
    administrator.lock(group, "CanNotDelete")
    found = refused(await read(practice), practice.vault)
    assert set(found) == {"key", "forget", "delete"}
    assert found["key"].startswith("The deny assignment “managed” withholds it.")
    assert found["forget"].startswith("The lock “keep” on the resource group")


async def test_what_is_not_known_refuses_nothing(practice: Practice) -> None:
    assert refused(KnownRights(), practice.vault) == {}
    Administrator(practice.simulator).become((READER, subscription_id(practice.vault.subscription)))
    known = await read(practice)
    assert refused(known, practice.vault.child("other", "one")) == {}  # a report about another vault
    practice.wire.before = lambda request: (
        refusal(403, "AuthorizationFailed") if "/permissions" in request.url else None
    )
    assert refused(await read(practice), practice.vault) == {}


class Opened(OpenedPage):
    """The source page over practice data, with the sheet that it opened last."""

    def __init__(self, theme: Theme, draft: SetUpDraft, context: Context) -> None:
        self.rights = KnownRights()
        self.looks: list[None] = []
        self.rights.look_requested.connect(lambda: self.looks.append(None))
        self.sheet: ModalSheet | None = None
        self.page = page = SourcePage(theme)
        page.use(WriteAccess(), self.rights)
        page.sheet_opened.connect(self._keep)
        super().__init__(page, check_source, draft, context)

    def _keep(self, sheet: ModalSheet) -> None:
        sheet.setParent(self.root)
        self.sheet = sheet

    def reason(self, button: ReasonedButton) -> str:
        return "" if button.refusal is None else button.refusal.reason


async def test_buttons_of_the_page_and_its_sheets_follow_the_report(
    qtbot: QtBot, practice: Practice, theme: Theme, shown: Show
) -> None:
    Administrator(practice.simulator).become((READER, subscription_id(practice.vault.subscription)))
    known = await read(practice)
    estate = await practice.estate()
    site = estate.fabrics[0].friendly_name
    draft = replace(contoso_draft(estate, "DC01"), machines=(), site=SiteChoice(site))
    opened = Opened(theme, draft, replace(estates.context(), estate=estate))
    await shown(opened.root)
    table = opened.page._table
    table.select([table.model.key_at(0)])
    refresh = opened.find(ReasonedButton, "source-refresh-host")
    assert opened.reason(refresh) == ""
    opened.rights.take(known._report)  # type: ignore[arg-type]
    assert "It takes Site Recovery Operator on the vault asr-contoso-weu." in opened.reason(refresh)

    opened.press(qtbot, "source-remove-host")
    assert isinstance(opened.sheet, RemovalSheet)
    assert "You have no right to it." in opened.reason(opened.sheet.submit_button)
    opened.sheet.submit_button.refusal.ways[0].run()  # type: ignore[union-attr]
    assert opened.looks == [None]
    opened.sheet.close_sheet()

    opened.page._sheets.open_add_server("key")
    sheet = opened.sheet
    await until(lambda: sheet.findChild(ReasonedButton, "add-server-make-key"), what="the part of the key")
    make = opened.find(ReasonedButton, "add-server-make-key")
    assert "You have no right to it." in opened.reason(make)


async def test_buttons_for_policies_and_their_sheets_follow_the_report(
    qtbot: QtBot, practice: Practice, theme: Theme, shown: Show
) -> None:
    Administrator(practice.simulator).become((READER, subscription_id(practice.vault.subscription)))
    known = await read(practice)
    estate = await practice.estate()
    page, rights = SettingsPage(theme), KnownRights()
    page.use(WriteAccess(), rights)
    opened = OpenedPage(page, check_settings, contoso_draft(estate), replace(estates.context(), estate=estate))
    await shown(page)
    sheets: list[ModalSheet] = []
    page.sheet_opened.connect(sheets.append)
    table = opened.find(TableView, "settings-policies")
    table.select([row.key for row in table.model.records() if row.use is not None][:1])
    opened.press(qtbot, "settings-change")
    (sheet,) = sheets
    sheet.setParent(page)
    buttons = [opened.find(ReasonedButton, f"settings-{name}") for name in ("change", "dissociate", "delete")]
    rights.take(known._report)  # type: ignore[arg-type]
    for button in (*buttons, sheet.submit_button):
        assert button.refusal is not None
        assert button.refusal.reason.startswith("You have no right to it. It takes Site Recovery Contributor")
