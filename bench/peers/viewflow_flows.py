"""The two workflows as viewflow has them: classes, no diagrams."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from viewflow import this
from viewflow.workflow import flow, lock
from viewflow.workflow.activation import Activation
from viewflow.workflow.nodes.split import SplitActivation
from viewflow.workflow.token import Token


def page(request: Any) -> None:
    """Stand in for the page of a task, which is never opened: the service level is measured."""


def owner(activation: Any) -> User:
    """Return the one person there is."""
    if not _people:
        _people.append(User.objects.get())
    return _people[0]


_people: list[User] = []


class ManyActivation(SplitActivation):
    """A split into as many copies of its one branch as the process says.

    The documented `data_source` of a split is not in release 2.4.0.
    """

    @Activation.status.super()
    def create_next(self) -> Any:
        tokens = Token.split_token_source(self.task.token, self.task.pk)
        ((node, _, _),) = self.flow_task._branches
        for _ in range(self.process.data["items"]):
            yield node._create(prev_activation=self, token=next(tokens))


class Many(flow.Split):
    activation_class = ManyActivation


class Approval(flow.Flow):
    lock_impl = lock.select_for_update_lock
    start = flow.StartHandle().Next(this.apply)
    apply = flow.View(page).Assign(owner).Next(this.review)
    review = flow.View(page).Assign(owner).Next(this.gate)
    gate = flow.If(lambda activation: activation.process.data["agreed"]).Then(this.end).Else(this.apply)
    end = flow.End()


class Fan(flow.Flow):
    lock_impl = lock.select_for_update_lock
    start = flow.StartHandle().Next(this.split)
    split = Many().Next(this.each)
    each = flow.View(page).Assign(owner).Next(this.join)
    join = flow.Join().Next(this.after)
    after = flow.View(page).Assign(owner).Next(this.end)
    end = flow.End()
