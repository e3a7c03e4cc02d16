"""A server that speaks the S3 protocol, as a process of its own on the loopback."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import boto3

BUCKET, KEY, SECRET = "souto-files", "key", "secret"


@contextmanager
def server() -> Iterator[str]:
    """The address of a running server that has the bucket."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(process, port)
        url = f"http://127.0.0.1:{port}"
        client(url).create_bucket(Bucket=BUCKET)
        yield url
    finally:
        process.kill()
        process.wait()


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    while process.poll() is None:
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the S3 server ended before it answered")


def client(url: str) -> Any:
    """A client of our own, to look at what really lies in the bucket."""
    return boto3.client(
        "s3", endpoint_url=url, aws_access_key_id=KEY, aws_secret_access_key=SECRET, region_name="us-east-1"
    )


def names(url: str) -> list[str]:
    """What lies in the bucket."""
    return [one["Key"] for one in client(url).list_objects_v2(Bucket=BUCKET).get("Contents", [])]
