"""Takes the pictures of the documents: every screen, in English and Chinese, light and dark."""
