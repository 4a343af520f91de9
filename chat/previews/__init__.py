"""Previews of the pages that messages link to: fetched by the server, so that no reader's browser asks anybody."""

from chat.previews.keeping import Previews, detach, edited, remove
from chat.previews.previewer import Previewer

__all__ = ["Previewer", "Previews", "detach", "edited", "remove"]
