"""`python -m search` is the command line."""

from .cli import main

main()
