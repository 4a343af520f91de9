"""Pictures that people send: checked, freed of what they tell about their maker, and made small."""

from chat.pictures.cleaning import TYPES, clean
from chat.pictures.decoding import decoded, thumbnail
from chat.pictures.facts import BadPicture, Picture

__all__ = ["TYPES", "BadPicture", "Picture", "clean", "decoded", "thumbnail"]
