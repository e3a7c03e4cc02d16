from __future__ import annotations

from uuid import UUID

from souto.services.applications import canonical

APPLICATION = UUID("0192f3a0-0000-7000-8000-000000000001")


def _file(path: str, sha256: str, name: str = "a.jpg") -> canonical.Attachment:
    return {"path": path, "file_id": "f", "sha256": sha256, "name": name, "size": 1}


def _content(answers: dict[str, object], files: list[canonical.Attachment] | None = None) -> bytes:
    return canonical.content(
        application_id=APPLICATION, procedure="juminhyo", version=3, answers=answers, attachments=files or []
    )


def test_the_bytes_are_those_of_rfc_8785() -> None:
    assert _content({"b": "𠮷", "a": 1.0, "é": None}).decode() == (
        '{"answers":{"a":1,"b":"𠮷","é":null},"application":"0192f3a0-0000-7000-8000-000000000001",'
        '"attachments":[],"procedure":"juminhyo","version":3}'
    )


def test_the_order_in_which_answers_and_files_came_changes_nothing() -> None:
    one = _content({"a": 1, "b": 2}, [_file("x", "11"), _file("y", "22")])
    other = _content({"b": 2, "a": 1}, [_file("y", "22"), _file("x", "11")])

    assert one == other


def test_another_answer_or_another_file_gives_another_digest_and_another_name_does_not() -> None:
    digest = canonical.digest(_content({"a": 1}, [_file("x", "11")]))

    assert canonical.digest(_content({"a": 2}, [_file("x", "11")])) != digest
    assert canonical.digest(_content({"a": 1}, [_file("x", "12")])) != digest
    assert canonical.digest(_content({"a": 1}, [_file("z", "11")])) != digest
    assert canonical.digest(_content({"a": 1}, [_file("x", "11", "b.jpg")])) == digest


def test_a_commitment_proves_nothing_without_its_salt() -> None:
    content = _content({"a": 1})

    assert canonical.commitment(content, salt=b"1" * 16) != canonical.commitment(content, salt=b"2" * 16)
    assert canonical.commitment(content, salt=b"1" * 16) == canonical.commitment(content, salt=b"1" * 16)
