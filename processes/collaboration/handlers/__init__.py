"""What each form does: first values, checks against the facts, and the rows it writes (D18)."""

from __future__ import annotations

from engine.handlers import FormHandler
from processes.collaboration.handlers import (
    f01_project_info,
    f02_approval,
    f03_confirmation,
    f03_kickoff,
    f04_nominate,
    f04_team,
    f05_first_level,
    f05_joint,
    f05_tasks,
    f08_deliverable_confirm,
    f09_daily_update,
    f15_acceptance,
    f15_call,
    f16_certificate,
    f17_archive,
    f17_check,
    f18_confirm,
    f18_retrospective,
    kickoff_objection,
    kickoff_organise,
    plan_confirm,
)

FORMS: dict[str, FormHandler] = {
    module.__name__.rsplit(".", 1)[-1]: FormHandler(module.prefill, module.check, module.complete)
    for module in (
        f01_project_info,
        f02_approval,
        f03_confirmation,
        f03_kickoff,
        f04_nominate,
        f04_team,
        f05_first_level,
        f05_joint,
        f05_tasks,
        f08_deliverable_confirm,
        f09_daily_update,
        f15_acceptance,
        f15_call,
        f16_certificate,
        f17_archive,
        f17_check,
        f18_confirm,
        f18_retrospective,
        kickoff_objection,
        kickoff_organise,
        plan_confirm,
    )
}
"""Every form of the method by its id; the module of a form has the form's name."""
