"""Reading a diagram safely and judging whether it may be published."""
