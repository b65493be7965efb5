"""`python -m budgetgen`."""

from budgetgen.app.cli import main

main()
