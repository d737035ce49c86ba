"""`python -m webui` is the same as `wuxing`."""

from webui.cli import main

if __name__ == "__main__":
    main()
