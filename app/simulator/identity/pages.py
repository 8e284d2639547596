"""The pages that a browser shows: plain HTML of our own, without scripts but for one that passes an answer on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

from app.simulator.identity.data import UserData
from app.simulator.messages import Response

_HEADERS = {"Content-Type": "text/html; charset=utf-8", "Referrer-Policy": "no-referrer"}
_STYLE = (
    "body{font:16px/1.5 'Segoe UI',sans-serif;max-width:32rem;margin:3rem auto;padding:0 1rem}"
    "label{display:block;margin:.3rem 0}button{font:inherit;margin:.8rem .5rem 0 0;padding:.3rem 1rem}"
)


def page(title: str, body: str, status: int = 200, load: str = "") -> Response:
    html = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body{load}><h1>{escape(title)}</h1>{body}</body></html>"
    )
    return Response(status, dict(_HEADERS), html.encode())


def message(title: str, text: str, status: int = 200) -> Response:
    return page(title, f"<p>{escape(text)}</p>", status)


def who_are_you(application: str, users: Iterable[UserData], chosen: str, fields: Mapping[str, str]) -> Response:
    """Ask who signs in; `fields` travel along unseen. The answer comes back to the same address."""
    people = "".join(_choice(user, chosen) for user in users)
    body = (
        f"<p>{escape(application)} asks to act for you in this practice vault. Nobody is asked for a password here."
        f'</p><form method="post">{_hidden(fields)}{people}'
        '<button name="answer" value="agree">Sign in</button>'
        '<button name="answer" value="decline">Cancel</button></form>'
    )
    return page("Sign in to the practice vault", body)


def ask_code(text: str = "") -> Response:
    note = f"<p>{escape(text)}</p>" if text else ""
    body = (
        f'{note}<form method="get"><label>Code shown by the program '
        '<input name="code" autocomplete="off" autofocus></label><button>Next</button></form>'
    )
    return page("Enter the code", body)


def pass_on(address: str, fields: Mapping[str, str]) -> Response:
    """Hand an answer to the program that waits at `address`, as a form that sends itself."""
    form = f'<form method="post" action="{escape(address)}">{_hidden(fields)}<button>Continue</button></form>'
    return page("Back to the program", form, load=' onload="document.forms[0].submit()"')


def _choice(user: UserData, chosen: str) -> str:
    mark = " checked" if user.name.lower() == chosen.lower() else ""
    shown = f"{user.display} ({user.name})" if user.display else user.name
    name = escape(user.name)
    return f'<label><input type="radio" name="user" value="{name}" required{mark}> {escape(shown)}</label>'


def _hidden(fields: Mapping[str, str]) -> str:
    return "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in fields.items()
    )
