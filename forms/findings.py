"""The faults of a form: unknown types, double keys, broken expressions, missing translations."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.text import T
from forms.expressions import fault_of
from forms.fields import FIELD_TYPES
from forms.paths import KEY, pattern_of
from forms.schema import (
    COMPUTED_TYPE,
    LAYOUT_TYPES,
    RECORD_TYPE,
    ROWS_TYPE,
    Component,
    Finding,
    Form,
    Rule,
    value_components,
)
from forms.texts import LANGUAGES

KNOWN_TYPES = LAYOUT_TYPES | {ROWS_TYPE, RECORD_TYPE, COMPUTED_TYPE} | set(FIELD_TYPES)
CHOICE_TYPES = frozenset({"select", "radio", "checklist"})
SUBTYPES = frozenset({"date", "datetime", "time"})
# A quantified group, a back reference or a look-around can make matching exponentially slow.
SLOW_PATTERN = re.compile(r"\)[*+{]|\\[1-9]|\(\?(?!:)")
UNBOUNDED = re.compile(r"[*+]|\{\d*,\}")


def findings_of(form: Form) -> list[Finding]:
    """Return every fault of the form, in the order of its components."""
    found = [*_form_faults(form), *_scope_faults(form.components, "")]
    paths = _paths(form.components, "")
    for component in form.walk():
        found.extend(_component_faults(component))
        found.extend(_rule_faults(component.rules, paths, _path_of(form, component)))
    found.extend(_rule_faults(form.rules, paths, ""))
    found.extend(_double_ids(form))
    return found


def _form_faults(form: Form) -> Iterator[Finding]:
    if not KEY.match(form.id):
        yield Finding("form_id", "", T("表单编号只能用小写字母、数字和下划线，以字母开头"))
    if not form.title:
        yield Finding("title", "", T("表单没有标题"))
    for suffix in ("", "description", "submit"):
        if form.text("zh", suffix) and not _translated(form.translations, suffix):
            yield Finding("i18n", form.id, T("表单的{what}没有英文", what=suffix or T("标题")))


def _component_faults(component: Component) -> Iterator[Finding]:
    if component.type not in KNOWN_TYPES:
        yield _fault("type", component, T("不认识的组件类型 {type}", type=component.type))
        return
    if component.holds_value and not KEY.match(component.key):
        yield _fault("key", component, T("键 {key} 只能用小写字母、数字和下划线", key=component.key))
    yield from _detail_faults(component)
    yield from _expression_faults(component)
    yield from _translation_faults(component)


def _detail_faults(component: Component) -> Iterator[Finding]:
    if component.type in CHOICE_TYPES and not component.choices:
        yield _fault("choices", component, T("没有可选项"))
    if component.type == "datetime" and component.subtype not in SUBTYPES:
        yield _fault("subtype", component, T("日期组件要写明 date、datetime 或 time"))
    if component.type == COMPUTED_TYPE and not component.expression:
        yield _fault("expression", component, T("计算组件没有表达式"))
    if component.type in ("reference", "references") and not component.properties.get("source"):
        yield _fault("source", component, T("引用组件没有写明选项来源"))
    if component.type == RECORD_TYPE and not component.properties.get("form"):
        yield _fault("record", component, T("记录组件没有写明显示哪个表单"))
    if component.type == ROWS_TYPE and component.properties.get("appearance") not in ("table", "cards"):
        yield _fault("appearance", component, T("多行组件的样式只能是 table 或 cards"))
    if component.type == ROWS_TYPE and not 1 <= component.row_limit <= 500:
        yield _fault("rows", component, T("多行组件最多 500 行"))
    if component.limits.pattern and not safe_pattern(component.limits.pattern):
        yield _fault("pattern", component, T("正则表达式无效，或可能拖慢服务器"))


def safe_pattern(pattern: str) -> bool:
    """Tell whether a pattern compiles and cannot be made slow by the text it is tried on."""
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        return False
    return len(pattern) <= 300 and not SLOW_PATTERN.search(pattern) and len(UNBOUNDED.findall(pattern)) <= 3


def expressions_of(component: Component) -> Iterator[str]:
    """Yield every FEEL text of a component."""
    properties = component.properties
    for text in (component.hide, component.expression):
        if text:
            yield text
    for name in ("requiredWhen", "fallback"):
        if name in properties:
            yield str(properties[name])
    filters = properties.get("filter", {})
    if isinstance(filters, dict):
        yield from (str(text) for text in filters.values())


def _expression_faults(component: Component) -> Iterator[Finding]:
    for text in expressions_of(component):
        error = fault_of(text)
        if error:
            yield _fault("feel", component, T("表达式 {text} 有错误：{error}", text=text, error=error))


def _rule_faults(rules: tuple[Rule, ...], paths: set[str], prefix: str) -> Iterator[Finding]:
    for rule in rules:
        error = fault_of(rule.when) if rule.when else T("规则没有条件")
        if error:
            yield Finding("feel", rule.id, T("规则的条件有错误：{error}", error=error))
        if not rule.message.message or not rule.message.translations.get("en"):
            yield Finding("i18n", rule.id, T("规则没有中文或英文提示"))
        if rule.severity not in ("error", "warning"):
            yield Finding("severity", rule.id, T("规则的级别只能是 error 或 warning"))
        if pattern_of("-".join(filter(None, (prefix, rule.field)))) not in paths:
            yield Finding("field", rule.id, T("规则指向不存在的字段 {field}", field=rule.field))


def _translation_faults(component: Component) -> Iterator[Finding]:
    suffixes = ["", "description", *("add", "item", "empty", "meaning", "placeholder", "prefix", "suffix")]
    suffixes += ["yes", "no"]
    suffixes += [choice.value for choice in component.choices]
    for suffix in suffixes:
        text = component.text("zh", suffix)
        if text and not text.isascii() and not _translated(component.translations, suffix):
            yield _fault("i18n", component, T("“{text}”没有英文", text=text))
    if component.holds_value and component.type != "identity" and not component.label:
        yield _fault("label", component, T("没有标签"))


def _translated(translations: object, suffix: str) -> bool:
    if not isinstance(translations, dict):
        return False
    return all(translations.get(language, {}).get(suffix) for language in LANGUAGES if language != "zh")


def _scope_faults(components: tuple[Component, ...], scope: str) -> Iterator[Finding]:
    seen: set[str] = set()
    for component in value_components(components):
        if component.key in seen:
            yield _fault("double_key", component, T("键 {key} 重复", key=component.key))
        seen.add(component.key)
        if component.components:
            yield from _scope_faults(component.components, f"{scope}-{component.key}")


def _double_ids(form: Form) -> Iterator[Finding]:
    seen: set[str] = set()
    for component in form.walk():
        if not component.id or component.id in seen:
            yield _fault("double_id", component, T("组件编号 {id} 重复或缺失", id=component.id))
        seen.add(component.id)


def _paths(components: tuple[Component, ...], prefix: str) -> set[str]:
    found = set()
    for component in value_components(components):
        path = "-".join(filter(None, (prefix, component.key)))
        found |= {path} | _paths(component.components, path)
    return found


def _path_of(form: Form, wanted: Component) -> str:
    """Return the path of a list whose rules are checked; other components have no rules."""

    def search(components: tuple[Component, ...], prefix: str) -> str | None:
        for component in value_components(components):
            path = "-".join(filter(None, (prefix, component.key)))
            if component is wanted:
                return path
            found = search(component.components, path)
            if found is not None:
                return found
        return None

    return search(form.components, "") or ""


def _fault(code: str, component: Component, text: T) -> Finding:
    return Finding(code, component.id, text)
