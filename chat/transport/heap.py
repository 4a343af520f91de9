"""The C library's allocator, tuned for a process that runs for months with some threads beside the hub.

glibc gives every thread a heap of its own, up to eight for each core, and what is free in one of them is of no use to
the others: with the threads that disks and passwords have, memory creeps up for hours. And it keeps blocks as large as
the largest that was ever freed, which is the 19 MB that a password's hash takes, instead of giving them back.
"""

from __future__ import annotations

import ctypes

# From <malloc.h>.
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8

HEAPS = 2  # the hub's, and one for all other threads
OF_ITS_OWN_BYTES = 1 << 20  # a block of this size or more is the system's again when it is freed
KEPT_BYTES = 16 << 20  # free at the end of a heap


def tune() -> None:
    """Call before there are threads. Changes nothing where the C library is not glibc."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return
    mallopt(M_ARENA_MAX, HEAPS)
    mallopt(M_MMAP_THRESHOLD, OF_ITS_OWN_BYTES)
    mallopt(M_TRIM_THRESHOLD, KEPT_BYTES)
