"""Times, days and numbers as people of one language read them; times in the organisation's zone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date as babel_date
from babel.dates import format_datetime as babel_datetime
from babel.numbers import format_decimal
from flask import Flask

from engine import clock
from webui.context import settings
from webui.i18n import gettext, locale

_BABEL = {"zh": "zh_Hans_CN", "en": "en_GB"}
_MOMENT = {"zh": "y年M月d日 EEE HH:mm", "en": "EEE d MMM y, HH:mm"}
_STAMP = {"zh": "M月d日 EEE HH:mm", "en": "EEE d MMM, HH:mm"}
_DAY = {"zh": "y年M月d日 EEE", "en": "EEE d MMM y"}
_SHORT_DAY = {"zh": "M月d日", "en": "d MMM"}
_YEAR_DAY = {"zh": "y年M月d日", "en": "d MMM y"}


def zone() -> ZoneInfo:
    """Return the organisation's time zone."""
    return ZoneInfo(settings().zone)


def local(moment: datetime) -> datetime:
    """Return a moment in the organisation's zone."""
    return moment.astimezone(zone())


def moment_text(moment: datetime) -> str:
    """Return the absolute time: `2026年9月25日 周五 09:12`."""
    return babel_datetime(local(moment), _MOMENT[locale()], locale=_BABEL[locale()])


def stamp_text(moment: datetime) -> str:
    """Return the absolute time without its year, where there is little room."""
    return babel_datetime(local(moment), _STAMP[locale()], locale=_BABEL[locale()])


def clock_text(moment: datetime) -> str:
    """Return the time of day: `10:42`."""
    return local(moment).strftime("%H:%M")


def day_text(day: date) -> str:
    """Return a day with its weekday."""
    return babel_date(day, _DAY[locale()], locale=_BABEL[locale()])


def short_day(day: date) -> str:
    """Return a day, with the year only when it is not this one."""
    this_year = local(clock.now()).year == day.year
    pattern = _SHORT_DAY if this_year else _YEAR_DAY
    return babel_date(day, pattern[locale()], locale=_BABEL[locale()])


def relative_text(moment: datetime) -> str:
    """Return a moment as seen from now: minutes within the hour, then today, days, at last the date."""
    now, then = local(clock.now()), local(moment)
    minutes = round((then - now) / timedelta(minutes=1))
    if abs(minutes) < 60:
        return _minutes(minutes)
    return _days((then.date() - now.date()).days, then)


def _minutes(minutes: int) -> str:
    if minutes == 0:
        return gettext("刚刚")
    if minutes > 0:
        return gettext("{n} 分钟后", n=minutes)
    return gettext("{n} 分钟前", n=-minutes)


def _days(days: int, then: datetime) -> str:
    at = then.strftime("%H:%M")
    match days:
        case 0:
            return gettext("今天 {at}", at=at)
        case 1:
            return gettext("明天 {at}", at=at)
        case -1:
            return gettext("昨天 {at}", at=at)
    if 1 < days < 7:
        return gettext("{n} 天后", n=days)
    if -7 < days < -1:
        return gettext("{n} 天前", n=-days)
    return short_day(then.date())


def due_text(moment: datetime) -> str:
    """Return how a due time is told: `逾期 2 天`, `今天 18:00 到期`."""
    now, then = local(clock.now()), local(moment)
    days = (then.date() - now.date()).days
    if then >= now:
        return gettext("{when}到期", when=relative_text(moment))
    if days == 0:
        return gettext("逾期 {n} 小时", n=max(1, int((now - then) / timedelta(hours=1))))
    return gettext("逾期 {n} 天", n=-days)


def due_kind(moment: datetime | None) -> str:
    """Return the tag's kind of a due time: `err` when late, `warn` when due within a day."""
    if moment is None:
        return "mute"
    left = moment - clock.now()
    if left < timedelta(0):
        return "err"
    return "warn" if left < timedelta(days=1) else "mute"


def number_text(value: int | float | Decimal) -> str:
    """Return a number with the separators of the language."""
    return format_decimal(value, locale=_BABEL[locale()])


def money_text(yuan: int | float | Decimal) -> str:
    """Return an amount in yuan."""
    return f"¥{format_decimal(yuan, format='#,##0.##', locale=_BABEL[locale()])}"


def init_dates(app: Flask) -> None:
    """Give templates the filters for times, days and numbers."""
    app.jinja_env.filters.update(
        moment=moment_text,
        stamp=stamp_text,
        clock=clock_text,
        day=day_text,
        short_day=short_day,
        relative=relative_text,
        due=due_text,
        due_kind=due_kind,
        number=number_text,
        money=money_text,
    )
