"""From the XML of a diagram to values, and from rewritten values to the library's specs."""
