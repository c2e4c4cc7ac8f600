"""How fast and how big: ``python -m tests.benchmark`` prints it. No test: the speed depends on the machine."""
