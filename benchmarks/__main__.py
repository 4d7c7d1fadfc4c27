"""python -m benchmarks [names …] [--scale small|full]: measures, and writes docs/benchmarks.md.

The document keeps what was measured earlier of the subjects not named. Only the full scale is written down.
"""

import argparse
import importlib
import sys
import time

from . import england, tables
from .ground import SCALES, WentWrong, collect_static, home, settle, start_django

NAMES = ("england", "duties", "pages", "plans", "imports", "attendance", "attendance_kill", "row_security")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures, and writes docs/benchmarks.md.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"what to measure: {', '.join(NAMES)} (all)")
    parser.add_argument("--scale", choices=list(SCALES), default="full", help="small: to try the benchmarks themselves")
    given = parser.parse_args()
    if unknown := set(given.names) - set(NAMES):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}: choose from {', '.join(NAMES)}")
    scale = SCALES[given.scale]
    settle(scale)
    kept = home(scale) / "measured"
    kept.mkdir(exist_ok=True)
    try:
        for name in NAMES:
            if given.names and name not in given.names and name != "england":
                continue
            began = time.perf_counter()
            print(f"{name} …", file=sys.stderr, flush=True)
            if name == "england":
                section = england.measure(scale)
                start_django()
                collect_static()
            else:
                section = importlib.import_module(f".{name}", __package__).measure(scale)
            (kept / f"{name}.md").write_text(section.as_markdown())
            print(section.as_markdown(), f"\n({time.perf_counter() - began:.0f} s)\n", flush=True)
    except WentWrong as why:
        sys.exit(f"benchmarks: {why}")
    from django.db import connection

    if scale.name == "full":
        version = str(connection.pg_version)
        tables.write(kept, NAMES, tables.machine(f"{version[:2]}.{int(version[2:])}"))


if __name__ == "__main__":
    main()
