"""The keyed model: any list to any other, sorting, filtering, groups, choice, words for cells."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex, Qt

from tests.ui.tables.conftest import COLUMNS, HEALTH, SUITABLE, UNSUITABLE, Machine, MakeModel, machines
from ui.tables.column import Column, TextEdit
from ui.tables.record_model import Checks, RecordRole
from ui.tables.row_filter import RowFilter

DOWN = Qt.SortOrder.DescendingOrder
UP = Qt.SortOrder.AscendingOrder

some_machines = st.lists(
    st.builds(
        Machine,
        id=st.integers(0, 60),
        name=st.sampled_from(["alpha", "Beta", "gamma", ""]),
        health=st.sampled_from(["Healthy", "Critical"]),
        rpo_min=st.none() | st.integers(0, 5),
    ),
    unique_by=lambda machine: machine.id,
    max_size=60,
)


def expected(records: list[Machine], order: Qt.SortOrder, word: str) -> list[Machine]:
    """What should be shown, said in the plainest way: by RPO, nothing last, equals as they came."""
    fitting = [record for record in records if word in f"{record.name}\n{record.health}".casefold()]
    valued = sorted((r for r in fitting if r.rpo_min is not None), key=lambda r: r.rpo_min or 0, reverse=order is DOWN)
    return valued + [record for record in fitting if record.rpo_min is None]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(old=some_machines, new=some_machines, order=st.sampled_from([UP, DOWN]), word=st.sampled_from(["", "a", "crit"]))
def test_any_list_becomes_any_other(
    make_model: MakeModel, old: list[Machine], new: list[Machine], order: Qt.SortOrder, word: str
) -> None:
    model = make_model()
    model.set_filter(RowFilter(word))
    model.set_records(old)
    model.sort(2, order)
    held = [(QPersistentModelIndex(model.index(row, 0)), model.key_at(row)) for row in range(model.rowCount())]
    model.set_records(new)
    assert model.shown_records() == expected(new, order, word)
    assert [index.data(RecordRole) for index, _ in held if index.isValid()] == [
        model.record(key) for index, key in held if index.isValid()
    ]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records=some_machines, words=st.lists(st.sampled_from(["", "a", "al", "crit", "x"]), max_size=4))
def test_any_filter_follows_any_other(make_model: MakeModel, records: list[Machine], words: list[str]) -> None:
    model = make_model()
    model.set_records(records)
    model.sort(2, UP)
    for word in words:
        model.set_filter(RowFilter(word))
        assert model.shown_records() == expected(records, UP, word)


def test_many_scattered_changes_move_in_few_signals(make_model: MakeModel) -> None:
    model = make_model()
    model.set_records(machines(400))
    signals: list[str] = []
    for name in ("rowsRemoved", "rowsInserted", "layoutChanged", "dataChanged"):
        getattr(model, name).connect(lambda *args, name=name: signals.append(name))
    model.set_records([replace(m, rpo_min=m.id) if m.id % 5 else replace(m, id=m.id + 1000) for m in machines(400)])
    assert len(signals) <= 6
    assert "modelReset" not in signals


def test_an_equal_list_read_again_changes_no_row(make_model: MakeModel) -> None:
    model = make_model()
    model.set_records(machines(20))
    signals: list[str] = []
    for name in ("rowsRemoved", "rowsInserted", "layoutChanged", "dataChanged"):
        getattr(model, name).connect(lambda *args, name=name: signals.append(name))
    model.set_records([replace(machine) for machine in machines(20)])
    assert signals == []


def test_of_two_records_with_one_key_the_later_counts(make_model: MakeModel) -> None:
    model = make_model()
    model.set_records([Machine(1, "old"), Machine(2), Machine(1, "new")])
    assert [record.name for record in model.shown_records()] == ["new", ""]


async def test_slices_show_the_same_as_one_go(make_model: MakeModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.tables.record_model.SLICE_S", 0.0)
    model = make_model()
    await model.apply_records(machines(200))
    await model.apply_records(machines(300)[50:])
    assert model.shown_records() == machines(300)[50:]


async def test_a_newer_refresh_takes_over(make_model: MakeModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.tables.record_model.SLICE_S", 0.0)
    model = make_model()
    older = asyncio.create_task(model.apply_records(machines(300)))
    await asyncio.sleep(0)
    await model.apply_records(machines(5))
    await older
    assert model.shown_records() == machines(5)


async def test_sorting_and_filtering_between_slices(make_model: MakeModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.tables.record_model.SLICE_S", 0.0)
    model = make_model()
    refresh = asyncio.create_task(model.apply_records(machines(300)))
    while not refresh.done():
        model.sort(0, DOWN if model.sorting == ("name", UP) else UP)
        model.set_filter(RowFilter("9" if model.filter.is_empty else ""))
        await asyncio.sleep(0)
    model.sort(0, DOWN)
    model.set_filter(RowFilter("29"))
    names = [record.name for record in model.shown_records()]
    assert names == [f"VM-{number:03}" for number in (*range(299, 289, -1), 229, 129, 29)]


def test_all_words_must_match_in_any_order(make_model: MakeModel) -> None:
    model = make_model()
    model.set_records([Machine(1, "WEB-01"), Machine(2, "WEB-02", health="Critical"), Machine(3, "DC", "Critical")])
    model.set_filter(RowFilter("CRIT web"))
    assert [record.id for record in model.shown_records()] == [2]
    assert (model.shown_count, model.total_count) == (1, 3)


def test_a_facet_counts_with_the_other_filters_in_place(make_model: MakeModel) -> None:
    model = make_model()
    model.set_records([Machine(1, "WEB"), Machine(2, "WEB", health="Critical"), Machine(3, "DC", "Critical")])
    model.set_filter(RowFilter("web").with_facet("health", frozenset({"Critical"})))
    assert [record.id for record in model.shown_records()] == [2]
    assert model.facet_counts(HEALTH) == {"Healthy": 1, "Critical": 1}


def test_sorting_by_the_check_box_brings_back_the_order_of_arrival(make_model: MakeModel) -> None:
    model = make_model(checks=Checks.SELECTION)
    model.set_records([Machine(2, "b"), Machine(1, "a")])
    model.sort(1, UP)
    model.sort(0, UP)
    assert [record.name for record in model.shown_records()] == ["b", "a"]
    assert model.sorting is None


def group_of(machine: Machine) -> str:
    return "yes" if machine.health == "Healthy" else "no"


def test_heads_stand_over_their_groups_and_count(make_model: MakeModel) -> None:
    model = make_model(groups=(SUITABLE, UNSUITABLE), group_of=group_of)
    model.set_records([Machine(1, "a", "Critical"), Machine(2, "b"), Machine(3, "c", "Critical")])
    words = [model.index(row, 0).data() for row in range(model.rowCount())]
    assert words == ["Suitable, 1 of 3", "b", "Not suitable, 2 of 3, each with its reason", "a", "c"]
    assert model.shown_count == 3


def test_a_record_changes_its_group_and_the_heads_follow(make_model: MakeModel) -> None:
    model = make_model(groups=(SUITABLE, UNSUITABLE), group_of=group_of)
    model.set_records([Machine(1, "a", "Critical"), Machine(2, "b")])
    model.set_records([Machine(1, "a"), Machine(2, "b")])
    assert [model.index(row, 0).data() for row in range(model.rowCount())] == ["Suitable, 2 of 2", "a", "b"]


def test_heads_stay_on_top_when_sorted_downwards(make_model: MakeModel) -> None:
    model = make_model(groups=(SUITABLE, UNSUITABLE), group_of=group_of)
    model.set_records([Machine(1, "a", "Critical"), Machine(2, "b"), Machine(3, "c")])
    model.sort(0, DOWN)
    assert [model.index(row, 0).data() for row in range(3)] == ["Suitable, 2 of 3", "c", "b"]


def test_a_choice_outlives_filter_and_refresh_but_not_its_reason(make_model: MakeModel) -> None:
    model = make_model(checks=Checks.CHOICE, can_choose=lambda m: m.health == "Healthy")
    model.set_records([Machine(1, "a"), Machine(2, "b"), Machine(3, "c", "Critical")])
    model.choose([1, 2, 3])
    assert model.chosen_keys == {1, 2}
    model.set_filter(RowFilter("b"))
    model.set_records([Machine(1, "a", "Critical"), Machine(2, "b")])
    assert model.chosen_keys == {2}


def test_a_check_box_is_told_to_screen_readers(make_model: MakeModel) -> None:
    model = make_model(checks=Checks.CHOICE)
    model.set_records(machines(1))
    box = model.index(0, 0)
    assert model.setData(box, Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole)
    assert box.data(Qt.ItemDataRole.CheckStateRole) is Qt.CheckState.Checked


def test_a_status_is_a_word_for_screen_readers_and_nothing_is_a_dash(make_model: MakeModel) -> None:
    model = make_model()
    model.set_records([Machine(1, rpo_min=None)])
    assert model.index(0, 1).data(Qt.ItemDataRole.AccessibleTextRole) == "Healthy"
    assert model.index(0, 2).data() == "–"


def test_names_are_never_markup_not_even_in_a_tooltip(make_model: MakeModel) -> None:
    column = replace(COLUMNS[0], tooltip=lambda m: m.name)
    model = make_model((column,))
    model.set_records([Machine(1, "<b>bold</b>")])
    assert model.index(0, 0).data() == "<b>bold</b>"
    assert "<" not in model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)


def test_copied_rows_are_plain_cells(make_model: MakeModel) -> None:
    model = make_model()
    model.set_records([Machine(1, "a\tb\nc", "=1+1", None), Machine(2, "\u202eevil", "-5 min", 7)])
    text = model.copy_text([0, 1], [0, 1, 2])
    assert text == "Machine\tHealth\tRPO\na b c\t'=1+1\t\nevil\t-5 min\t7 min\n"


def test_a_column_may_keep_a_wrong_text_for_the_record_to_say_so(make_model: MakeModel) -> None:
    edit = TextEdit[Machine](
        lambda m: m.name, lambda m, text: replace(m, name=text), lambda m, text: "Write less.", keeps_wrong=True
    )
    model = make_model((Column[Machine](id="name", title="Name", text=lambda m: m.name, edit=edit),))
    model.set_records(machines(1))
    index = model.index(0, 0)
    assert model.refusal(index, "far too long") == "Write less."
    assert model.setData(index, "far too long")
    assert model.record(0) == Machine(0, "far too long")


def test_heads_can_be_named_anew(make_model: MakeModel) -> None:
    model = make_model(groups=(SUITABLE,), group_of=lambda m: "yes")
    model.set_records(machines(2))
    model.set_groups((replace(SUITABLE, title="In rg-dr"),))
    assert model.index(0, 0).data() == "In rg-dr, 2 of 2"
