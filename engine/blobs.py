"""Bytes of attachments, addressed by their SHA-256; the only door to fsspec."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from functools import cached_property
from typing import IO, Any

from engine.errors import InvalidInput, NotFound
from engine.text import T

_CHUNK = 1 << 18
MOST_BYTES = 50 << 20
"""Bytes of one file; larger ones are refused."""


class BlobStore:
    """A folder of content-addressed files, local or on any store fsspec reaches."""

    def __init__(self, address: str, most_bytes: int = MOST_BYTES) -> None:
        self._address = address
        self._most = most_bytes

    @cached_property
    def _opened(self) -> tuple[Any, str]:
        # Importing fsspec costs more than a page; a process that touches no file does without.
        import fsspec

        files, root = fsspec.core.url_to_fs(self._address)
        return files, root

    @property
    def _files(self) -> Any:
        return self._opened[0]

    @property
    def _root(self) -> str:
        return self._opened[1]

    def put(self, stream: IO[bytes]) -> tuple[str, int]:
        """Store a stream and return its SHA-256 and size; the same content is kept once.

        The bytes go to a pending name first and are moved when complete, so that a torn upload is
        never found under a digest. Raises `InvalidInput` when the stream is too long.
        """
        pending = f"{self._root}/pending/{uuid.uuid4().hex}"
        self._files.makedirs(f"{self._root}/pending", exist_ok=True)
        try:
            digest, size = self._write(pending, stream)
            target = self._place(digest)
            self._files.makedirs(target.rsplit("/", 1)[0], exist_ok=True)
            if not self._files.exists(target):
                self._files.mv(pending, target)
        finally:
            if self._files.exists(pending):
                self._files.rm(pending)
        return digest, size

    def _write(self, path: str, stream: IO[bytes]) -> tuple[str, int]:
        digest, size = hashlib.sha256(), 0
        with self._files.open(path, "wb") as out:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                if size > self._most:
                    limit = self._most >> 20
                    raise InvalidInput(T("文件超过{limit} MB，请压缩或拆分后上传", limit=limit))
                digest.update(chunk)
                out.write(chunk)
        return digest.hexdigest(), size

    def open(self, digest: str) -> IO[bytes]:
        """Open stored content for reading; raises `NotFound`."""
        path = self._place(digest)
        if not self._files.exists(path):
            raise NotFound(T("文件内容不存在"), sha256=digest)
        opened: IO[bytes] = self._files.open(path, "rb")
        return opened

    def chunks(self, digest: str) -> Iterator[bytes]:
        """Yield stored content piece by piece."""
        with self.open(digest) as stream:
            while chunk := stream.read(_CHUNK):
                yield chunk

    def _place(self, digest: str) -> str:
        if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
            raise NotFound(T("文件内容不存在"), sha256=digest)
        return f"{self._root}/{digest[:2]}/{digest}"
