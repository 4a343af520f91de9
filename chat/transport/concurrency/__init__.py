"""Greenlets and threads: who works when, who waits for what, and what is due."""
