"""The demo's content: the organisation entered, four projects lived to their now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from engine import clock
from engine.clock import FrozenClock, use_clock
from engine.runtime import Engine
from processes.collaboration.anchoring import AnchoredSample, anchored_to
from processes.collaboration.lived import cast
from processes.collaboration.lived.player import Player, Progress
from processes.collaboration.lived.script import Scripted, script
from processes.collaboration.lived.stage import Stage
from processes.collaboration.lived.twists import TWISTS
from processes.collaboration.organisation import Lang, organisation
from processes.collaboration.sample_data import FILES, sample

ENTERED_BEFORE = timedelta(days=1)


def live_samples(
    engine: Engine,
    progress: Progress,
    *,
    keys: Sequence[str] = tuple(FILES),
    lang: Lang = "zh",
) -> None:
    """Fill an empty database with the samples, each started so that its `now` has just passed (D2).

    Raises `StoryStuck` when a diagram or a form no longer lets the story go on.
    """
    present = clock.now()
    placed = [anchored_to(sample(key, lang), engine.calendar, present) for key in keys]
    live(engine, placed, progress, lang=lang)


def live(
    engine: Engine,
    placed: Sequence[AnchoredSample],
    progress: Progress,
    *,
    lang: Lang = "zh",
) -> None:
    """Enter the organisation and play the samples up to the present."""
    present = clock.now()
    acts = _acts(placed)
    with use_clock(FrozenClock(min(acts[0].at, present) - ENTERED_BEFORE)) as still:
        assert isinstance(still, FrozenClock)
        with engine.database.write() as uow:
            cast.enter(uow, organisation(lang))
        stages = {one.sample.key: Stage(engine, one, TWISTS[one.sample.key], lang) for one in placed}
        player = Player(engine, still, stages)
        player.play(acts, progress)
        player.advance(present)


def _acts(placed: Sequence[AnchoredSample]) -> list[Scripted]:
    acts = [act for one in placed for act in script(one, TWISTS[one.sample.key])]
    return sorted(acts, key=lambda act: act.at)
