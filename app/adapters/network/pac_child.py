"""A process of its own that runs a company's PAC file, through pypac. Started by `pac`, never imported.

A PAC file is a program from elsewhere. Its interpreter runs in the thread that asks, cannot be stopped and hands the
environment to the script: an endless loop would hold the whole program. Here it may be ended at any time, has no
environment to tell of, and a limit.

Reads one JSON object from standard input, and writes one to standard output.
"""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module
from typing import Any

_CPU_S = 10
_MEMORY_BYTES = 1 << 30


def _limit() -> None:
    """Whoever started this may be gone."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_S, _CPU_S))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))


def _find(script: str, questions: list[dict[str, str]]) -> list[list[str]]:
    from pypac.parser import PACFile, parse_pac_value  # type: ignore[import-untyped]

    pac = PACFile(script)
    answers = (pac.find_proxy_for_url(each["url"], each["host"]) for each in questions)
    return [parse_pac_value(str(answer or "DIRECT")) for answer in answers]


def _system() -> list[str]:
    """Where the system says that a PAC file is, best first; nothing where it names none."""
    if sys.platform == "win32":
        from pypac.os_settings import autoconfig_url_from_registry  # type: ignore[import-untyped, unused-ignore]

        address = autoconfig_url_from_registry()
        if address:
            return [str(address)]
        return _discovered() if _windows_discovers() else []
    if sys.platform == "darwin":
        from pypac.os_settings import autoconfig_url_from_preferences  # type: ignore[import-untyped, unused-ignore]

        address = autoconfig_url_from_preferences()
        if address:
            return [str(address)]
        system = import_module("SystemConfiguration")  # pypac brings it
        settings = system.SCDynamicStoreCopyProxies(None)
        return _discovered() if settings.get("ProxyAutoDiscoveryEnable", 0) else []
    return []


def _discovered() -> list[str]:
    from pypac.wpad import proxy_urls_from_dns  # type: ignore[import-untyped]

    return [str(url) for url in proxy_urls_from_dns()]


def _windows_discovers() -> bool:
    """Whether “Automatically detect settings” is on: one bit in the ninth byte of what Internet Options keep."""
    import winreg

    path = r"Software\Microsoft\Windows\CurrentVersion\Internet Settings\Connections"
    try:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, path) as key:  # type: ignore[attr-defined, unused-ignore]
            value = winreg.QueryValueEx(key, "DefaultConnectionSettings")[0]  # type: ignore[attr-defined, unused-ignore]
    except OSError:
        return False
    return len(value) > 8 and bool(value[8] & 0x08)


def _answer(asked: dict[str, Any]) -> Any:
    if asked["do"] == "find":
        return _find(asked["script"], asked["questions"])
    return _system()


def main() -> None:
    told = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)  # what the script prints is no answer
    _limit()
    try:
        answer = {"answer": _answer(json.loads(sys.stdin.buffer.read()))}
    except Exception as error:  # whatever a script from elsewhere can raise
        answer = {"error": f"{type(error).__name__}: {error}"[:400]}
    told.write(json.dumps(answer))
    told.flush()


if __name__ == "__main__":
    main()
