"""``python -m tests.office --histories 10000 --seed 1``: random histories on either kind of spreadsheet.

Prints what was done, what held, and how to repeat a history in which something did not.
"""

import argparse
import gc
import os
import sys
import time
from collections import Counter
from contextlib import ExitStack
from functools import partial
from multiprocessing import Pool

from tests.few_words import shorten
from tests.office.history import random_steps, run, shrink
from tests.office.oracle import Tally
from tests.office.site import KINDS, Site, opened

#: Histories that are told step by step; of more only their number.
TOLD = 5


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.office", description=__doc__)
    parser.add_argument("--histories", type=int, default=1000, help="of each kind of spreadsheet")
    parser.add_argument("--first", type=int, default=0, help="begin with this one")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--kind", choices=KINDS, action="append", help="only this kind")
    parser.add_argument("--steps", type=int, default=50, help="actions of each history")
    parser.add_argument("--history", type=int, help="repeat this one alone, and find the shortest that fails alike")
    parser.add_argument("--apart", action="store_true", help="with a Cadangan beside Kendali")
    parser.add_argument("--years", action="store_true", help="in each history a year ends, not in every fourth")
    parser.add_argument("--http", action="store_true", help="real HTTP to the test server, which is slower")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    kinds = options.kind or KINDS
    shorten()
    if options.history is not None:
        return max(_repeat(kind, options) for kind in kinds)
    return max([_run_all(kind, options) for kind in kinds])


def _run_all(kind: str, options: argparse.Namespace) -> int:
    with opened(kind, http=options.http, apart=options.apart):
        pass  # a city that can't even be set up is told here: a pool of processes would try for ever
    began = time.monotonic()
    total, done, failed = Tally(), Counter[str](), list[int]()
    work = partial(_history, kind, options.seed, options.steps, options.years)
    numbers = range(options.first, options.first + options.histories)
    with Pool(options.jobs, _prepare, (kind, options.http, options.apart)) as pool:
        for number, (names, tally, failure) in zip(numbers, pool.imap(work, numbers, chunksize=5), strict=True):
            done.update(names)
            total.add(tally)
            if failure:
                failed.append(number)
                print(f"history {number}: {failure}")
            if sys.stderr.isatty():
                print(f"\r{kind}: {number + 1 - options.first} of {options.histories}", end="", file=sys.stderr)
    minutes = (time.monotonic() - began) / 60
    print(f"\n{kind}: {options.histories} histories, {done.total()} actions, {minutes:.1f} minutes")
    print("  " + ", ".join(f"{name} {count}" for name, count in done.most_common()))
    for line in total.lines():
        print(f"  {line}")
    print(f"  violations: {len(failed)}")
    apart = " --apart" * options.apart + " --years" * options.years
    for number in failed[:TOLD]:
        print(f"  to repeat: python -m tests.office --seed {options.seed} --kind {kind} --history {number}{apart}")
    return 1 if failed else 0


def _repeat(kind: str, options: argparse.Namespace) -> int:
    with opened(kind, http=options.http, apart=options.apart) as site:
        steps = random_steps(_seed(options.seed, kind, options.history), years=options.years)
        ran = run(site, steps, options.steps)
        if ran.failure is None:
            print(f"{kind}: history {options.history} holds")
            return 0
        ran = shrink(site, ran)
    print(f"{kind}: history {options.history}: {ran.failure}")
    for step in ran.steps:
        print(f"  {step}")
    return 1


def _seed(seed: str, kind: str, number: int) -> str:
    return f"{seed}/{kind}/{number}"


# In each process

_process = ExitStack()
_sites: list[Site] = []


def _prepare(kind: str, http: bool, apart: bool) -> None:
    shorten()
    _sites.append(_process.enter_context(opened(kind, http=http, apart=apart)))
    gc.freeze()  # hardly anything that a history makes goes round in a circle
    gc.set_threshold(20_000, 20, 50)


def _history(kind: str, seed: str, steps: int, years: bool, number: int) -> tuple[list[str], Tally, str]:
    ran = run(_sites[0], random_steps(_seed(seed, kind, number), years=years), steps)
    failure = f"{type(ran.failure).__name__}: {ran.failure}" if ran.failure is not None else ""
    return [name for name, *_ in ran.steps], ran.tally, failure


if __name__ == "__main__":
    sys.exit(main())
