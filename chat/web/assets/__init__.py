"""What the browser is given beside pages: serving.py under which address, shell.py what the conversation is made of.

`modules.py` reads the browser's modules, `joined.py` makes one script of those of the first sight; `styles.py` and
`texts.py` say which style sheets and which texts belong to it.
"""

from chat.web.assets.serving import import_map, init_app, of_app, of_conversation, plain

__all__ = ["import_map", "init_app", "of_app", "of_conversation", "plain"]
