"""`python -m folkmoot` is the same as the `folkmoot` command."""

from folkmoot.cli import main

main()
