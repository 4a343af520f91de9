"""Reads a message's HTML as a browser would, and holds it against what may be there."""

from __future__ import annotations

import re
from html.parser import HTMLParser

PLAIN = {"blockquote", "br", "em", "hr", "ol", "pre", "s", "strong", "table", "tbody", "thead", "tr", "ul"}
VOID = {"br", "hr"}
ELSEWHERE = {"target": "_blank", "rel": "noopener noreferrer nofollow"}
OUT = re.compile(r"(https?://|mailto:|tel:)[^\s\"'<>]", re.IGNORECASE)
COLOURS = {
    *("c", "cp", "gd", "ge", "gh", "gi", "go", "gp", "gs", "gt", "gu", "k", "kt", "m", "na", "nb", "nc", "nd", "nf"),
    *("no", "nt", "nv", "s", "sd", "se", "si", "sr"),
}


def allowed(tag: str, attributes: dict[str, str | None]) -> bool:
    """Whether an element may be there, with all of its attributes and their values."""
    shape = {name: value or "" for name, value in attributes.items()}
    match tag:
        case _ if tag in PLAIN:
            return not shape or (tag == "ol" and list(shape) == ["start"] and shape["start"].isdecimal())
        case "a" if shape.get("class") == "room-ref":
            room = shape.pop("data-room", "")
            return room.isdecimal() and shape == {"class": "room-ref", "href": f"/room/{room}"}
        case "a":
            shape.pop("title", None)
            # Without an address it is no link, only words.
            return OUT.match(shape.pop("href", "tel:0")) is not None and shape in (
                {},
                ELSEWHERE,
                {**ELSEWHERE, "class": "bare"},
            )
        case "code":
            return not shape or (list(shape) == ["class"] and bool(re.fullmatch(r"language-[\w+#.-]+", shape["class"])))
        case "li":
            return shape in ({}, {"class": "task"}, {"class": "task done"})
        case "p":
            return not shape or (shape.pop("data-level", "") in set("123456") and shape == {"class": "heading"})
        case "td" | "th":
            return shape in ({}, {"class": "center"}, {"class": "end"})
        case "span":
            if shape.get("class") == "mention":
                return shape.pop("data-user", "").isdecimal() and shape == {"class": "mention"}
            return shape in ({}, *({"class": name} for name in ("mention call", "spoiler", "box", *COLOURS)))
    return False


class Reader(HTMLParser):
    """What was found: links that lead away, and the text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.said: list[str] = []

    @property
    def text(self) -> str:
        return "".join(self.said)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), attrs
        assert allowed(tag, dict(attrs)), (tag, attrs)
        address = dict(attrs).get("href")
        if address and dict(attrs).get("class") != "room-ref":
            assert "target" in dict(attrs)
            self.links.append(address)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(f"a declaration: {decl}")

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"an instruction: {data}")


def read(html: str) -> Reader:
    """Raises `AssertionError` for whatever may not be there."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader
