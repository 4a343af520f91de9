"""Which web pages may connect."""

from __future__ import annotations

import pytest

from chat.config import Settings
from chat.sockets.origin import is_allowed

PUBLIC = Settings.parse({"CHAT_PUBLIC_URL": "https://chat.example"})
LISTED = Settings.parse({"CHAT_ALLOWED_ORIGINS": "https://www.example, http://other.example:8080"})
BOTH = Settings.parse({"CHAT_PUBLIC_URL": "https://chat.example", "CHAT_ALLOWED_ORIGINS": "https://www.example"})


@pytest.mark.parametrize(
    ("settings", "origin", "host", "scheme", "allowed"),
    [
        # A program names no origin.
        (Settings(), None, "chat.example", "http", True),
        (BOTH, None, "anything", "http", True),
        # Without a public address, the page must come from where the request went.
        (Settings(), "http://chat.example", "chat.example", "http", True),
        (Settings(), "http://localhost:5000", "localhost:5000", "http", True),
        (Settings(), "http://127.0.0.1:5000", "127.0.0.1:5000", "http", True),
        (Settings(), "http://[::1]:5000", "[::1]:5000", "http", True),
        (Settings(), "http://localhost:5000", "127.0.0.1:5000", "http", False),
        (Settings(), "http://localhost:5001", "localhost:5000", "http", False),
        (Settings(), "https://chat.example", "chat.example", "http", False),
        (Settings(), "http://chat.example", "chat.example", "https", False),
        (Settings(), "http://evil.example", "chat.example", "http", False),
        (Settings(), "http://chat.example.evil.example", "chat.example", "http", False),
        (Settings(), "http://evil.example/chat.example", "chat.example", "http", False),
        (Settings(), "http://chat.example@evil.example", "chat.example", "http", False),
        (Settings(), "null", "chat.example", "http", False),
        (Settings(), "", "chat.example", "http", False),
        (Settings(), "null", "null", "http", False),
        (Settings(), "http://", "", "http", True),
        (Settings(), "file://", "chat.example", "http", False),
        # With one, it alone, whatever the request says.
        (PUBLIC, "https://chat.example", "10.0.0.1:5000", "http", True),
        (PUBLIC, "http://chat.example", "chat.example", "http", False),
        (PUBLIC, "http://10.0.0.1:5000", "10.0.0.1:5000", "http", False),
        (PUBLIC, "https://chat.example.", "chat.example", "https", False),
        (PUBLIC, "https://chat.example:443", "chat.example", "https", False),
        (PUBLIC, "null", "chat.example", "https", False),
        # And those on the list.
        (LISTED, "https://www.example", "chat.example", "http", True),
        (LISTED, "http://other.example:8080", "chat.example", "http", True),
        (LISTED, "http://other.example", "chat.example", "http", False),
        (LISTED, "http://chat.example", "chat.example", "http", True),
        (LISTED, "https://sub.www.example", "chat.example", "http", False),
        (BOTH, "https://www.example", "chat.example", "https", True),
        (BOTH, "https://chat.example", "chat.example", "https", True),
        (BOTH, "https://evil.example", "chat.example", "https", False),
    ],
)
def test_which_pages(settings: Settings, origin: str | None, host: str, scheme: str, allowed: bool) -> None:
    environ = {"HTTP_HOST": host, "wsgi.url_scheme": scheme, "HTTP_X_FORWARDED_HOST": "evil.example"}
    if origin is not None:
        environ["HTTP_ORIGIN"] = origin
    assert is_allowed(settings, environ) is allowed
