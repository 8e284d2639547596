"""Windows PowerShell as far as a grammar goes: parsing, and the shape of what was parsed."""

from __future__ import annotations

from collections.abc import Iterator

import tree_sitter_powershell
from tree_sitter import Language, Node, Parser

_PARSER = Parser(Language(tree_sitter_powershell.language()))
_UNESCAPED = b"([regex]::Unescape('"
QUOTES = "'\u2018\u2019\u201a\u201b"


def parsed(text: str) -> Node:
    return _PARSER.parse(text.encode("utf-8")).root_node


def nodes(root: Node) -> Iterator[Node]:
    """All of them, each before what is in it. The grammar's trees are deep, so there is no recursion."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(node.children))


def of_kind(root: Node, kind: str) -> list[Node]:
    return [node for node in nodes(root) if node.type == kind]


def mistakes(root: Node) -> list[tuple[int, str]]:
    """Line and text of what does not fit the grammar."""
    return [
        (node.start_point[0] + 1, words(node)[:80]) for node in nodes(root) if node.type == "ERROR" or node.is_missing
    ]


def words(node: Node) -> str:
    return (node.text or b"").decode("utf-8")


def shape(root: Node) -> list[str]:
    """Kinds of nodes in order. A literal is one entry, in either form that the scripts use."""
    found = []
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.type == "string_literal" and words(node)[0] in QUOTES:
            found.append("LITERAL")
        elif node.type == "parenthesized_expression" and (node.text or b"").startswith(_UNESCAPED):
            inside = [each for each in nodes(node) if each.type == "string_literal"]
            assert len(inside) == 1
            found.append("LITERAL")
        else:
            found.append(node.type)
            waiting.extend(reversed(node.children))
    return found


def read_literal(text: str) -> str:
    """What PowerShell reads a literal of ours as; an independent reading of its rules.

    Raises:
        ValueError: the text goes on after the literal's end.
    """
    opening, closing = "([regex]::Unescape(", "))"
    if not text.startswith(opening):
        return _read_quoted(text)
    if not text.endswith(closing):
        raise ValueError(text)
    return _unescaped(_read_quoted(text[len(opening) : -len(closing)]))


def _read_quoted(text: str) -> str:
    if text[0] not in QUOTES:
        raise ValueError(text)
    found, at = [], 1
    while at < len(text):
        if text[at] in QUOTES:
            if at + 1 < len(text) and text[at + 1] in QUOTES:
                found.append(text[at])
                at += 2
                continue
            if at + 1 == len(text):
                return "".join(found)
            raise ValueError(f"{text!r} ends at {at}")
        found.append(text[at])
        at += 1
    raise ValueError(f"{text!r} does not end")


def _unescaped(text: str) -> str:
    units, at = bytearray(), 0
    while at < len(text):
        if text.startswith("\\u", at):
            units += bytes.fromhex(text[at + 2 : at + 6])
            at += 6
        elif text[at] == "\\":
            units += text[at + 1].encode("utf-16-be")
            at += 2
        else:
            units += text[at].encode("utf-16-be")
            at += 1
    return units.decode("utf-16-be", "surrogatepass")


def command_line_words(line: str) -> list[str]:
    """A command line taken apart as Windows programs do: the documented rules of CommandLineToArgvW."""
    found: list[str] = []
    at = 0
    while at < len(line):
        if line[at] in " \t":
            at += 1
            continue
        word, is_quoted = "", False
        while at < len(line) and (is_quoted or line[at] not in " \t"):
            slashes = 0
            while at < len(line) and line[at] == "\\":
                slashes, at = slashes + 1, at + 1
            if at < len(line) and line[at] == '"':
                word += "\\" * (slashes // 2)
                if slashes % 2:
                    word += '"'
                else:
                    is_quoted = not is_quoted
                at += 1
            else:
                word += "\\" * slashes
                if at < len(line) and (is_quoted or line[at] not in " \t"):
                    word += line[at]
                    at += 1
        found.append(word)
    return found
