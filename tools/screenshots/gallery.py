"""The page that shows all pictures: docs/screenshots/README.md."""

from __future__ import annotations

from tools.screenshots.camera import PICTURES
from tools.screenshots.scenes import SCENES

COLUMNS = [f"{scene.language}-{theme}" for scene in SCENES for theme in ("light", "dark")]
# What the names of pictures begin with, by what the pages are seen on; all others are of a desktop.
SCREENS = {"On a phone": "phone-", "On a tablet": "tablet-"}


def write() -> None:
    """One row a screen, one column a language and theme."""
    names = sorted({path.stem for path in PICTURES.glob("*/*.webp")})
    lines = [
        "# Every screen",
        "",
        "In English and Chinese, light and dark. All names and messages are made up.",
        "`make screenshots` takes the pictures.",
        "",
        "## On a desktop",
        "",
        *_rows([name for name in names if not name.startswith(tuple(SCREENS.values()))]),
    ]
    for heading, prefix in SCREENS.items():
        lines += [f"## {heading}", "", *_rows([name for name in names if name.startswith(prefix)])]
    (PICTURES / "README.md").write_text("\n".join(lines).rstrip() + "\n", "utf-8")


def _rows(names: list[str]) -> list[str]:
    lines: list[str] = []
    for name in names:
        said = name.replace("-", " ").capitalize()
        cells = [f'<img src="{column}/{name}.webp" width="24%" alt="{said}, {column}">' for column in COLUMNS]
        lines += [f"### {said}", "", *cells, ""]
    return lines
