"""Packages, results and the shared folder, without a database."""

from __future__ import annotations

import hashlib
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from souto.services.casework.handover import (
    Column,
    Columns,
    DirectoryDrop,
    Package,
    PackageBrokenError,
    Part,
    Reason,
    Result,
    ResultBrokenError,
    ResultState,
    UnwritableCharacterError,
    read_package,
)


def package(**more: object) -> Package:
    parts = (
        Part("answers.json", '{"name":"𠮷田"}'.encode(), "application/json"),
        Part("attachments/01.jpg", b"\xff\xd8picture", "image/jpeg", title="../../写真.jpg"),
    )
    found = {"name": "H26-000001-2.1", "system": "juki", "about": {"number": "H26-000001-2"}, "parts": parts, **more}
    return Package(**found)


def sent(folder: Path, layout: str = "zip") -> tuple[Path, str]:
    DirectoryDrop(folder, layout=layout).send(package())
    name = "H26-000001-2.1" + (".zip" if layout == "zip" else "")
    return folder / "outbox" / name, (folder / "outbox" / f"{name}.sha256").read_text()


def test_a_zip_is_what_its_manifest_and_its_sidecar_say(tmp_path: Path) -> None:
    path, sidecar = sent(tmp_path)

    # Checked with the standard library alone, as a stranger would.
    assert sidecar == f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n"
    with zipfile.ZipFile(path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        for entry in manifest["files"]:
            content = archive.read(entry["name"])
            assert (entry["size"], entry["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
        assert sorted(archive.namelist()) == ["answers.json", "attachments/01.jpg", "manifest.json"]
    assert manifest["files"][1]["title"] == "../../写真.jpg"


@pytest.mark.parametrize("layout", ["zip", "folder"])
def test_what_was_sent_reads_back_and_sending_again_changes_nothing(tmp_path: Path, layout: str) -> None:
    path, sidecar = sent(tmp_path, layout)
    before = {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}

    again = sent(tmp_path, layout)

    assert again == (path, sidecar)
    assert {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()} == before
    assert read_package(path, sidecar).files["attachments/01.jpg"] == b"\xff\xd8picture"
    assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.parametrize("keep", [0, 1, 40, -1])
def test_a_cut_file_is_refused(tmp_path: Path, keep: int) -> None:
    path, sidecar = sent(tmp_path)
    path.write_bytes(path.read_bytes()[:keep])

    with pytest.raises(PackageBrokenError) as caught:
        read_package(path, sidecar)

    assert caught.value.code == "hash"


@pytest.mark.parametrize("layout", ["zip", "folder"])
def test_a_changed_missing_or_added_file_is_refused(tmp_path: Path, layout: str) -> None:
    def broken(files: dict[str, bytes]) -> str:
        folder = tmp_path / hashlib.sha256(repr(files).encode()).hexdigest()[:8]
        if layout == "zip":
            path = folder.with_suffix(".zip")
            with zipfile.ZipFile(path, "w") as archive:
                for name, content in files.items():
                    archive.writestr(name, content)
            expected = hashlib.sha256(path.read_bytes()).hexdigest()
        else:
            path = folder
            for name, content in files.items():
                (path / name).parent.mkdir(parents=True, exist_ok=True)
                (path / name).write_bytes(content)
            expected = hashlib.sha256(files.get("manifest.json", b"")).hexdigest()
        with pytest.raises(PackageBrokenError) as caught:
            read_package(path, f"{expected}  {path.name}\n")
        return caught.value.code

    whole = package().files()

    assert broken({**whole, "answers.json": b"{}"}) == "file_hash"
    same_size = whole["answers.json"][:-1] + bytes([whole["answers.json"][-1] ^ 1])
    assert broken({**whole, "answers.json": same_size}) == "file_hash"
    assert broken({k: v for k, v in whole.items() if k != "answers.json"}) == "missing"
    assert broken({**whole, "extra.txt": b"x"}) == "unlisted"
    assert broken({k: v for k, v in whole.items() if k != "manifest.json"}) == "manifest"
    assert broken({**whole, "manifest.json": b"[]"}) == "manifest"


@pytest.mark.parametrize("name", ["../up.txt", "/etc/passwd", "a/../../b", "", "日本.txt"])
def test_names_that_lead_elsewhere_are_refused(tmp_path: Path, name: str) -> None:
    DirectoryDrop(tmp_path).send(package(parts=(Part(name or "x", b"x", "text/plain"),)))
    path = tmp_path / "outbox" / "H26-000001-2.1.zip"
    if not name:
        return

    with pytest.raises(PackageBrokenError) as caught:
        read_package(path, (tmp_path / "outbox" / f"{path.name}.sha256").read_text())

    assert caught.value.code == "names"


def result(**more: object) -> Result:
    found = {
        "package": "H26-000001-2.1",
        "package_sha256": "a" * 64,
        "state": ResultState.ACCEPTED,
        "answered_at": datetime(2026, 11, 24, 1, tzinfo=UTC),
        "number": "J-1",
        **more,
    }
    return Result(**found)


def lay(folder: Path, content: bytes, name: str = "H26-000001-2.1.json", *, hashed: bytes | None = None) -> None:
    drop = DirectoryDrop(folder)
    drop.put("inbox", name, content)
    sha256 = hashlib.sha256(content if hashed is None else hashed).hexdigest()
    drop.put("inbox", f"{name}.sha256", f"{sha256}  {name}\n".encode())


@given(st.text(max_size=40), st.text(max_size=200))
def test_results_read_back(code: str, message: str) -> None:
    refused = result(state=ResultState.REFUSED, number="", reasons=(Reason(code, message),))

    assert Result.parse(refused.as_bytes()) == refused


@given(st.binary(max_size=300))
def test_no_bytes_crash_the_reader(content: bytes) -> None:
    with pytest.raises(ResultBrokenError):
        Result.parse(content)


@pytest.mark.parametrize(
    "more",
    [
        {"state": "done"},
        {"number": ""},
        {"package": None},
        {"answered_at": "2026-11-24"},
        {"answered_at": "明日"},
        {"reasons": "x"},
        {"format_version": 2},
    ],
)
def test_a_result_with_something_missing_says_what(more: dict[str, object]) -> None:
    body = json.loads(result().as_bytes()) | more

    with pytest.raises(ResultBrokenError, match=r"[ぁ-ん]"):
        Result.parse(json.dumps(body).encode())


def test_results_wait_for_their_hash_and_move_when_settled(tmp_path: Path) -> None:
    drop = DirectoryDrop(tmp_path)
    drop.put("inbox", "later.json", result().as_bytes())
    lay(tmp_path, result().as_bytes())
    lay(tmp_path, result().as_bytes()[:50], "cut.json", hashed=result().as_bytes())

    found = {incoming.name: incoming for incoming in drop.results()}

    assert sorted(found) == ["H26-000001-2.1.json", "cut.json"]
    assert found["H26-000001-2.1.json"].result == result()
    assert "ハッシュ" in found["cut.json"].problem
    drop.settle(found["H26-000001-2.1.json"], good=True)
    drop.settle(found["cut.json"], good=False)
    drop.settle(found["cut.json"], good=False)
    assert list(drop.results()) == []
    assert len(list((tmp_path / "done").iterdir())) == 2
    assert len(list((tmp_path / "quarantine").iterdir())) == 2
    assert (tmp_path / "inbox" / "later.json").exists()


def test_a_link_in_the_inbox_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.json"
    secret.write_bytes(result().as_bytes())
    lay(tmp_path, result().as_bytes(), "x.json")
    (tmp_path / "inbox" / "x.json").unlink()
    (tmp_path / "inbox" / "x.json").symlink_to(secret)

    assert list(DirectoryDrop(tmp_path).results()) == []


def test_a_table_in_the_encoding_that_was_declared() -> None:
    columns = [Column("受付番号", "application:number"), Column("氏名", "answer:name"), Column("区分", "text:01")]
    table = Columns(columns, "shift_jis")

    written = table.write(application={"number": "H1"}, answers={"name": '髙橋,"一郎"'})

    assert written.decode("cp932") == '受付番号,氏名,区分\r\nH1,"髙橋,""一郎""",01\r\n'
    assert Columns(columns, header=False).write(application={}, answers={}).decode() == ",,01\r\n"


def test_a_character_that_the_encoding_lacks_is_named() -> None:
    table = Columns([Column("氏名", "answer:name")], "shift_jis")

    with pytest.raises(UnwritableCharacterError) as caught:
        table.write(application={}, answers={"name": "𠮷田"})

    assert caught.value.params == {"column": "氏名", "character": "𠮷"}
