"""`python -m openekyc` is the `openekyc` command."""

from openekyc.cli.main import main

if __name__ == "__main__":
    main()
