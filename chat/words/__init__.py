"""Words that call somebody beside their name: theirs alone, of which nobody else learns."""

from chat.words.keeping import all_chosen, choose, decoded, of, tidied
from chat.words.known import Words

__all__ = ["Words", "all_chosen", "choose", "decoded", "of", "tidied"]
