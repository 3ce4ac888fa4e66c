"""`python -m pipeline.cli` is `ogi`."""

from pipeline.cli.main import main

if __name__ == "__main__":
    main()
