"""A process run without people or waiting: a scenario answers for them, and the clock jumps."""
