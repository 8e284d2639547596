"""The head of the target page: whose subscription and group, and the deployment model that ended."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import msgspec
import pytest
from PySide6.QtWidgets import QAbstractButton, QWidget

from app.domain.arm_id import resource_group_id
from app.domain.azure import ResourceGroup, Subscription
from app.domain.estate import Estate
from app.flows.checks import check_target
from app.flows.draft import NetworkChoice, ReplicaKind, SetUpDraft, StorageChoice, TargetChoice
from tests.support import estates
from tests.support.waiting import until
from tests.support.wizard_page import OpenedPage
from ui.theme.theme import Theme
from ui.widgets.picker import Picker
from ui.wizard.pages.target import TargetPage

Show = Callable[[QWidget], Awaitable[None]]

OTHER = "9a7e6f10-44a0-4f0c-8a15-3f1f0d7c2b11"
GROUPS = tuple(
    ResourceGroup(resource_group_id(subscription, name), name, "westeurope")
    for subscription, name in ((estates.SUBSCRIPTION, estates.GROUP), (OTHER, "rg-other"))
)
SUBSCRIPTIONS = (
    Subscription(estates.SUBSCRIPTION, "Contoso DR"),
    Subscription(OTHER, "Contoso spare"),
    Subscription("ffffffff-0000-4000-8000-000000000000", "Contoso old", state="Disabled"),
)


class Opened(OpenedPage):
    def __init__(self, theme: Theme, draft: SetUpDraft, estate: Estate) -> None:
        self.page = TargetPage(theme)
        super().__init__(self.page, check_target, draft, estates.context(estate))

    def options(self, name: str) -> dict[str, str]:
        """What a picker offers, with the reason where it can't be picked."""
        return {option.text: option.reason for option in self.find(Picker, name).options}


Open = Callable[..., Awaitable[Opened]]


@pytest.fixture
def opened(theme: Theme, shown: Show) -> Open:
    async def open_page(draft: SetUpDraft | None = None, **changes: object) -> Opened:
        estate = estates.contoso(**{"subscriptions": SUBSCRIPTIONS, "resource_groups": GROUPS, **changes})
        page = Opened(theme, estates.ready_draft() if draft is None else draft, estate)
        await shown(page.page)
        return page

    return open_page


async def test_another_subscription_takes_its_own_group_account_and_network(opened: Open) -> None:
    draft = estates.ready_draft()
    new = StorageChoice(name="stnew01", create=True)
    target = replace(draft.target, storage=new, replica=ReplicaKind.MANAGED_DISK)
    page = await opened(replace(draft, target=target))
    assert page.options("target-resource-group") == {estates.GROUP: "", "New resource group…": ""}
    page.pick("target-subscription", "Contoso spare")
    # What is still to be made can be made there as well; what is chosen of the other subscription can't be used.
    assert page.draft.target == TargetChoice(OTHER, storage=new, replica=ReplicaKind.MANAGED_DISK)
    assert page.draft.target.network == NetworkChoice()
    assert page.options("target-resource-group") == {"rg-other": "", "New resource group…": ""}


async def test_picking_the_same_subscription_again_changes_nothing(opened: Open) -> None:
    page = await opened()
    page.pick("target-subscription", "Contoso DR")
    assert page.edits == 0


async def test_a_disabled_subscription_stays_with_its_reason(opened: Open) -> None:
    page = await opened()
    assert page.options("target-subscription") == {"Contoso DR": "", "Contoso spare": "", "Contoso old": "Disabled"}


async def test_a_subscription_that_is_gone_is_said_at_its_field(opened: Open) -> None:
    draft = estates.ready_draft()
    page = await opened(replace(draft, target=replace(draft.target, subscription="gone")))
    page.check(insist=True)
    assert "can’t use that subscription any more" in page.page.places.subscription_message
    assert page.page.first_focus() is page.find(Picker, "target-subscription")


async def test_the_classic_model_is_shown_with_the_dates_of_its_end(opened: Open) -> None:
    page = await opened()
    classic = page.find(QAbstractButton, "target-classic")
    assert not classic.isEnabled()
    assert "6 September 2023" in classic.accessibleDescription()
    assert page.find(QAbstractButton, "target-resource-manager").isChecked()
    assert page.page.places.classic_text == ""


async def test_machines_with_a_classic_target_are_named_with_what_to_do(opened: Open) -> None:
    old = msgspec.structs.replace(
        estates.protected(estates.protectable(estates.contoso(), "WEB-01")),
        storage_account_id="/subscriptions/s/resourceGroups/g/providers/Microsoft.ClassicStorage/storageAccounts/old",
    )
    new = estates.protected(estates.protectable(estates.contoso(), "DC01"))
    page = await opened(protected_items=(old, new))
    text = page.page.places.classic_text
    assert "WEB-01" in text
    assert "DC01" not in text
    assert "Disable replication" in text


async def test_all_that_is_wrong_with_a_new_groups_name_stands_below_its_field(opened: Open) -> None:
    draft = estates.ready_draft()
    page = await opened(replace(draft, target=replace(draft.target, resource_group="", create_resource_group=True)))
    page.page.resize(800, 700)  # words wrap
    page.check(insist=True)
    field = page.find(QWidget, "target-new-resource-group").parentWidget()
    assert "Type a name for the resource group." in page.page.places.group_message
    await until(lambda: field.height() >= field.heightForWidth(field.width()), what="room for all lines")


async def test_a_new_group_whose_name_is_taken_is_told_and_stops_nobody(opened: Open) -> None:
    draft = estates.ready_draft()
    page = await opened(replace(draft, target=replace(draft.target, create_resource_group=True)))
    page.check(insist=True)
    assert page.page.places.group_message == (
        f"There is a resource group {estates.GROUP} already, in West Europe. It will be used as it is."
    )
    assert page.page.places.first_focus() is None
