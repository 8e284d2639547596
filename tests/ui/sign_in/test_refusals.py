"""What goes wrong stands where it can be put right; what was typed stays; cancelling is quiet."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from app.adapters.azure.sign_in import AzureSignIn
from app.ports.sign_in import SignInMethod
from tests.support.identity import (
    EXPIRED_SECRET,
    OTHER_TENANT,
    ROBOT,
    ROBOT_SECRET,
    TENANT,
    YOU,
    Person,
    ServedIdentity,
    browser,
)
from tests.support.sign_in import NoStore, SmallStore, bytes_below, use_home
from tests.support.sign_in_panel import PanelBench, no_one_signs_in
from tests.support.waiting import until
from ui.theme.theme import Theme

pytestmark = pytest.mark.slow
Show = Callable[[QWidget], Awaitable[None]]


def fill(bench: PanelBench, **more: str) -> None:
    answers = {"tenant": TENANT, "client": ROBOT, "secret": ROBOT_SECRET} | more
    bench.choose(SignInMethod.CLIENT_SECRET)
    for name, text in answers.items():
        bench.type(f"sign-in-{name}", text)


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"secret": "wrong-secret"}, "Client secret", "The client secret is wrong."),
        ({"secret": EXPIRED_SECRET}, "Client secret", "The client secret has expired."),
        ({"tenant": "nowhere.example"}, "Tenant", "There is no such tenant."),
        ({"tenant": OTHER_TENANT}, "Client id", "The tenant does not know the application."),
        ({"client": "11111111-2222-4333-8444-555555555555"}, "Client id", "The tenant does not know the application."),
    ],
)
async def test_a_refusal_stands_at_its_field(
    bench: PanelBench, store: SmallStore, change: dict[str, str], field: str, says: str
) -> None:
    fill(bench, **change)
    bench.sign_in()
    await bench.is_refused()

    assert list(bench.field_messages) == [field]
    assert bench.field_messages[field].startswith(says)
    assert bench.refusal == ""
    assert bench.panel.form.tenant.text == change.get("tenant", TENANT)
    assert bench.panel.form.client_id.text == change.get("client", ROBOT)
    assert store.held == {}
    details = bench.panel.refusal.details
    assert details.isVisible()
    assert details.head.text() == "What Azure says"
    assert change.get("secret", ROBOT_SECRET) not in details.text
    focused = bench.window.focusWidget()
    assert focused is not None
    assert focused.accessibleName() == field


async def test_what_is_missing_is_said_at_each_field(bench: PanelBench) -> None:
    bench.choose(SignInMethod.CLIENT_SECRET)
    bench.sign_in()
    await bench.is_refused()
    assert set(bench.field_messages) == {"Tenant", "Client id", "Client secret"}

    bench.type("sign-in-tenant", "contoso.com")
    assert set(bench.field_messages) == {"Client id", "Client secret"}


async def test_a_correction_signs_in(bench: PanelBench) -> None:
    fill(bench, secret="mistyped")
    bench.sign_in()
    await bench.is_refused()
    bench.type("sign-in-secret", ROBOT_SECRET)
    bench.sign_in()
    await until(lambda: bench.signed_in, within_s=20)
    assert bench.field_messages == {}


@pytest.mark.parametrize("tenant", ["nowhere.example", OTHER_TENANT])
async def test_a_wrong_tenant_of_a_person_stands_at_the_tenant(
    bench: PanelBench, served: ServedIdentity, tenant: str
) -> None:
    """A device code is refused before it is shown; one that was shown is refused when it is entered."""
    bench.choose(SignInMethod.DEVICE_CODE)
    bench.type("sign-in-tenant", tenant)
    bench.sign_in()
    await until(lambda: not bench.panel.is_busy or bench.shows("sign-in-code"), within_s=20)
    if bench.panel.is_busy:
        served.enter(bench.text("sign-in-code"), YOU)
        bench.panel.cancel()
        return
    assert list(bench.field_messages) == ["Tenant"]
    assert bench.field_messages["Tenant"].startswith("There is no such tenant.")


async def test_a_disabled_account_is_told_with_what_azure_says(bench: PanelBench, served: ServedIdentity) -> None:
    bench.choose(SignInMethod.DEVICE_CODE)
    bench.sign_in()
    await until(lambda: bench.shows("sign-in-code"), within_s=20)
    served.enter(bench.text("sign-in-code"), YOU)
    served.disable(YOU)
    await bench.is_refused()
    assert bench.refusal == "The account is disabled. Ask your administrator, or use another account."
    assert "AADSTS50057" in bench.panel.refusal.details.text


async def test_declining_in_the_browser_is_no_fault(bench: PanelBench, served: ServedIdentity) -> None:
    person = Person(served.ca, answer="decline")
    bench.choose(SignInMethod.BROWSER)
    with browser(person):
        bench.sign_in()
        await bench.is_refused()
    assert bench.refusal.startswith("The sign-in was declined.")
    assert bench.find(QWidget, "sign-in-go").isVisible()


@pytest.mark.parametrize("method", [SignInMethod.BROWSER, SignInMethod.DEVICE_CODE])
async def test_cancelling_is_quiet(
    bench: PanelBench, served: ServedIdentity, store: SmallStore, home: Path, method: SignInMethod
) -> None:
    person = Person(served.ca)
    person.is_away = True
    bench.choose(method)
    with browser(person):
        bench.sign_in()
        await until(lambda: person.seen or bench.shows("sign-in-code"), within_s=20)
        bench.press("sign-in-cancel")
        assert not bench.panel.is_busy
        await no_one_signs_in()
    assert bench.refusal == ""
    assert bench.field_messages == {}
    assert bench.notices.notices == ()
    assert store.held == {}
    assert b"refreshtoken" not in bytes_below(home).lower()


async def test_a_code_that_has_expired_can_be_had_anew(bench: PanelBench, served: ServedIdentity) -> None:
    bench.choose(SignInMethod.DEVICE_CODE)
    bench.sign_in()
    await until(lambda: bench.shows("sign-in-code"), within_s=20)
    first = bench.text("sign-in-code")
    served.put_clock_ahead(3600)
    await until(lambda: bench.shows("sign-in-renew"), within_s=30, what="the code to expire")
    assert bench.text("sign-in-doing") == "The code has expired"
    assert first not in bench.words

    bench.press("sign-in-renew")
    await until(lambda: bench.shows("sign-in-code") and bench.text("sign-in-code"), within_s=20)
    assert bench.text("sign-in-code") != first
    served.enter(bench.text("sign-in-code"), YOU)
    assert (await bench.is_signed_in()).account.name == YOU


async def test_nobody_in_front_of_the_browser_is_a_matter_of_time(
    theme: Theme, shown: Show, served: ServedIdentity, port: AzureSignIn
) -> None:
    person = Person(served.ca)
    person.is_away = True
    bench = PanelBench(theme, port, within_s={SignInMethod.BROWSER: 0})
    await shown(bench.window)
    await bench.is_prepared()
    bench.name_cloud(served.arm, served.ca)
    with browser(person):
        bench.sign_in()
        await bench.is_refused()
    assert bench.refusal.startswith("Nobody signed in in time.")
    await bench.leave()


async def test_a_device_code_takes_the_place_of_a_browser(bench: PanelBench, served: ServedIdentity) -> None:
    person = Person(served.ca)
    person.is_away = True
    bench.choose(SignInMethod.BROWSER)
    with browser(person):
        bench.sign_in()
        await until(lambda: person.seen, within_s=20)
        bench.press("sign-in-instead")
        await until(lambda: bench.shows("sign-in-code"), within_s=20)
    assert bench.panel.form.method is SignInMethod.DEVICE_CODE
    served.enter(bench.text("sign-in-code"), YOU)
    assert (await bench.is_signed_in()).account.name == YOU


# Clouds


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("", "No cloud answers at this address."),
        ("http://127.0.0.1:8080", "No cloud answers at this address."),
        ("nonsense", "No cloud answers at this address."),
        ("{arm}/nowhere", "No cloud answers at this address."),
    ],
)
async def test_what_is_no_cloud_is_said_at_the_address(
    bench: PanelBench, served: ServedIdentity, address: str, says: str
) -> None:
    typed = address.replace("{arm}", served.arm)
    bench.name_cloud(typed, served.ca)
    bench.sign_in()
    await bench.is_refused()
    assert list(bench.field_messages) == ["Address of its resource manager"]
    assert bench.field_messages["Address of its resource manager"].startswith(says)
    assert bench.panel.form.address.text == typed


async def test_nobody_at_the_address_is_told(bench: PanelBench) -> None:
    bench.name_cloud("https://127.0.0.1:9")
    bench.sign_in()
    await bench.is_refused()
    assert "refuses the connection" in bench.refusal
    assert bench.panel.refusal.details.head.text() == "What stood in the way"


async def test_a_cloud_that_this_computer_does_not_trust_is_told_as_that(
    bench: PanelBench, served: ServedIdentity
) -> None:
    bench.name_cloud(served.arm)
    bench.sign_in()
    await bench.is_refused()
    assert list(bench.field_messages) == ["Certificate to trust besides the system’s own"]


@pytest.mark.parametrize("content", [None, "no certificate"])
async def test_a_file_that_is_no_certificate_to_trust_is_said_at_its_field(
    bench: PanelBench, served: ServedIdentity, tmp_path: Path, content: str | None
) -> None:
    file = tmp_path / "trust.pem"
    if content is not None:
        file.write_text(content)
    bench.name_cloud(served.arm, file)
    bench.sign_in()
    await bench.is_refused()
    assert list(bench.field_messages) == ["Certificate to trust besides the system’s own"]


# Keeping


async def test_not_keeping_leaves_nothing(bench: PanelBench, store: SmallStore) -> None:
    fill(bench)
    await until(lambda: store.where in bench.kept)
    bench.press("sign-in-keep")
    bench.sign_in()
    signed_in = await bench.is_signed_in()
    assert not signed_in.kept.is_lasting
    assert store.held == {}


async def test_what_cannot_be_kept_says_why(
    theme: Theme, shown: Show, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_home(monkeypatch, home, can_encrypt=False)
    for port, says in (
        (AzureSignIn(NoStore()), "This computer has no store for secrets that the program can use"),
        (AzureSignIn(SmallStore()), "This computer cannot encrypt tokens for the program."),
    ):
        bench = PanelBench(theme, port)
        await shown(bench.window)
        await bench.is_prepared()
        assert bench.kept.startswith(says)
        assert bench.kept.endswith("The tokens are in memory, until the program ends.")
        assert not bench.find(QWidget, "sign-in-keep").isEnabled()
        await bench.leave()
