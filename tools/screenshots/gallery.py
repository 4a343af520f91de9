"""The page that shows all pictures: docs/screenshots/README.md."""

from __future__ import annotations

from tools.screenshots.camera import PICTURES
from tools.screenshots.scenes import SCENES

COLUMNS = [f"{scene.language}-{theme}" for scene in SCENES for theme in ("light", "dark")]


def write() -> None:
    """One row a screen, one column a language and theme."""
    names = sorted({path.stem for path in PICTURES.glob("*/*.webp")})
    lines = [
        "# Every screen",
        "",
        "In English and Chinese, light and dark. All names and messages are made up.",
        "`make screenshots` takes the pictures.",
        "",
    ]
    for name in names:
        cells = [f'<img src="{column}/{name}.webp" width="24%" alt="{name}, {column}">' for column in COLUMNS]
        lines += [f"## {name.replace('-', ' ').capitalize()}", "", *cells, ""]
    (PICTURES / "README.md").write_text("\n".join(lines).rstrip() + "\n", "utf-8")
