"""Attacks by uploads and downloads: slow ones, many, large ones, and pictures that take long."""

from __future__ import annotations

import http.client
import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.attacks.support import MEGABYTE, Scene, wait_until
from tests.buckets import bucket
from tests.pictures import SECRET, drawn, made
from tests.servers import serving
from tests.transport.harness import Http
from tests.waiting import DEADLINE

SETTINGS = {"header_timeout": 1.0, "files_largest_mb": 64, "log_level": "warning"}

SIZE = 48 * MEGABYTE


def upload(port: int, token: str, data: bytes, name: str = "a.bin") -> tuple[int, dict[str, Any]]:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=DEADLINE)
    try:
        client.request("POST", f"/files?name={name}", body=data, headers={"Authorization": f"Bearer {token}"})
        answer = client.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        client.close()


def spool(scene: Scene) -> list[Path]:
    folder = scene.server.data / "uploads"
    return list(folder.iterdir()) if folder.exists() else []


def begun(scene: Scene, sent: bytes = b"") -> Http:
    """An upload that goes no further."""
    client = Http(scene.port)
    head = f"POST /files?name=a HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {scene.attacker.token}\r\n"
    client.send(f"{head}Content-Length: {SIZE}\r\n\r\n".encode() + sent)
    return client


def test_uploads_that_never_come(scene: Scene) -> None:
    """An account holds up none but its own: past a few it is refused, and the others are cut off."""
    before = scene.process.memory
    with ExitStack() as stack:
        clients = [stack.enter_context(begun(scene, b"x" * 1000)) for _ in range(12)]
        scene.bystanders.talk()
        statuses = [client.response().status for client in clients]
        assert set(statuses) == {408}
        assert scene.process.memory - before < 10 * MEGABYTE
    wait_until(lambda: not spool(scene), lambda: str(spool(scene)))


def test_who_hangs_up_leaves_nothing(scene: Scene) -> None:
    for _ in range(5):
        with begun(scene, b"x" * 300_000):
            wait_until(lambda: spool(scene), lambda: "it never began")
        wait_until(lambda: not spool(scene), lambda: str(spool(scene)))


def test_large_files_cost_no_memory_and_hold_up_nobody(scene: Scene) -> None:
    token, data = scene.attacker.token, bytes(SIZE)
    status, answer = upload(scene.port, token, data)
    assert status == 201, answer
    before = scene.process.memory
    with ThreadPoolExecutor(3) as pool:
        for status, _ in pool.map(lambda _: upload(scene.port, token, data), range(3)):
            assert status == 201
    scene.bystanders.talk()
    # Those who ask for it and don't read.
    with ExitStack() as stack:
        for _ in range(10):
            client = stack.enter_context(Http(scene.port))
            path = f"/files/{answer['file']['id']}/x"
            client.send(f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
            assert client.line().startswith(b"HTTP/1.1 200 ")
        scene.bystanders.talk()
        assert scene.process.memory - before < SIZE // 2
    scene.bystanders.check()


def test_pictures_that_take_long(scene: Scene) -> None:
    data = made("PNG", drawn(3000, 3000), compress_level=1)
    with ThreadPoolExecutor(3) as pool:
        found = [pool.submit(upload, scene.port, scene.attacker.token, data, "a.png") for _ in range(3)]
        scene.bystanders.talk()
        for one in found:
            status, answer = one.result()
            assert (status, answer["file"]["width"]) == (201, 3000)


def test_forms_that_take_long_to_be_taken_apart(scene: Scene) -> None:
    """Pictures of oneself come in a form: here one that nearly ends all the time, and one of parts without end."""
    part = b'--edge\r\nContent-Disposition: form-data; name="picture"; filename="a"\r\n\r\n'
    bodies = (part + b"\r\n--edg" * MEGABYTE + b"\r\n--edge--\r\n", part * 100_000)

    def send(body: bytes) -> int:
        client = http.client.HTTPConnection("127.0.0.1", scene.port, timeout=DEADLINE)
        try:
            kind = {"Content-Type": "multipart/form-data; boundary=edge"}
            cookie = {"Cookie": f"hubbub_session={scene.attacker.cookie}"}
            client.request("POST", "/settings/avatar", body=body, headers={**kind, **cookie})
            return client.getresponse().status
        finally:
            client.close()

    with ThreadPoolExecutor(4) as pool:
        found = [pool.submit(send, body) for body in bodies * 2]
        scene.bystanders.talk()
        assert [one.result() for one in found] == [400, 413] * 2
    assert spool(scene) == []


def test_a_server_whose_files_are_in_a_bucket(tmp_path: Path) -> None:
    """The whole way on a running server, and the same when the bucket is away."""
    with ExitStack() as away, serving(tmp_path, **away.enter_context(bucket())) as server:
        token = server.owner("ada", "Ada").token
        server.start()
        data = made("JPEG", drawn(2000, 1500), orientation=6)
        status, answer = upload(server.port, token, data, "a.jpg")
        assert status == 201, answer
        file = answer["file"]
        assert (file["width"], file["height"]) == (1500, 2000)
        with Http(server.port) as client:
            bearer = {"Authorization": f"Bearer {token}"}
            whole = client.request("GET", f"/files/{file['id']}/a.jpg", **bearer)
            assert (whole.status, len(whole.body), SECRET in whole.body) == (200, file["size"], False)
            part = client.request("GET", f"/files/{file['id']}/a.jpg", Range="bytes=-7", **bearer)
            assert (part.status, part.body) == (206, whole.body[-7:])
            assert client.request("GET", file["thumb"], **bearer).body[8:12] == b"WEBP"
            assert not list((server.data / "files").rglob("*"))
            away.close()
            assert client.request("GET", f"/files/{file['id']}/a.jpg", **bearer).status == 503
        status, answer = upload(server.port, token, b"hello")
        assert (status, answer["error"]["code"], answer["error"]["retryable"]) == (503, "unavailable", True)
        assert not list((server.data / "uploads").iterdir())
