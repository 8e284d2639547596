"""The pages of the Provider's installer, in order, with what to choose on each for these hosts; or their commands.

The pages are told in our words: their controls stand under the names that the installer gives them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.host_set_up import HostEdition, HostSetUp, ProxyKind
from app.flows.shell_words import powershell_word

PROVIDER_FOLDER = r"C:\Program Files\Microsoft Azure Site Recovery Provider"
_FOLDER_HERE = r"C:\Temp\AzureSiteRecovery"
_CONFIGURATOR = r"\DRConfigurator.exe"


class Control(StrEnum):
    """What stands on a page. `CHOICE` is a radio button, `PATH` a field with a Browse button, `TICKED` a line done."""

    CHOICE = "choice"
    CHECK = "check"
    FIELD = "field"
    PATH = "path"
    TICKED = "ticked"


@dataclass(frozen=True, slots=True)
class Row:
    """One control.

    Attributes:
        value: what stands or belongs in it.
        is_chosen: of choices and check boxes.
        is_marked: look here: this is what to do on the page.
    """

    control: Control
    name: str
    value: str = ""
    is_chosen: bool = False
    is_marked: bool = False


@dataclass(frozen=True, slots=True)
class InstallerPage:
    """`advice` says what to choose; `press` is the button to press then."""

    id: str
    title: str
    rows: tuple[Row, ...]
    advice: str
    press: str


@dataclass(frozen=True, slots=True)
class CommandStep:
    """One step without a desktop: what it does, and the lines to type."""

    title: str
    lines: tuple[str, ...]
    advice: str = ""


def shows_commands(hosts: HostSetUp) -> bool:
    """Whether these hosts have no desktop to show pages on."""
    return hosts.edition is HostEdition.SERVER_CORE


def installer_pages(hosts: HostSetUp, key_file_name: str) -> tuple[InstallerPage, ...]:
    return (
        InstallerPage(
            "update",
            "Microsoft Update",
            (
                Row(Control.CHOICE, "On (recommended)", is_chosen=True, is_marked=True),
                Row(Control.CHOICE, "Off"),
            ),
            "Choose On where the host takes its updates from Microsoft. Off changes nothing else: newer versions of "
            "Provider and agent are then installed by hand.",
            "Next",
        ),
        InstallerPage(
            "location",
            "Provider installation",
            (Row(Control.PATH, "Install location", PROVIDER_FOLDER, is_marked=True),),
            "Leave the folder as it is, unless the disk has no room.",
            "Install",
        ),
        InstallerPage(
            "installed",
            "Installation finished",
            (
                Row(Control.TICKED, "Site Recovery Provider is installed"),
                Row(Control.TICKED, "Recovery Services agent is installed"),
            ),
            "Both parts are there now. Register at once: the key is valid for a few days only.",
            "Register",
        ),
        InstallerPage(
            "vault",
            "Vault settings",
            (
                Row(Control.PATH, "Key file", key_file_name or "The vault’s key file", is_marked=True),
                Row(Control.FIELD, "Subscription", "filled in from the key"),
                Row(Control.FIELD, "Vault name", "filled in from the key"),
                Row(Control.FIELD, "Hyper-V site name", "filled in from the key"),
            ),
            "Browse to the key file that was copied to this host. Subscription, vault and site fill in by themselves: "
            "see that the site is the one you mean.",
            "Next",
        ),
        _proxy_page(hosts),
        InstallerPage(
            "registration",
            "Registration",
            (Row(Control.TICKED, "The server is registered in the vault", is_marked=True),),
            "Registering takes a few minutes. If it fails, the log is "
            r"%ProgramData%\ASRLogs\DRASetupWizard.log.",
            "Finish",
        ),
        InstallerPage(
            "finish",
            "Done on this host",
            (Row(Control.TICKED, _done_words(hosts)),),
            "Azure lists the host after some minutes; this program waits for it."
            + (" Do the same on every other host." if len(hosts.names) > 1 else ""),
            "",
        ),
    )


def command_steps(hosts: HostSetUp, key_file_name: str) -> tuple[CommandStep, ...]:
    """For an elevated PowerShell. A proxy's password is asked for on the host and stands in no line."""
    name = powershell_word(hosts.names[0]) if len(hosts.names) == 1 else "$env:COMPUTERNAME"
    key_file = powershell_word(f"{_FOLDER_HERE}\\{key_file_name or 'the vault’s key file'}")
    register = f"& {powershell_word(PROVIDER_FOLDER + _CONFIGURATOR)} /r /Friendlyname {name} /Credentials {key_file}"
    proxy, advice = hosts.proxy, "Run it once the step before has ended; it takes a few minutes."
    lines: tuple[str, ...] = (register,)
    if proxy.kind is ProxyKind.CUSTOM:
        register += f" /proxyaddress {powershell_word(proxy.url)} /proxyport {powershell_word(proxy.port)}"
        lines = (register,)
        if proxy.user:
            user = powershell_word(proxy.user)
            ask = f"$password = (Get-Credential {user}).GetNetworkCredential().Password"
            lines = (ask, f"{register} /proxyusername {user} /proxypassword $password", "Remove-Variable password")
            advice = "The proxy’s password is asked for here, on the host, and forgotten again."
    elif proxy.kind is ProxyKind.EXISTING:
        advice = (
            "The documented command line has no words for the host’s own proxy. If Azure is not reached so, "
            "give that proxy by its address in step 1."
        )
    return (
        CommandStep(
            "Unpack the installer",
            (
                f"Set-Location {powershell_word(_FOLDER_HERE)}",
                "Start-Process .\\AzureSiteRecoveryProvider.exe '/x:. /q' -Wait",
            ),
            f"Copy installer and key file to {_FOLDER_HERE} first. Use an elevated PowerShell.",
        ),
        CommandStep(
            "Install Provider and agent",
            ("Start-Process .\\setupdr.exe '/i' -Wait",),
            "It ends by itself, without a window.",
        ),
        CommandStep("Register in the vault", lines, advice),
    )


def _proxy_page(hosts: HostSetUp) -> InstallerPage:
    proxy = hosts.proxy
    is_custom, is_existing = proxy.kind is ProxyKind.CUSTOM, proxy.kind is ProxyKind.EXISTING
    is_direct = not is_custom and not is_existing
    rows: tuple[Row, ...] = (
        Row(Control.CHOICE, "Connect directly, without a proxy", is_chosen=is_direct, is_marked=is_direct),
        Row(Control.CHOICE, "Connect with existing proxy settings", is_chosen=is_existing, is_marked=is_existing),
        Row(Control.CHOICE, "Connect with custom proxy settings", is_chosen=is_custom, is_marked=is_custom),
    )
    advice = "This host reaches Azure without a proxy: choose the direct connection."
    if is_existing:
        advice = "The proxy that the system is set to is taken. One that asks for a password must be given as custom."
    if is_custom:
        rows += (
            Row(Control.FIELD, "Address", proxy.url, is_marked=True),
            Row(Control.FIELD, "Port", proxy.port, is_marked=True),
        )
        advice = "Type the address with http:// and the port. What passes through is encrypted all the same."
        if proxy.user:
            rows += (
                Row(Control.CHECK, "This proxy requires authentication", is_chosen=True, is_marked=True),
                Row(Control.FIELD, "User name", proxy.user, is_marked=True),
                Row(Control.FIELD, "Password", "type it here; this program holds none", is_marked=True),
            )
    return InstallerPage("proxy", "Proxy settings", rows, advice, "Next")


def _done_words(hosts: HostSetUp) -> str:
    if len(hosts.names) == 1:
        return f"{hosts.names[0]} is registered"
    return "The host is registered"
