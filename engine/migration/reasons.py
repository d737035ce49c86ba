"""Why an instance cannot be migrated: one reason per token or scope, for people and for programs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.text import T

Json = Any

TEXTS: Mapping[str, Callable[[str], T]] = {
    "gone": lambda name: T("“{name}”在新版本里没有了，那里还有令牌", name=name),
    "kind": lambda name: T("“{name}”在新版本里是另一种元素", name=name),
    "moved": lambda name: T("“{name}”在新版本里移到了另一个子流程", name=name),
    "loop": lambda name: T("“{name}”的循环或多实例设置变了，它正在进行", name=name),
    "scope": lambda name: T("“{name}”正在进行，它的数据对象或即席活动变了", name=name),
    "called": lambda name: T("“{name}”正在进行，它在新版本里调用另一个流程", name=name),
    "data": lambda name: T("“{name}”的输入输出数据变了，它正在进行", name=name),
    "form": lambda name: T("“{name}”的表单换成了另一个，待办还没有办完", name=name),
    "service": lambda name: T("“{name}”的服务变了，它正在等结果", name=name),
    "event": lambda name: T("“{name}”等的事件种类变了", name=name),
    "cycle": lambda name: T("“{name}”的循环定时已经响过，不能再改", name=name),
    "join": lambda name: T("“{name}”已有令牌等在汇合处，它的入口或条件变了", name=name),
    "starved": lambda name: T("“{name}”在新版本里会等一个不会来的令牌", name=name),
    "quantity": lambda name: T("“{name}”需要的令牌数变了，已有令牌等在那里", name=name),
    "handler": lambda name: T("“{name}”已做完，它的补偿在新版本里变了", name=name),
    "gateway": lambda name: T("“{name}”等的事件里有的移到了别处", name=name),
    "correlation": lambda name: T("“{name}”的关联键已有值，新版本里它没有了或属性变了", name=name),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason: its code, the sentence, and the token and element it is about if there is one."""

    code: str
    text: T
    token: int | None = None
    element: str | None = None

    @classmethod
    def at(cls, code: str, token: int | None, element: str, name: str = "") -> Reason:
        """Return the reason `code` for an element."""
        return cls(code, TEXTS[code](name or element), token, element)

    def as_json(self) -> dict[str, Json]:
        """Return the reason as plain values, the sentence in the source language."""
        return {"code": self.code, "text": str(self.text), "token": self.token, "element": self.element}
