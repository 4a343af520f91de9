"""A server that speaks the protocol of S3, in a process of its own: moto's, which is made for tests."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer
from typing import Any

from tests.waiting import DEADLINE

BUCKET = "sample-files"
# Prints its port when it listens. Anybody may do anything there, with any key.
_PROGRAM = f"""
import boto3
from moto.server import ThreadedMotoServer

server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
_, port = server.get_host_and_port()
keys = {{"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "us-east-1"}}
boto3.client("s3", endpoint_url=f"http://127.0.0.1:{{port}}", **keys).create_bucket(Bucket="{BUCKET}")
print(port, flush=True)
input()
"""


@contextmanager
def bucket() -> Iterator[dict[str, Any]]:
    """The settings of an empty bucket."""
    command = [sys.executable, "-W", "ignore", "-c", _PROGRAM]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    timer = Timer(DEADLINE, process.kill)
    timer.start()
    try:
        port = int(process.stdout.readline())
        timer.cancel()
        yield {
            "files_s3_bucket": BUCKET,
            "files_s3_endpoint": f"http://127.0.0.1:{port}",
            "files_s3_key": "key",
            "files_s3_secret": "secret",
        }
    finally:
        timer.cancel()
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()
