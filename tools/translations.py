"""`python -m tools.translations`: brings the texts of the sources into the catalogues of the server's pages.

New texts get an empty translation, to be filled in by hand; texts that are gone leave. The sentences of `ChatError` are
texts too: `chat/web/said.py` translates them.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
CATALOGUES = sorted((ROOT / "chat" / "translations").glob("*/LC_MESSAGES/*.po"))

METHODS = [("**.py", "python"), ("**.html", "jinja2")]
# Which argument of a call is the text.
KEYWORDS: dict[str, Any] = {
    **DEFAULT_KEYWORDS,
    "lazy_gettext": None,
    "ChatError": (2,),
    "BadPicture": (1,),
    "bad_request": (1,),
    "conflict": (1,),
    "forbidden": (1,),
    "not_found": (1,),
}


def extracted() -> Catalog:
    """Every text of the sources."""
    catalogue = Catalog()
    for folder in ("chat", "templates"):
        for _, _, message, _, context in extract_from_dir(ROOT / folder, METHODS, keywords=KEYWORDS):
            catalogue.add(message, context=context)
    return catalogue


def updated(path: Path) -> str:
    """The catalogue at `path` with the texts of the sources: sorted, without dates or line numbers."""
    text = path.read_text("utf-8")
    catalogue = read_po(io.BytesIO(text.encode()), locale=path.parts[-3])
    catalogue.update(extracted(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    body = io.BytesIO()
    write_po(body, catalogue, no_location=True, omit_header=True, sort_output=True, width=120)
    head, _, _ = text.partition("\n\n")
    return f"{head}\n\n{body.getvalue().decode().strip()}\n"


def main() -> None:
    for path in CATALOGUES:
        path.write_text(updated(path), "utf-8")
        with path.open("rb") as file:
            empty = [message.id for message in read_po(file) if message.id and not message.string]
        print(f"{path.relative_to(ROOT)}: {len(empty)} texts to translate")


if __name__ == "__main__":
    main()
