"""What a preview says in words, and what leaves the program for a clipboard."""

from __future__ import annotations

import csv
import io

from app.domain.azure import Subnet
from app.flows.landing_text import as_csv, as_text, cards_cell, summary
from app.flows.landing_values import Way
from tests.support import estates
from tests.support.landings import TEST_NETWORK, card, item, look


def test_the_summary_counts_who_fails_and_who_lands_otherwise() -> None:
    fails, lands = item(card(address="10.60.3.1"), name="WEB-01"), item(name="WEB-02")

    assert summary(look(lands)) == (
        "1 machine with 1 network card in 1 subnet of vnet-dr-weu. Nothing stands against it."
    )
    assert summary(look(fails, lands)).endswith("The failover of 1 would fail.")
    assert summary(look(item(card("x")), network=TEST_NETWORK, way=Way.TEST)).endswith(
        "1 would land otherwise than set, or needs a look."
    )


def test_the_summary_tells_of_addresses_that_are_missing() -> None:
    small = estates.network(subnets=(Subnet("snet-web", "10.60.3.0/29"),))

    found = look(*(item(name=f"WEB-0{n}") for n in range(5)), network=small)

    assert summary(found).endswith("2 network cards find no address.")


def test_cards_say_how_many_of_how_many() -> None:
    some = look(item(card(), card(selection="NotSelected"))).landings[0]

    assert cards_cell(some) == "1 of 2"


def test_no_cell_of_the_csv_begins_a_formula() -> None:
    rows = list(csv.reader(io.StringIO(as_csv(look(item(name='=HYPERLINK("x")'), item(name="+1"), item(name="@a"))))))

    assert [len(row) for row in rows] == [8, 8, 8, 8]
    assert [row[0] for row in rows[1:]] == ['\'=HYPERLINK("x")', "'+1", "'@a"]


def test_the_text_has_the_summary_the_warnings_and_a_line_for_each_machine() -> None:
    lines = as_text(look(item(card(address="10.60.3.20")), item(name="two\tcells\nand lines"))).splitlines()

    assert lines[0] == "Failover to vnet-dr-weu"
    assert lines[1].startswith("2 machines with 2 network cards")
    web, odd = (line.split("\t") for line in lines[-2:])
    assert web[:6] == ["WEB-01", "WEB-01", "Standard_D2s_v5", "1", "snet-web", "10.60.3.20"]
    assert odd[0] == "two cells and lines"
    assert odd[5] == "Next free (10.60.3.4)"
