"""Styles, scripts, fonts and pictures, served from memory under names that change with their content."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

HERE = Path(__file__).parent / "static"
# What `npm run build` in web/front makes of our styles and scripts; committed, so that nobody needs Node.
BUILT = HERE / "built"
PREFIX = "/static"
FOR_EVER = "public, max-age=31536000, immutable"

_URL = re.compile(r"""url\((["']?)(?!data:|#)([^"')]+)\1\)""")


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is sent."""

    content: bytes
    zipped: bytes | None
    kind: str
    mark: str
    #: When its file was written, so that a developer sees what was changed since.
    written_ns: int


class Assets:
    """All static files of the house and its plugins: the built ones, fonts and pictures.

    A plugin's files stand in its `static/<plugin>/` folder and are asked for as `<plugin>/till.js`.
    """

    def __init__(self, folders: Sequence[Path] = (), *, development: bool = False) -> None:
        self._folders = (BUILT, HERE, *folders)
        self._development = development
        self._kept: dict[str, Asset] = {}

    def address(self, path: str) -> str:
        """Where a file is served, with a mark of its content: `/static/3f2a9c1b/app.css`. KeyError if unknown."""
        return f"{PREFIX}/{self.asset(path).mark}/{path}"

    def asset(self, path: str) -> Asset:
        kept = self._kept.get(path)
        if kept is None or (self._development and self._file(path).stat().st_mtime_ns != kept.written_ns):
            kept = self._kept[path] = self._load(path)
        return kept

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI application to mount at `/static`."""
        await self._answer(scope)(scope, receive, send)

    def _answer(self, scope: Scope) -> Response:
        below = str(scope["path"]).removeprefix(str(scope.get("root_path", ""))).removeprefix(PREFIX).lstrip("/")
        mark, _slash, path = below.partition("/")
        if scope["method"] not in ("GET", "HEAD"):
            return PlainTextResponse(status_code=405, headers={"Allow": "GET, HEAD"})
        try:
            asset = self.asset(path)
        except KeyError:
            return PlainTextResponse("Not found", status_code=404)
        sent = dict(scope["headers"])
        # A page made before an update may still ask by an old mark: it gets today's file, but must not keep it.
        headers = {"ETag": f'"{asset.mark}"', "Cache-Control": FOR_EVER if mark == asset.mark else "no-cache"}
        if sent.get(b"if-none-match") == headers["ETag"].encode():
            return Response(status_code=304, headers=headers)
        content = asset.content
        if asset.zipped is not None:
            headers["Vary"] = "Accept-Encoding"
            if b"gzip" in sent.get(b"accept-encoding", b""):
                headers["Content-Encoding"], content = "gzip", asset.zipped
        return Response(content, media_type=asset.kind, headers=headers)

    def _load(self, path: str) -> Asset:
        file = self._file(path)
        written_ns, content = file.stat().st_mtime_ns, file.read_bytes()
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        if kind == "text/css":
            content = _URL.sub(self._addressed, content.decode()).encode()
        # Fonts and pictures are compressed already.
        text = kind.startswith("text/") or kind in ("image/svg+xml", "application/json")
        zipped = gzip.compress(content, 9, mtime=0) if text else None
        return Asset(content, zipped, kind, hashlib.sha256(content).hexdigest()[:10], written_ns)

    def _addressed(self, match: re.Match[str]) -> str:
        return f'url("{self.address(match[2])}")'

    def _file(self, path: str) -> Path:
        """Where it stands. KeyError when there is none, or when the path leads out of the folders."""
        for folder in self._folders:
            file = (folder / path).resolve() if path and "\0" not in path and len(path) < 200 else folder
            if file.is_relative_to(folder.resolve()) and file.is_file():
                return file
        raise KeyError(path)
