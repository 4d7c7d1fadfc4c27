"""csc-validator-be-903 on a folder of the return's files, in a process and an environment of its own.

Run as a script by its own Python, which knows nothing of this service.
"""

import json
import logging
import sys
from pathlib import Path


def main(folder: str, year: str, authority: str) -> None:
    logging.disable(logging.CRITICAL)
    from lac_validator.lac_validator import LacValidator
    from lac_validator.rules.ruleset_utils import get_year_ruleset
    from lac_validator.utils import process_uploaded_files

    files = process_uploaded_files({"This year": [str(file) for file in sorted(Path(folder).glob("*.csv"))]})
    registry = get_year_ruleset(year)
    done = LacValidator({"collectionYear": year, "localAuthority": authority}, files, registry)
    found = sum(
        int(table[name].eq(True).sum())
        for table in done.ds_results.values()
        if hasattr(table, "columns")
        for name in table.columns
        if name.startswith("ERR_")
    )
    print(json.dumps({"rules": len(done.dones), "failed": len(done.fails), "found": found}))


if __name__ == "__main__":
    main(*sys.argv[1:])
