"""Where sealed files lie: a folder, or a bucket that speaks the S3 protocol."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

_KNOWN = {"endpoint", "region", "addressing"}


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket. `prefix`: the part of its names that is Souto's; `endpoint` "": the service of AWS; `addressing`: `path`, `virtual` or `auto`."""

    name: str
    prefix: str = ""
    endpoint: str = ""
    region: str = ""
    addressing: str = "auto"


def read(value: str) -> Bucket:
    """A bucket out of `s3://bucket/prefix?endpoint=https://…&region=…&addressing=path`; raises `ValueError`."""
    parts = urlsplit(value)
    options = dict(parse_qsl(parts.query, strict_parsing=True)) if parts.query else {}
    plain = not (parts.username or parts.password or parts.port or parts.fragment)
    if parts.scheme != "s3" or not parts.hostname or not plain or not options.keys() <= _KNOWN:
        raise ValueError(value)
    endpoint, addressing = options.get("endpoint", ""), options.get("addressing", "auto")
    if endpoint and urlsplit(endpoint).scheme not in {"https", "http"}:
        raise ValueError(value)
    if addressing not in {"auto", "path", "virtual"}:
        raise ValueError(value)
    return Bucket(parts.hostname, parts.path.strip("/"), endpoint, options.get("region", ""), addressing)


def backend(bucket: Bucket | None, *, folder: Path, key: str, secret: str) -> dict[str, Any]:
    """The entry of Django's `STORAGES`. Without `key` the client asks its surroundings (an instance's role, `AWS_…`)."""
    if bucket is None:
        return {"BACKEND": "souto.foundation.vault.storage.SealedFileStorage", "OPTIONS": {"location": folder}}
    return {
        "BACKEND": "souto.foundation.vault.s3.SealedS3Storage",
        "OPTIONS": {
            "bucket_name": bucket.name,
            "location": bucket.prefix,
            "endpoint_url": bucket.endpoint or None,
            "region_name": bucket.region or None,
            "addressing_style": bucket.addressing,
            "access_key": key or None,
            "secret_key": secret or None,
            "default_acl": None,
            "file_overwrite": True,
            "querystring_auth": False,
            "object_parameters": {"ContentType": "application/octet-stream"},
            # One request for a file, whatever its size within the limits of uploads.
            "transfer_config": _one_request(),
        },
    }


def _one_request() -> Any:
    from boto3.s3.transfer import TransferConfig

    return TransferConfig(multipart_threshold=256 * 1024 * 1024, use_threads=False)
