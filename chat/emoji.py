"""Emoji as Unicode has them, in the one form that it recommends."""

from __future__ import annotations

from functools import cache

from chat.errors import bad_request

# Asks for the coloured picture of a sign that is also a letter's neighbour, such as a heart.
_SELECTOR = "\ufe0f"


def qualified(value: str, field: str = "emoji") -> str:
    """One emoji, in the form that Unicode recommends: with its selectors or without, it is the same.

    Raises `bad_request`.
    """
    found = _qualified().get(value.replace(_SELECTOR, ""))
    if found is None:
        raise bad_request("This is not an emoji.", field)
    return found


@cache
def _qualified() -> dict[str, str]:
    """Every emoji that Unicode recommends, by its form without selectors."""
    # A list of five thousand, which a server needs when the first one is chosen.
    import emoji

    whole = emoji.STATUS["fully_qualified"]
    return {sign.replace(_SELECTOR, ""): sign for sign, about in emoji.EMOJI_DATA.items() if about["status"] == whole}
