"""The network card: suitable ones first, all reasons of the others, and the default subnet with who fits in it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from time import process_time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.domain.arm_id import ArmId, virtual_network_id
from app.domain.azure import Subnet, VirtualNetwork
from app.domain.issue import Issue, Severity
from app.domain.resource_access import AccessFacts, ResourceAccess
from app.domain.rights import Lock, LockLevel
from app.flows.checks import check_target
from app.flows.draft import NetworkChoice, NewSubnet
from app.flows.step import Context
from tests.support import estates
from tests.support.waiting import until
from ui.tables.table_view import TableState
from ui.theme.theme import Theme
from ui.wizard.pages.target_network import NetworkCard
from ui.wizard.requests import ReadNetworkAccess

Show = Callable[[QWidget], Awaitable[None]]

NEAR = estates.network()
FAR = estates.network("vnet-neu", location="northeurope", provisioning_state="Updating")
HUB = estates.network(
    "vnet-hub",
    address_prefixes=("10.0.0.0/16",),
    subnets=(
        Subnet("GatewaySubnet", "10.0.0.0/27"),
        Subnet("snet-core", "10.0.1.0/29", 1),
        Subnet("apps", "10.0.2.0/24", delegations=("Microsoft.Web/serverFarms",)),
        Subnet("v6", "fd00::/64"),
    ),
    dns_servers=("10.0.1.4",),
)
NEW = NetworkChoice(
    name="vnet-new",
    subnet="snet-a",
    address_space="10.70.0.0/16",
    subnet_prefix="10.70.1.0/24",
    create=True,
    more_subnets=(NewSubnet("snet-b", "10.70.2.0/28"),),
)


class Shown:
    """The card and what it emits."""

    def __init__(self, theme: Theme) -> None:
        self.card = NetworkCard(theme, "Network after failover")
        self.card.resize(1000, 620)
        self.chosen: list[NetworkChoice] = []
        self.draft = estates.ready_draft()
        self.networks: tuple[VirtualNetwork, ...] = (FAR, HUB, NEAR)
        self.facts = AccessFacts()
        self.asked: list[object] = []
        self.card.chosen.connect(self._take)
        self.card.requested.connect(self.asked.append)

    def load(self, choice: NetworkChoice | None = None, **changes: object) -> None:
        target = self.draft.target
        network = target.network if choice is None else choice
        self.draft = replace(self.draft, target=replace(target, network=network), **changes)  # type: ignore[arg-type]
        self.card.load(self.draft, self.context)

    @property
    def context(self) -> Context:
        return replace(estates.context(estates.contoso(networks=self.networks)), networks=self.facts)

    def check(self, *, insist: bool = False) -> tuple[Issue, ...]:
        issues = check_target(self.draft, self.context)
        found = tuple(issue for issue in issues if issue.field.startswith("target.network"))
        self.card.show_issues(found, insist=insist)
        return found

    @property
    def names(self) -> list[str]:
        return [row.name for row in self.card.table.model.shown_records()]

    @property
    def fits(self) -> dict[str, str]:
        model = self.card.subnets.table.model
        return {row.name: next(c for c in model.columns if c.id == "fit").text(row) for row in model.records()}

    def select(self, network: VirtualNetwork) -> None:
        self.card.table.select([network.id.key])

    def _take(self, choice: NetworkChoice) -> None:
        self.chosen.append(choice)
        self.load(choice)


@pytest.fixture
async def card(theme: Theme, shown: Show) -> Shown:
    opened = Shown(theme)
    opened.load()
    await shown(opened.card)
    return opened


async def test_networks_of_the_vaults_region_stand_first_and_the_draft_is_left_alone(card: Shown) -> None:
    assert card.names == ["vnet-dr-weu", "vnet-hub", "vnet-neu"]
    heads = [card.card.table.model.head_at(row) for row in card.card.table.model.head_rows()]
    assert [head.count_text for head in heads if head] == ["2 of 3", "1 of 3, each with its reasons"]
    assert card.chosen == []


async def test_a_network_without_a_free_address_comes_after_those_that_suit_and_warns(card: Shown) -> None:
    full = estates.network("a-full", subnets=(Subnet("s", "10.60.9.0/29", 3),))
    card.networks = (full, *card.networks)
    card.load()
    assert card.names == ["vnet-dr-weu", "vnet-hub", "a-full", "vnet-neu"]
    card.select(full)
    assert card.card.message.startswith("None of its subnets can take machines.")


async def test_the_chosen_subnet_says_whether_the_machines_fit(card: Shown) -> None:
    assert card.fits == {"snet-core": "3 of 3", "snet-web": "3 of 3"}
    assert card.card.subnet_message == "241 addresses are free (5 are kept by Azure). The 3 chosen machines fit."


async def test_before_machines_are_chosen_those_of_the_site_are_counted(card: Shown) -> None:
    card.load(machines=())
    assert card.fits["snet-core"] == "5 of 5"
    assert "All machines of the site that can be protected fit: 5." in card.card.subnet_message


async def test_subnets_that_take_no_machine_say_why(card: Shown) -> None:
    card.select(HUB)
    assert card.fits == {
        "GatewaySubnet": "Kept for Azure",
        "snet-core": "2 of 3",
        "apps": "Delegated",
        "v6": "IPv6 only",
    }
    kept = {row.name: row.kept for row in card.card.subnets.rows}
    assert kept["snet-core"] == "10.0.1.0 to .3 and .7"
    card.card.subnets.table.select(["apps"])
    card.check()
    assert card.card.subnet_message.startswith("apps was given to Microsoft.Web/serverFarms, which takes it whole.")


async def test_the_only_subnet_that_takes_machines_is_chosen_with_its_network(card: Shown) -> None:
    card.select(HUB)
    assert card.chosen == [NetworkChoice(HUB.id.text, "vnet-hub", "snet-core")]
    assert card.check()[0].severity is Severity.WARNING
    assert card.card.subnet_message.startswith("2 addresses are free in snet-core; 3 machines are chosen.")


async def test_a_subnet_of_the_same_name_is_kept_else_none_is_chosen(card: Shown) -> None:
    twin, other = estates.network("vnet-twin"), estates.network("vnet-other", subnets=())
    other = replace(other, subnets=(Subnet("a", "10.60.0.0/24"), Subnet("b", "10.60.1.0/24")))
    card.networks = (NEAR, twin, other)
    card.load()
    card.select(twin)
    assert card.chosen[-1].subnet == "snet-core"
    card.select(other)
    assert card.chosen[-1].subnet == ""
    card.check()
    assert card.card.subnet_message == ""
    card.check(insist=True)
    assert card.card.subnet_message == "Choose a subnet of vnet-other."
    assert card.card.first_focus() is card.card.subnets.table.grid


async def test_a_network_that_does_not_suit_may_be_selected_and_tells_all_reasons(card: Shown) -> None:
    card.select(FAR)
    card.check()
    for part in ("must share a region", "not finished making", "Choose another network"):
        assert part in card.card.message
    row = card.card.table.selected_records[0]
    assert row.word == "In North Europe +1"
    fit = next(each for each in card.card.subnets.table.model.columns if each.id == "fit")
    usable = next(each for each in card.card.subnets.rows if each.is_usable)
    assert fit.status is not None
    assert (fit.text(usable), fit.status(usable)) == ("", None)  # who fits in a network that nobody can use
    assert card.card.first_focus() is card.card.table.grid


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("hub", ["vnet-hub"]),
        ("10.0.0", ["vnet-hub"]),
        ("north europe", ["vnet-neu"]),
        ("not finished", ["vnet-neu"]),
        ("gatewaysubnet", ["vnet-hub"]),
        ("rg-contoso-dr", ["vnet-dr-weu", "vnet-hub", "vnet-neu"]),
        ("nothing like it", []),
    ],
)
async def test_the_filter_finds_names_ranges_regions_groups_subnets_and_reasons(
    card: Shown, qtbot: QtBot, text: str, names: list[str]
) -> None:
    box = card.card.findChild(QLineEdit, "target-network-filter")
    assert box is not None
    box.setText(text)
    assert card.names == names
    assert [row.name for row in card.card.table.selected_records] == ["vnet-dr-weu"]
    assert (card.card.table.state is TableState.FILTERED) == (not names)


async def test_a_network_to_be_created_stays_in_the_list_and_takes_another_default_subnet(card: Shown) -> None:
    card.load(NEW)
    assert card.card.table.selected_records[0].word == "Created when you run"
    assert card.fits == {"snet-a": "3 of 3", "snet-b": "3 of 3"}
    card.card.subnets.table.select(["snet-b"])
    assert card.chosen[-1] == replace(
        NEW, subnet="snet-b", subnet_prefix="10.70.2.0/28", more_subnets=(NewSubnet("snet-a", "10.70.1.0/24"),)
    )
    card.select(NEAR)
    assert "vnet-new" in card.names
    card.card.table.select([virtual_network_id(estates.SUBSCRIPTION, estates.GROUP, "vnet-new").key])
    assert card.chosen[-1].create


async def test_locks_and_rights_move_a_network_among_those_that_do_not_suit(card: Shown) -> None:
    lock = Lock("keep", ArmId(NEAR.id.text), LockLevel.READ_ONLY)
    card.facts = AccessFacts({NEAR.id.key: ResourceAccess((lock,), ("join",), ("Network Contributor",))})
    card.load()
    assert card.names == ["vnet-hub", "vnet-dr-weu", "vnet-neu"]
    row = next(row for row in card.card.table.model.records() if row.name == "vnet-dr-weu")
    assert row.word == "Locked +1"
    assert "Ask for Network Contributor on it" in row.explanation
    (issue,) = card.check()
    assert issue.is_blocking
    assert card.card.message == issue.text
    assert "read-only lock “keep”" in issue.text
    assert "no right to connect machines" in issue.text


async def test_locks_and_rights_are_asked_for_once_of_networks_that_would_suit(card: Shown) -> None:
    await until(lambda: bool(card.asked), what="the question after locks and rights")
    assert card.asked == [ReadNetworkAccess((NEAR.id, HUB.id))]
    card.facts = AccessFacts({NEAR.id.key: ResourceAccess()})
    card.card.load(card.draft, replace(card.card._context, networks=card.facts))
    await until(lambda: not card.card._turns.is_busy, what="the rows")
    assert len(card.asked) == 1


async def test_rights_on_the_selected_network_are_asked_for_where_there_were_too_many(card: Shown) -> None:
    await until(lambda: bool(card.asked), what="the question after locks and rights")
    card.facts = AccessFacts(rights_unread=frozenset({HUB.id.key}))
    card.load()
    card.select(HUB)
    card.load()
    assert card.asked[1:] == [ReadNetworkAccess((HUB.id,))]


async def test_rights_on_the_selected_network_are_asked_for_anew_when_a_later_answer_leaves_them_out(
    card: Shown,
) -> None:
    await until(lambda: bool(card.asked), what="the question after locks and rights")
    card.select(HUB)
    for _ in range(2):  # the answer about many comes after the one about the selected network, and takes its place
        card.facts = AccessFacts(rights_unread=frozenset({HUB.id.key}))
        card.load()
        card.load()
    assert card.asked[1:] == [ReadNetworkAccess((HUB.id,))] * 2


async def test_without_a_network_one_can_be_made(card: Shown) -> None:
    wanted: list[bool] = []
    card.card.new_requested.connect(lambda: wanted.append(True))
    card.networks = ()
    card.load(NetworkChoice())
    assert card.card.table.state is TableState.EMPTY
    assert card.card.subnets.isHidden()
    message = card.card.table.message
    assert message is not None
    message.steps[0].run()
    assert wanted == [True]
    card.check(insist=True)
    assert card.card.message.startswith("Choose a network")
    assert card.card.first_focus() is card.card.new_button


async def test_arrows_choose_within_a_table_that_is_one_stop(card: Shown, qtbot: QtBot) -> None:
    grid = card.card.table.grid
    grid.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(grid, Qt.Key.Key_Down)
    assert card.chosen[-1].name == "vnet-hub"
    qtbot.keyClick(grid, Qt.Key.Key_Tab)
    assert card.card.subnets.table.grid.hasFocus()
    qtbot.keyClick(card.card.subnets.table.grid, Qt.Key.Key_Down)
    assert card.chosen[-1].subnet == "apps"


async def test_names_are_plain_text(card: Shown) -> None:
    card.networks = (estates.network("<b>bold</b>"),)
    card.load()
    assert card.names == ["<b>bold</b>"]


async def test_the_longest_name_a_network_may_have_asks_for_no_more_room_than_a_short_one(card: Shown) -> None:
    """Azure allows 64 letters; at 1,024 px the page would be cut off at its right edge."""
    widths = []
    for name in ("vnet-a", "vnet-" + "n" * 59):
        card.networks = (estates.network(name),)
        card.load(NetworkChoice(card.networks[0].id.text, name))
        widths.append(card.card.subnets.minimumSizeHint().width())
    assert card.card.subnets.isVisible()
    assert widths[0] == widths[1]


def crowd(count: int) -> tuple[VirtualNetwork, ...]:
    return tuple(
        estates.network(
            f"vnet-{number:03}",
            location=estates.LOCATION if number % 3 else "northeurope",
            address_prefixes=(f"10.{number % 256}.0.0/16",),
            subnets=tuple(Subnet(f"snet-{n}", f"10.{number % 256}.{n}.0/24") for n in range(4)),
        )
        for number in range(count)
    )


async def test_five_hundred_networks_never_hold_the_loop_and_suitable_ones_are_the_first(card: Shown) -> None:
    card.networks = crowd(500)
    started = process_time()
    card.load()
    loaded = process_time() - started
    await until(lambda: len(card.names) == 500, what="all networks")
    assert card.names[:2] == ["vnet-001", "vnet-002"]
    started = process_time()
    card.load(NetworkChoice(card.networks[499].id.text, "vnet-499", "snet-0"))
    again = process_time() - started
    assert [row.name for row in card.card.table.selected_records] == ["vnet-499"]
    started = process_time()
    card.card.filter.setText("vnet-49")
    searched = process_time() - started
    assert card.names == [f"vnet-{n}" for n in (490, 491, 493, 494, 496, 497, 499, 492, 495, 498)]
    assert max(loaded, again, searched) < 0.05, (loaded, again, searched)
