#!/usr/bin/env python3
"""Makes the corpus that judges the scrubber: files of real tools with a mark in every field that they can write.

    make.py FOLDER [--only FAMILY ...] [--jobs N]

FOLDER gets `a/` and `b/`, the same files with two sets of planted values, and `manifest.json`, which says for each file
what it is, what has to come of it, what to compare, and which field each mark stands in.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import importlib
import json
import os
import shutil
import sys
import time
from pathlib import Path

from planting import TWINS, Family, cores

FAMILIES = ("jpegs", "rasters", "heifs", "drawings", "films", "sounds", "pdfs", "offices", "packages", "refused", "metafiles")


def make_family(name: str, out: Path, twin: str) -> tuple[str, str, list[dict], list[str], float]:
    since = time.monotonic()
    family = Family(name, FAMILIES.index(name) + 1, out / twin, out / "material" / name, twin)
    try:
        importlib.import_module(name).make(family)
    except Exception as why:
        family.failed.append(f"{name}: {type(why).__name__}: {why}")
    return name, twin, family.entries, family.failed, time.monotonic() - since


def both(name: str, out: Path) -> list:
    # One behind the other: the second finds the material that the first has made.
    return [make_family(name, out, twin) for twin in TWINS]


def main() -> int:
    parser = argparse.ArgumentParser(description="Makes the corpus that judges the scrubber.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", action="append", choices=FAMILIES)
    parser.add_argument("--jobs", type=int, default=cores())
    args = parser.parse_args()
    # Writers that stamp the time get the same one; ours is set in the fields.
    os.environ |= {"SOURCE_DATE_EPOCH": "1600000000", "TZ": "UTC", "LC_ALL": "C.UTF-8"}
    out = args.folder.absolute()
    if not args.only:
        shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True, exist_ok=True)
    manifest, failed = {}, []
    old = out / "manifest.json"
    if args.only and old.exists():
        manifest = {entry["file"]: entry for entry in json.loads(old.read_text())["files"] if entry["family"] not in args.only}
    wanted = sorted(args.only or FAMILIES, key=lambda name: name not in ("offices", "films", "pdfs"))
    with concurrent.futures.ProcessPoolExecutor(args.jobs) as pool:
        for future in concurrent.futures.as_completed([pool.submit(both, name, out) for name in wanted]):
            for name, twin, entries, wrong, took in future.result():
                print(f"{name:10} {twin} {len(entries):4} files {took:6.1f} s")
                failed += [f"{twin}: {why}" for why in wrong]
                for entry in entries:
                    known = manifest.setdefault(entry["file"], {**entry, "family": name, "fields": {}})
                    known["fields"][twin] = entry["fields"]
    files = sorted(manifest.values(), key=lambda entry: entry["file"])
    old.write_text(json.dumps({"mark": "HMSAMARK", "files": files}, indent=1))
    planted = sum(len(entry["fields"].get("a", {})) for entry in files)
    print(f"{len(files)} files, {planted} marked fields, in {out}")
    for why in failed:
        print(f"not made: {why}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
