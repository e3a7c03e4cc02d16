"""Sealed values: only their own key and their own place opens them; without the key they are gone."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from hypothesis import given
from hypothesis import strategies as st

from souto.foundation.identity.models import Person
from souto.foundation.vault import cipher, keys
from souto.foundation.vault.storage import SealedFileStorage

KEY = cipher.new_key()


@given(st.binary(max_size=300), st.binary(max_size=20))
def test_seal_round_trip(plain: bytes, place: bytes) -> None:
    assert cipher.unseal(cipher.seal(plain, key=KEY, bound_to=place), key=KEY, bound_to=place) == plain


@given(st.binary(max_size=100), st.data())
def test_one_changed_bit_is_noticed(plain: bytes, data: st.DataObject) -> None:
    sealed = bytearray(cipher.seal(plain, key=KEY, bound_to=b"here"))
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[bit // 8] ^= 1 << (bit % 8)

    with pytest.raises(cipher.UnreadableError):
        cipher.unseal(bytes(sealed), key=KEY, bound_to=b"here")


def test_a_value_moved_to_another_record_does_not_open() -> None:
    sealed = cipher.seal(b"x", key=KEY, bound_to=b"a")

    with pytest.raises(cipher.UnreadableError):
        cipher.unseal(sealed, key=KEY, bound_to=b"b")


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 200_000])
def test_stream_round_trip_and_cut(size: int) -> None:
    plain = bytes(i % 251 for i in range(size))
    sealed = b"".join(cipher.seal_stream([plain[:70_000], plain[70_000:]], key=KEY, bound_to=b"f"))

    opened = b"".join(
        cipher.unseal_stream([sealed[i : i + 5_000] for i in range(0, len(sealed), 5_000)], key=KEY, bound_to=b"f")
    )

    assert opened == plain
    for cut in (len(sealed) - 1, 8, 3, 0):
        with pytest.raises(cipher.UnreadableError):
            b"".join(cipher.unseal_stream([sealed[:cut]], key=KEY, bound_to=b"f"))


def test_stream_cut_at_a_chunk_border_is_noticed() -> None:
    sealed = b"".join(cipher.seal_stream([b"x" * 200_000], key=KEY, bound_to=b"f"))
    chunk = 65_536 + 16

    with pytest.raises(cipher.UnreadableError):
        b"".join(cipher.unseal_stream([sealed[: 8 + chunk]], key=KEY, bound_to=b"f"))


@pytest.mark.django_db
def test_a_person_without_a_key_is_erased() -> None:
    person = Person()
    person.profile = {"name": "山田　太郎"}
    person.contact = {}
    person.save()
    stored = Person.objects.get(pk=person.pk)
    assert stored.profile == {"name": "山田　太郎"}
    assert "山田".encode() not in bytes(stored.profile_sealed)

    keys.destroy_key(person.key_id)

    assert Person.objects.get(pk=person.pk).is_erased
    with pytest.raises(keys.KeyDestroyedError):
        _ = Person.objects.get(pk=person.pk).profile


def test_files_are_sealed_on_disk(tmp_path: object) -> None:
    storage = SealedFileStorage(location=tmp_path)
    key_id = keys.create_key()
    name = storage.save(f"{key_id}/file", ContentFile("秘密".encode() * 50_000))

    assert storage.open(name).read() == "秘密".encode() * 50_000
    assert "秘密".encode() not in Path(storage.path(name)).read_bytes()

    keys.destroy_key(key_id)
    with pytest.raises(keys.KeyDestroyedError):
        storage.open(name)


def test_keyed_hash_depends_on_purpose() -> None:
    assert keys.keyed_hash("a", purpose="x") == keys.keyed_hash("a", purpose="x")
    assert keys.keyed_hash("a", purpose="x") != keys.keyed_hash("a", purpose="y")
