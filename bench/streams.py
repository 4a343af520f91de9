"""Whether every delivery arrived exactly once and in order, at the price of a comparison of memory.

A message goes to all members of a room as the same bytes. So the room has one `Stream`, made of the message frames of
whoever received each first, and every member has a `Reader`, which compares what arrives with the stream, whole pieces
at once. Only where they differ are frames told apart: heartbeats, acks and other facts, which stand at different places
for different members, are put aside, and a message that is not the next one of the stream is a fault. At the end the
stream itself is read message by message and compared with what was sent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from bench import frames

Cid = tuple[str, int]


def split_cid(cid: str) -> Cid:
    """Who sent a message and its number, from the client's id of it: `time.sender-number`."""
    sender, _, number = cid.partition(".")[2].rpartition("-")
    return sender, int(number)


def cid_of(payload: bytes) -> Cid:
    start = payload.index(b'"cid":"') + 7
    return split_cid(payload[start : payload.index(b'"', start)].decode())


class Stream:
    """The messages of one room. `prefix` is how the payload of a message begins."""

    def __init__(self, prefix: bytes) -> None:
        self.prefix = prefix
        self.data = bytearray()
        self.ends: list[int] = []  # where each message ends in `data`
        self.readers: list[Reader] = []
        self.missing: list[int] = []  # how many members each message has not reached
        self.completed = 0  # messages that have reached everybody
        self.deliveries = 0
        self.fault = ""  # the first message that came out of turn

    def append(self, frame: bytes) -> None:
        self.data += frame
        self.ends.append(len(self.data))
        self.missing.append(len(self.readers))

    def reached(self, reader: Reader) -> None:
        """The reader has passed the ends of one message or more."""
        ends, at = self.ends, reader.passed
        while at < len(ends) and ends[at] <= reader.offset:
            self.missing[at] -= 1
            if not self.missing[at]:
                self.completed = at + 1
            at += 1
            self.deliveries += 1
        reader.passed = at

    def outstanding(self, sent: int) -> int:
        """Deliveries that are still to come when `sent` messages were sent."""
        return sent * len(self.readers) - self.deliveries

    def payloads(self) -> list[bytes]:
        found, start = [], 0
        for end in self.ends:
            place = frames.find(self.data, start)
            assert place is not None, "an end that is none"
            found.append(bytes(self.data[place[0] : place[1]]))
            start = end
        return found

    def faults(self, sent: Mapping[str, range], most: int = 5) -> list[str]:
        """What is wrong, in words, at most so many; nothing if each member has each message once and in order.

        `sent` says which numbers each sender has given its messages.
        """
        seen = [cid_of(payload) for payload in self.payloads()]
        found = _out_of_order(seen, sent)
        for number, reader in enumerate(self.readers):
            if reader.passed == len(seen) and not reader.strays and not reader.tail:
                continue
            its = seen[: reader.passed] + [cid_of(payload) for payload in reader.strays]
            wrong = _out_of_order(its, sent)
            if not wrong and reader.strays:
                wrong = [f"{'other bytes' if its == seen else 'another order'} than the others have"]
            if reader.tail:
                wrong.append("a frame that is not whole")
            found += [f"member {number}: {one}" for one in wrong]
            if len(found) > most:
                break
        return found[:most]


def _out_of_order(seen: Sequence[Cid], sent: Mapping[str, range]) -> list[str]:
    by_sender: dict[str, list[int]] = defaultdict(list)
    for sender, number in seen:
        by_sender[sender].append(number)
    wrong = []
    for sender in sorted(by_sender.keys() | sent.keys()):
        has, wanted = by_sender[sender], sent.get(sender, range(0))
        if has == list(wanted):
            continue
        lost, doubled = len(set(wanted) - set(has)), len(has) - len(set(has))
        unsent = len(set(has) - set(wanted))
        parts = [
            f"{count} {what}" for count, what in ((lost, "lost"), (doubled, "doubled"), (unsent, "never sent")) if count
        ]
        wrong.append(f"of {sender}'s {len(wanted)}: {', '.join(parts) or 'reordered'}")
    return wrong


class Reader:
    """What one connection receives. `aside(payload)` is given every packet that is not a message of the stream.

    Heartbeats of Socket.IO are packets like others; `control(opcode, payload)` is given WebSocket's own frames.
    """

    __slots__ = ("aside", "control", "offset", "passed", "strays", "stream", "tail")

    def __init__(self, aside: Callable[[bytes], object], control: Callable[[int, bytes], object]) -> None:
        self.aside = aside
        self.control = control
        self.stream: Stream | None = None
        self.offset = 0  # up to where in the stream all has arrived
        self.passed = 0  # whole messages of it
        self.tail = b""  # the beginning of a frame that is not the stream's next one, as far as one can tell
        self.strays: list[bytes] = []  # from the first message on that was not the stream's next

    def follow(self, stream: Stream) -> None:
        """Compare with this room's messages from now on. All members must follow before the first is sent."""
        assert not stream.ends, "the stream has begun"
        self.stream, self.offset, self.passed, self.strays = stream, 0, 0, []
        stream.readers.append(self)

    def feed(self, chunk: memoryview) -> None:
        """Take what has arrived. Raises `ValueError` for bytes that are no frames."""
        stream = self.stream
        if stream is not None and not self.tail and not self.strays and stream.data.startswith(chunk, self.offset):
            self.offset = offset = self.offset + len(chunk)
            if self.passed < len(stream.ends) and stream.ends[self.passed] <= offset:
                stream.reached(self)
        else:
            self._tell_apart(bytes(chunk))

    def _tell_apart(self, chunk: bytes) -> None:
        """Go frame by frame from the last whole one."""
        stream, data = self.stream, self.tail + chunk
        if stream is not None:
            whole = stream.ends[self.passed - 1] if self.passed else 0
            data = bytes(stream.data[whole : self.offset]) + data
            self.offset = whole
        start = 0
        while (place := frames.find(data, start)) is not None:
            opcode, payload = data[start] & 15, data[place[0] : place[1]]
            if opcode != frames.TEXT:
                self.control(opcode, payload)
            elif stream is not None and payload.startswith(stream.prefix):
                self._message(stream, data[start : place[1]], payload)
            else:
                self.aside(payload)
            start = place[1]
        self.tail = data[start:]
        if stream is not None and self.tail and not self.strays and stream.data.startswith(self.tail, self.offset):
            self.offset += len(self.tail)
            self.tail = b""

    def _message(self, stream: Stream, frame: bytes, payload: bytes) -> None:
        if not self.strays:
            if self.offset == len(stream.data):
                stream.append(frame)
            if stream.data.startswith(frame, self.offset):
                self.offset += len(frame)
                stream.reached(self)
                return
            stream.fault = stream.fault or f"message {self.passed} of a member is not that of the others"
        self.strays.append(payload)
