"""The only wiring in app/: imports the adapters, makes the gateways, wires the services.

The SDKs weigh as much as the window itself. They are imported when somebody wants them, after the first frame, in a
thread and piece by piece.
"""

from app.bootstrap.accounts import open_catalogue, open_server_catalogue
from app.bootstrap.common import open_limits
from app.bootstrap.connections import SECRET_VARIABLES, open_connection
from app.bootstrap.network import open_connection_check, open_network
from app.bootstrap.sign_in import open_sign_in, wish_of

__all__ = [
    "SECRET_VARIABLES",
    "open_catalogue",
    "open_connection",
    "open_connection_check",
    "open_limits",
    "open_network",
    "open_server_catalogue",
    "open_sign_in",
    "wish_of",
]
