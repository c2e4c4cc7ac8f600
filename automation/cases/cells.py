"""Transitional: moved to model.cells."""

from automation.model.cells import *  # noqa: F403
