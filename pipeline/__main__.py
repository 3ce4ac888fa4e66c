"""`python -m pipeline` is `ogi`."""

from pipeline.cli import main

if __name__ == "__main__":
    main()
