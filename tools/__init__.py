"""What the Makefile and the test suite use; nothing of it is part of the product."""
