"""The address of an instance's diagram as a picture."""

from __future__ import annotations

from flask import Blueprint, Response, request

from webui.context import engine
from webui.diagrams.drawing import instance_picture
from webui.identity import current_actor
from webui.permissions import permission

blueprint = Blueprint("diagrams", __name__, template_folder="templates")


@blueprint.get("/instances/<int:instance_id>/diagram.svg")
@permission("signed_in")
def instance_diagram(instance_id: int) -> Response:
    """Draw the diagram an instance runs on with its tokens, for those who may see the instance.

    `?process=` asks for a called process, `?at=` for the moment after an event, `?near=` for the
    surroundings of one element only.
    """
    with engine().database.read() as uow:
        drawn = instance_picture(
            uow,
            current_actor(),
            instance_id,
            process_id=request.args.get("process"),
            until=request.args.get("at", type=int),
            alone=True,
            near=request.args.get("near"),
        )
    return Response(drawn, content_type="image/svg+xml; charset=utf-8")
