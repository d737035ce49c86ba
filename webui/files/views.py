"""Downloads: always an attachment, never trusted by the browser to be anything."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, Response

from engine import attachments
from webui.context import engine
from webui.identity import current_actor
from webui.permissions import permission

blueprint = Blueprint("files", __name__)


@blueprint.get("/files/<int:attachment_id>")
@permission("signed_in")
def download(attachment_id: int) -> Response:
    """Send a file to somebody who may read it."""
    with engine().database.read() as uow:
        found = attachments.require(uow, current_actor(), attachment_id)
    response = Response(engine().blobs.chunks(found.sha256), mimetype="application/octet-stream")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.name)}"
    response.headers["Content-Length"] = str(found.size)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
