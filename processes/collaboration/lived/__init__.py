"""The samples lived through the engine: acts of people under a moving clock, never inserted rows.

`script` says who does what when, as a pure function of an anchored sample; `fill` says what they
type; `player` finds the work item of each act, moves the clock to it, and lets what is due in
between happen. Several samples share one clock, so their acts are played in order of time.
"""

from __future__ import annotations

from processes.collaboration.lived.loading import live_samples

__all__ = ["live_samples"]
