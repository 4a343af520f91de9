"""Every figure: name, kind, labels and one line of help. `docs/metrics.md` is generated from this table."""

from __future__ import annotations

from typing import Literal, NamedTuple


class Metric(NamedTuple):
    """A counter's name is without the `_total` that it is shown with."""

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    help: str
    labels: tuple[str, ...] = ()


DECLARED = (
    Metric("hubbub_build_info", "gauge", "The running version; always 1.", ("version",)),
    Metric("hubbub_ready", "gauge", "1 while /readyz answers 200, else 0."),
    Metric("hubbub_part_ready", "gauge", "1 for each part that /readyz calls ok, else 0.", ("part",)),
    Metric("hubbub_connections", "gauge", "Open connections by how they are carried.", ("transport",)),
    Metric("hubbub_users_online", "gauge", "Accounts with at least one connection."),
    Metric("hubbub_connections_refused", "counter", "Connections refused at the door, by code.", ("code",)),
    Metric(
        "hubbub_commands",
        "counter",
        "Commands by name and outcome: ok, or the code of the error. Names that do not exist are `unknown`.",
        ("command", "outcome"),
    ),
    Metric("hubbub_ack_seconds", "histogram", "From a command's arrival to its ack, in seconds.", ("command",)),
    Metric("hubbub_messages", "counter", "Messages that this process has committed."),
    Metric(
        "hubbub_pushes",
        "counter",
        "Pushes to devices: sent, gone (the device is), failed (given up), refused (our mistake), dropped (too many).",
        ("outcome",),
    ),
    Metric(
        "hubbub_previews",
        "counter",
        "Links looked at: fetched, known (not fetched again), nothing (no title), failed, dropped (too many).",
        ("outcome",),
    ),
    Metric("hubbub_deliveries", "counter", "Facts told, one for each connection; of the transport `own` only."),
    Metric("hubbub_slow_readers_dropped", "counter", "Connections cut because they left too much unread; `own` only."),
    Metric("hubbub_write_queue_jobs", "gauge", "Pieces of work that wait for the database's writer."),
    Metric("hubbub_write_batch_jobs", "histogram", "Pieces of work that were committed together."),
    Metric("hubbub_write_seconds", "histogram", "How long one such commit took, in seconds."),
    Metric("hubbub_search_behind", "gauge", "Messages that can't be searched yet, when this process last looked."),
    Metric("hubbub_hub_lag_seconds", "histogram", "How late a timer of the hub was, in seconds; ten times a second."),
    Metric("hubbub_hub_lag_max_seconds", "gauge", "The longest of these since the figures were last read."),
    Metric(
        "hubbub_http_requests",
        "counter",
        "HTTP requests by endpoint and status. `socket` is /socket.io/, `none` no page.",
        ("endpoint", "status"),
    ),
    Metric("hubbub_http_request_seconds", "histogram", "How long a request took, in seconds, without /socket.io/."),
    Metric("hubbub_sign_ins_refused", "counter", "Sign-ins on the page that were refused, by code.", ("code",)),
    Metric("hubbub_uploads", "counter", "Files that were uploaded to this process."),
    Metric("hubbub_upload_bytes", "counter", "Bytes of these files, as they are kept."),
    Metric("hubbub_download_bytes", "counter", "Bytes of files that were asked for, thumbnails among them."),
    Metric("hubbub_threads", "gauge", "Threads of the process, as the system counts them; on Linux only."),
)
