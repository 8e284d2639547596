"""An Azure: Microsoft's own, a national one, or one at an address of its own such as a practice vault's."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cloud:
    """Where a cloud is.

    Attributes:
        name: `public`, `us-government`, `china`; of another one its address.
        arm: where it is managed, without a closing slash.
        authority: where people and programs sign in.
        audience: the resource that a token must be for.
        is_custom: whether the addresses were asked of the cloud itself; then nothing vouches for them but TLS.
    """

    name: str
    title: str
    arm: str
    authority: str
    audience: str
    portal: str = ""
    storage: str = ""
    is_custom: bool = False

    @property
    def scope(self) -> str:
        return f"{self.audience}/.default"
