"""Who executes due jobs: the inline runner of the embedded process."""
