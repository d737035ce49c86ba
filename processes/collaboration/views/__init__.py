"""What pages show of projects: plain values read for one reader, nothing of them is stored."""
