from __future__ import annotations

import json
import logging
import sys

import pytest

from souto.config.logging import formatter
from souto.kernel.errors import SoutoError


def line_for(message: str, *, error: BaseException | None = None, **extra: object) -> dict[str, object]:
    record = logging.LogRecord("souto.test", logging.ERROR, __file__, 1, message, (), None)
    if error is not None:
        try:
            raise error
        except type(error):
            record.exc_info = sys.exc_info()
    for name, value in extra.items():
        setattr(record, name, value)
    parsed: dict[str, object] = json.loads(formatter("json").format(record))
    return parsed


def test_a_line_is_one_json_object_with_time_level_and_logger() -> None:
    line = line_for("started")

    assert line["event"] == "started"
    assert line["level"] == "error"
    assert line["logger"] == "souto.test"
    assert str(line["timestamp"]).endswith("Z")


def test_the_text_of_an_unexpected_error_stays_out_of_the_log() -> None:
    line = line_for("failed", error=ValueError("hanako@example.jp lives in 元本郷町"))

    written = json.dumps(line, ensure_ascii=False)
    assert "hanako" not in written
    assert "元本郷町" not in written
    assert line["error"]["type"] == "builtins.ValueError"  # type: ignore[index]
    assert any("test_logging.py" in place for place in line["error"]["where"])  # type: ignore[index]


def test_the_cause_of_an_error_is_named_and_its_text_left_out_too() -> None:
    error = RuntimeError("outer 花子")
    error.__cause__ = KeyError("inner 太郎")

    line = line_for("failed", error=error)

    written = json.dumps(line, ensure_ascii=False)
    assert "花子" not in written
    assert "太郎" not in written
    assert line["error"]["cause"]["type"] == "builtins.KeyError"  # type: ignore[index]


def test_an_error_of_soutos_own_keeps_the_words_of_its_class_without_its_values() -> None:
    class SeatTakenError(SoutoError):
        message = "%(name)sさんの席は埋まっています。"

    line = line_for("failed", error=SeatTakenError(name="花子"))

    assert line["error"]["message"] == "%(name)sさんの席は埋まっています。"  # type: ignore[index]
    assert "花子" not in json.dumps(line, ensure_ascii=False)


@pytest.mark.django_db
def test_request_log_holds_route_and_ids_and_nothing_that_somebody_typed(client, caplog) -> None:
    with caplog.at_level(logging.INFO, logger="souto.request"):
        response = client.get("/no-such/hanako@example.jp/?name=花子")

    (record,) = [record for record in caplog.records if record.name == "souto.request"]
    written = str(record.msg)
    assert "hanako" not in written
    assert "花子" not in written
    assert record.msg["status"] == 404
    assert record.msg["route"] is None
    assert record.msg["request_id"] == response.headers["X-Request-ID"]
