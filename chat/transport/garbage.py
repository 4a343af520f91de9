"""Python's garbage collector, tuned for a process that holds thousands of connections for hours.

A collection of everything looks at every object there is: with 9,000 connections the hub would stand still for about
a quarter of a second. Ours end without circles, which the tests make sure of, so counting references frees them at
once, and what circles there are (an exception and its frames) are young when they are found.
"""

from __future__ import annotations

import gc

# Net new objects until the youngest are looked at, how often that until the next generation is, and all of them. A look
# at a thousand takes about a millisecond, and with Python's own 700 a hundred messages at once would cause one.
THRESHOLDS = (5_000, 2, 10_000)


def settle() -> None:
    """Call when the application has been made: what there is now stays, and need not be looked at again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
