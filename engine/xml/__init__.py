"""Reading XML that somebody sent, without trusting it: diagrams and decision models come in here."""
