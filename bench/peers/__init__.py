"""The peers: each runs in a process of its own, in an environment that the bench makes under `var/bench`.

Their libraries are not in our environment, so nothing of ours imports these modules.
"""
