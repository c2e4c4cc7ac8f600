"""The administrator of a machine may write anywhere: tests of permissions put that right aside for a while."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

_VERSION_3 = 0x20080522  # of capget(2): two blocks of 32 bits
_OVERRULES = 0b110  # CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH of capabilities(7)


@contextmanager
def bound_by_permissions() -> Iterator[None]:
    """Let this thread obey the modes of files as any other user does.

    The administrator stays who they are (whoever becomes another user can't read a program in a folder of the
    administrator's own) and does without the two capabilities that overrule modes. Nothing happens to other users.
    """
    if os.geteuid() != 0:
        yield
        return
    if sys.platform != "linux":
        pytest.skip("only on Linux can the administrator be bound by permissions")
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(_VERSION_3, 0)
    rights = (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable; then the same of the higher 32
    failed = libc.capget(header, rights)
    before = rights[0]
    rights[0] &= ~_OVERRULES
    if failed or libc.capset(header, rights):
        pytest.skip(f"the administrator can't be bound by permissions: {os.strerror(ctypes.get_errno())}")
    try:
        yield
    finally:
        rights[0] = before
        libc.capset(header, rights)
