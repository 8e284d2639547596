"""What the identity service remembers."""

from __future__ import annotations

from msgspec import Struct, field

from app.simulator.identity.data import IdentityData


class Directory(Struct):
    """One per state.

    Attributes:
        key: the PEM of the key that signs tokens; it guards a practice vault, and is kept so that tokens outlive a
            restart.
        ahead_s: how far this service's clock is ahead of the computer's own.
        revoked: by object id, the time before which nothing counts that was handed out.
        challenged: by object id, the time since which a token must have been made to be enough.
    """

    data: IdentityData
    home: str
    key: str = ""
    ahead_s: float = 0.0
    revoked: dict[str, float] = field(default_factory=dict)
    challenged: dict[str, float] = field(default_factory=dict)


class Grant(Struct):
    """Something that can be turned into tokens: a device code, an authorization code or a refresh token.

    Attributes:
        kind: `device`, `code` or `refresh`.
        user: the object id of who agreed; empty while nobody has.
        state: of a device code: `waiting`, `agreed` or `declined`; of a code: `used` once it was redeemed.
        begun: when the person signed in, from which revocation counts.
    """

    kind: str
    client: str
    tenant: str
    scope: str
    expires: float
    begun: float
    user: str = ""
    state: str = ""
    user_code: str = ""
    redirect: str = ""
    challenge: str = ""
    challenge_method: str = ""
    nonce: str = ""
