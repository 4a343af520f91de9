"""A browser's name in words, for the list of sessions. A hint for people, never a ground for a decision."""

from __future__ import annotations

import re
from typing import NamedTuple

from flask_babel import gettext

# In this order: every browser also claims to be those that came before it.
_BROWSERS = (
    ("Edge", r"\bEdg(?:e|A|iOS)?/"),
    ("Opera", r"\bOPR/|\bOpera"),
    ("Samsung Internet", r"\bSamsungBrowser/"),
    ("Vivaldi", r"\bVivaldi/"),
    ("WeChat", r"\bMicroMessenger/"),
    ("Firefox", r"\bFirefox/|\bFxiOS/"),
    ("Chrome", r"\bChrome/|\bCriOS/|\bHeadlessChrome/"),
    ("Safari", r"\bSafari/"),
)
_SYSTEMS = (
    ("iPhone", r"\biPhone\b"),
    ("iPad", r"\biPad\b"),
    ("HarmonyOS", r"\bHarmonyOS\b|\bOpenHarmony\b"),
    ("Android", r"\bAndroid\b"),
    ("ChromeOS", r"\bCrOS\b"),
    ("Windows", r"\bWindows\b"),
    ("macOS", r"\bMacintosh\b|\bMac OS X\b"),
    ("Linux", r"\bLinux\b|\bX11\b"),
)
_HAND_HELD = ("iPhone", "Android", "HarmonyOS", "iPad")


class Agent(NamedTuple):
    words: str
    hand_held: bool


def named(user_agent: str) -> Agent:
    browser, system = _first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent)
    hand_held = system in _HAND_HELD
    if browser and system:
        return Agent(gettext("%(browser)s on %(system)s", browser=browser, system=system), hand_held)
    return Agent(browser or system or gettext("Unknown browser"), hand_held)


def _first(table: tuple[tuple[str, str], ...], user_agent: str) -> str | None:
    return next((label for label, pattern in table if re.search(pattern, user_agent)), None)
