"""The document store: by content, encrypted, verified on reading."""

import errno
import hashlib
import os
from pathlib import Path

import pytest

from kantoor.keys.ring import DOCUMENTS, KeyRing
from kantoor.office.database.engine import Database
from kantoor.office.document_store import (
    DocumentDamagedError,
    DocumentKeyError,
    DocumentMissingError,
    DocumentStore,
    StoreUnwritableError,
)

CONTENT = b"<xbrl>Jansen</xbrl>"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "documents"


@pytest.fixture
def store(folder: Path, database: Database) -> DocumentStore:
    return DocumentStore(folder, ring_in(folder), database)


def ring_in(folder: Path) -> KeyRing:
    return KeyRing.open(folder.with_name("keys"), DOCUMENTS, may_make=True)


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_document_is_named_by_its_content_and_comes_back_whole(store: DocumentStore) -> None:
    name = store.put(CONTENT, "application/xml")
    assert name == hashlib.sha256(CONTENT).hexdigest()
    assert store.get(name) == CONTENT
    info = store.info(name)
    assert (info.size, info.media_type) == (len(CONTENT), "application/xml")


def test_nothing_on_disk_shows_the_content(store: DocumentStore, folder: Path) -> None:
    store.put(CONTENT, "application/xml")
    assert [b"Jansen" in path.read_bytes() for path in files(folder)] == [False]


def test_the_same_content_twice_is_one_document(store: DocumentStore, folder: Path) -> None:
    assert store.put(CONTENT, "application/xml") == store.put(CONTENT, "application/xml")
    assert len(files(folder)) == 1


def test_an_empty_document_is_a_document(store: DocumentStore) -> None:
    assert store.get(store.put(b"", "text/plain")) == b""


@pytest.mark.parametrize("name", ["0" * 64, "../../etc/passwd", "", "A" * 64])
def test_what_is_not_there_is_missing(store: DocumentStore, name: str) -> None:
    with pytest.raises(DocumentMissingError):
        store.get(name)
    with pytest.raises(DocumentMissingError):
        store.info(name)


@pytest.mark.parametrize("position", [0, 5, 15, 30, -1])
def test_a_changed_byte_anywhere_is_noticed(store: DocumentStore, folder: Path, position: int) -> None:
    name = store.put(CONTENT, "application/xml")
    path = files(folder)[0]
    sealed = bytearray(path.read_bytes())
    sealed[position] ^= 1
    path.write_bytes(sealed)
    with pytest.raises((DocumentDamagedError, DocumentKeyError)):
        store.get(name)


def test_a_file_under_the_name_of_another_is_noticed(store: DocumentStore, folder: Path) -> None:
    one = store.put(CONTENT, "application/xml")
    other = store.put(b"other", "application/xml")
    paths = {path.name: path for path in files(folder)}
    paths[one].write_bytes(paths[other].read_bytes())
    with pytest.raises(DocumentDamagedError):
        store.get(one)


def test_a_damaged_document_is_mended_by_storing_it_again(store: DocumentStore, folder: Path) -> None:
    name = store.put(CONTENT, "application/xml")
    files(folder)[0].write_bytes(b"ks1")
    with pytest.raises(DocumentDamagedError):
        store.get(name)
    store.put(CONTENT, "application/xml")
    assert store.get(name) == CONTENT


def test_another_key_is_told_and_overwrites_nothing(
    store: DocumentStore, folder: Path, database: Database
) -> None:
    name = store.put(CONTENT, "application/xml")
    before = files(folder)[0].read_bytes()
    other = DocumentStore(folder, ring_in(folder.parent / "elsewhere" / "documents"), database)
    with pytest.raises(DocumentKeyError, match="another key"):
        other.get(name)
    with pytest.raises(DocumentKeyError):
        other.put(CONTENT, "application/xml")
    assert files(folder)[0].read_bytes() == before


def test_a_full_disk_is_told_and_leaves_nothing(
    store: DocumentStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreUnwritableError, match="free up space"):
        store.put(CONTENT, "application/xml")
    assert files(folder) == []


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path, database: Database) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnwritableError, match="cannot be written"):
        DocumentStore(tmp_path / "file" / "documents", ring_in(tmp_path / "documents"), database).put(
            CONTENT, "text/plain"
        )
