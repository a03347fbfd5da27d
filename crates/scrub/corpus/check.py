#!/usr/bin/env python3
"""Judges what a cleaner makes of the corpus: strictly clean, unchanged, or refused for the right reason.

    check.py CORPUS --hamsa PROGRAM [--results FOLDER] [--only WORD]
    check.py CORPUS --cleaner 'PROGRAM {in} {out}'
    check.py CORPUS --tool mat2|exiftool|nothing|again
    check.py CORPUS --cleaned FOLDER
    check.py CORPUS --self-test
    check.py CORPUS --table

The table goes to RESULTS/NAME.json and RESULTS/NAME.md. The exit code is 1 when an accepted file is not clean or not the
same, or a file was refused that should not be, unless --tool names somebody else's program.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

from PIL import Image

import leaks
import sameness
import traces

CODE = re.compile(r"\bscrub-[a-z]+(?:-[a-z]+)*\b")
TWICE = (".zip", ".epub", ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".docm")
MEDIA = ("mp4", "mov", "3gp", "m4a", "mkv", "webm", "avi")


# Cleaners -------------------------------------------------------------------------------------------------------


def by_command(template: str):
    def clean(old: Path, new: Path) -> str:
        words = [word.replace("{in}", str(old)).replace("{out}", str(new)).replace("{folder}", str(new.parent)) for word in shlex.split(template)]
        done = subprocess.run(words, capture_output=True, timeout=120, text=True, errors="replace")
        said = done.stdout + done.stderr
        if done.returncode == 0:
            return said
        new.unlink(missing_ok=True)
        code = CODE.search(said)
        raise Refused(code[0] if code else f"failed: {' '.join(said.split())[-120:]}")
    return clean


def by_hamsa(program: str):
    """`hamsa scrub` names its files itself, so each gets a folder of its own."""
    def clean(old: Path, new: Path) -> str:
        folder = new.with_name("of-" + new.name)
        done = subprocess.run([program, "scrub", str(old), "-o", str(folder), "--report", "json"], capture_output=True, timeout=120, text=True, errors="replace")
        made = list(folder.iterdir()) if folder.is_dir() else []
        try:
            report = json.loads(done.stdout.splitlines()[0])
        except (IndexError, ValueError):
            report = {}
        if done.returncode == 0 and len(made) == 1:
            made[0].rename(new)
        shutil.rmtree(folder, ignore_errors=True)
        if done.returncode == 0 and new.exists():
            return "".join(f"{finding['what']} {finding['place']}\n" for finding in report.get("findings", []))
        raise Refused(report.get("code") or f"failed: {' '.join((done.stdout + done.stderr).split())[-120:]}")
    return clean


def by_mat2(old: Path, new: Path) -> str:
    # It writes beside the original, and knows kinds by their names only.
    copy = new.with_name("in-" + new.name)
    shutil.copyfile(old, copy)
    done = subprocess.run(["mat2", "--no-sandbox", "--unknown-members", "omit", str(copy)], capture_output=True, timeout=120, text=True, errors="replace")
    made = copy.with_name(f"{copy.stem}.cleaned{copy.suffix}")
    if copy.name.endswith(".tar.gz"):
        made = copy.with_name(copy.name.replace(".tar.gz", ".cleaned.tar.gz"))
    copy.unlink()
    if not made.exists():
        raise Refused("refused: " + " ".join((done.stdout + done.stderr).split())[-100:])
    made.rename(new)
    return ""


def by_exiftool(old: Path, new: Path) -> str:
    done = subprocess.run(["exiftool", "-m", "-q", "-all=", "-o", str(new), str(old)], capture_output=True, timeout=120, text=True, errors="replace")
    if not new.exists():
        raise Refused("refused: " + " ".join(done.stderr.split())[-100:])
    return ""


def by_nothing(old: Path, new: Path) -> str:
    shutil.copyfile(old, new)
    return ""


def by_coding_again(old: Path, new: Path) -> str:
    """Draws or encodes again: clean it may be, but not the same."""
    if old.suffix in (".jpg", ".png", ".webp", ".gif", ".tif", ".bmp"):
        with Image.open(old) as image:
            small = image.convert("RGB").resize((max(image.width * 3 // 4, 1), max(image.height * 3 // 4, 1)))
            small.save(new, "JPEG" if old.suffix == ".jpg" else "PNG", quality=40)
    else:
        form = {".m4a": "ipod", ".opus": "ogg", ".oga": "ogg"}.get(old.suffix)
        done = subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", "-i", str(old), "-map_metadata", "-1", "-s", "64x48", "-ac", "2", *(("-f", form) if form else ()), str(new)], capture_output=True, timeout=60)
        if done.returncode:
            new.unlink(missing_ok=True)
            raise Refused("cannot encode")
    return ""


class Refused(Exception):
    """The cleaner did not take the file; the words are its code."""


TOOLS = {"mat2": by_mat2, "exiftool": by_exiftool, "nothing": by_nothing, "again": by_coding_again}


# Judgement ------------------------------------------------------------------------------------------------------


class Judge:
    def __init__(self, corpus: Path, work: Path, clean, ours: bool, only: str | None):
        self.corpus, self.work, self.clean, self.ours = corpus, work, clean, ours
        listed = json.loads((corpus / "manifest.json").read_text())["files"]
        self.entries = [entry for entry in listed if not only or only in entry["file"]]
        shutil.rmtree(work, ignore_errors=True)
        self.places = {name: work / name for name in ("clean", "twin", "twice")}
        for place in self.places.values():
            place.mkdir(parents=True)

    def run(self, jobs: int) -> list[dict]:
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            results = list(pool.map(self.cleaned, self.entries))
            done = [result for result in results if result["outcome"] == "clean"]
            tags = traces.dump(self.places["clean"])
            documents = [result for result in done if result["entry"]["compare"] in ("document", "metafile")]
            printed = sameness.print_all([(side, self.corpus / "a" / r["file"] if side == "old" else self.places["clean"] / r["file"]) for r in documents for side in ("old", "new")], self.work / "printed")
            list(pool.map(lambda result: self.judged(result, tags.get(result["file"], {}), printed), done))
        self.same_profiles(done, tags)
        for result in results:
            result["verdict"] = verdict(result)
            del result["entry"]
        return results

    def cleaned(self, entry: dict) -> dict:
        name = entry["file"]
        result = {"file": name, "kind": entry["kind"], "expect": entry["expect"], "outcome": "clean", "leaks": [], "traces": [], "notes": [], "changes": [], "repeats": [], "entry": entry}
        new = self.places["clean"] / name
        try:
            self.clean(self.corpus / "a" / name, new)
        except Refused as why:
            result["outcome"] = f"refused:{why}" if re.fullmatch(r"[a-z]+(-[a-z]+)+", str(why)) else str(why)
        except subprocess.TimeoutExpired:
            result["outcome"] = "failed: took too long"
        if result["outcome"] == "clean" and not new.exists():
            result["outcome"] = "failed: nothing was written"
        if result["outcome"] == "clean" and self.ours:
            result["repeats"] = self.repeated(entry, new)
        return result

    def repeated(self, entry: dict, new: Path) -> list[str]:
        """A twin with other values has to come out the same, and a clean file as it is, with nothing to report."""
        found = []
        for place, source in [("twin", self.corpus / "b" / entry["file"]), ("twice", new)]:
            if place == "twin" and (entry.get("twin") is False or not source.exists()):
                continue
            made = self.places[place] / entry["file"]
            try:
                said = self.clean(source, made)
            except (Refused, subprocess.TimeoutExpired) as why:
                found.append(f"{place}: {why}")
                continue
            if made.read_bytes() != new.read_bytes():
                found.append(f"{'a file with other values comes out' if place == 'twin' else 'cleaning again makes it'} different")
            if place == "twice" and re.search(r"^(place|person|device|time|software|identifier|path|preview|description|history|attachment|script|provenance|colour-profile|unknown) ", said, re.MULTILINE):
                found.append("cleaning again finds something")
        return found

    def judged(self, result: dict, tags: dict, printed: dict) -> None:
        entry, name = result["entry"], result["file"]
        old, new = self.corpus / "a" / name, self.places["clean"] / name
        octets = new.read_bytes()
        fields = entry["fields"].get("a", {})
        found = leaks.marks(octets)
        result["leaks"] = [f"{fields.get(number, 'a field')} ({how})" for number, how in found.items()]
        result["leaks"] += [f"tag {tag}" for tag, value in tags.items() if "HMSAMARK" in str(value).upper() and not tag.startswith(("SourceFile", "System", "File:Dir"))]
        result["traces"] = traces.left(entry["kind"], tags)
        named = leaks.programs(octets)
        result["traces"] += [f"names a program: {program}" for program in named]
        if entry["kind"] in MEDIA:
            result["traces"] += traces.probe_left(traces.probed(new))
        if new.suffix in TWICE and octets[:2] == b"PK":
            result["traces"] += leaks.archive_traces(octets)
        result["notes"] = [f"coded sound names {word.decode()}" for word in leaks.IN_CODED_SOUND if word in octets]
        result["changes"] = sameness.changes(entry, old, new, printed)

    @staticmethod
    def same_profiles(done: list[dict], tags: dict) -> None:
        """Rewritten colour profiles say the same words and dates in every file."""
        seen: dict[str, dict[str, list[dict]]] = {}
        for result in done:
            for tag, value in traces.profile_texts(tags.get(result["file"], {})).items():
                seen.setdefault(tag, {}).setdefault(value, []).append(result)
        for tag, values in seen.items():
            usual = max(values, key=lambda value: len(values[value]))
            for value, results in values.items():
                for result in results if value != usual else []:
                    result["traces"].append(f"{tag} = {value[:60]} (elsewhere {usual[:40]})")


def expected(outcome: str, wanted: str) -> bool:
    return any(outcome == one or one.endswith("*") and outcome.startswith(one[:-1]) for one in wanted.split("|"))


def verdict(result: dict) -> str:
    """`right`, or what is wrong in one word."""
    if result["outcome"] != "clean":
        return "right" if expected(result["outcome"], result["expect"]) else "refused"
    if result["leaks"] or result["traces"]:
        return "leaks"
    if result["changes"]:
        return "changed"
    if result["repeats"]:
        return "not canonical"
    return "right" if expected("clean", result["expect"]) else "accepted"


# Tables ---------------------------------------------------------------------------------------------------------


def totals(results: list[dict]) -> dict[str, int]:
    meant = [result for result in results if "clean" in result["expect"].split("|")]
    accepted = [result for result in meant if result["outcome"] == "clean"]
    clean = [result for result in accepted if not result["leaks"] and not result["traces"]]
    return {
        "files": len(results), "to be cleaned": len(meant), "accepted": len(accepted), "strictly clean": len(clean), "unchanged": sum(not result["changes"] for result in accepted),
        "clean and unchanged": sum(not result["changes"] for result in clean), "with a planted mark left": sum(bool(result["leaks"]) for result in accepted), "rightly refused": sum(result["outcome"] != "clean" and expected("refused:x", re.sub(r"refused:[^|]*", "refused:*", result["expect"])) for result in results if "clean" not in result["expect"].split("|")),
        "to be refused": len(results) - len(meant), "right": sum(result["verdict"] == "right" for result in results),
    }


def markdown(name: str, results: list[dict]) -> str:
    lines = [f"# {name}", "", "| count | of what |", "|---|---|", *(f"| {count} | {what} |" for what, count in totals(results).items()), "", "| kind | files | right | clean | unchanged | refused |", "|---|---|---|---|---|---|"]
    for kind in sorted({result["kind"] for result in results}):
        some = [result for result in results if result["kind"] == kind]
        done = [result for result in some if result["outcome"] == "clean"]
        lines.append(f"| {kind} | {len(some)} | {sum(r['verdict'] == 'right' for r in some)} | {sum(not r['leaks'] and not r['traces'] for r in done)} | {sum(not r['changes'] for r in done)} | {len(some) - len(done)} |")
    lines += ["", "## What is not right", ""]
    for result in results:
        if result["verdict"] != "right":
            lines.append(f"- **{result['file']}**: {result['verdict']}" + (f" ({result['outcome']})" if result["outcome"] != "clean" else ""))
            for key in ("leaks", "traces", "changes", "repeats"):
                lines += [f"  - {key}: {what}" for what in result[key][:6]]
                if len(result[key]) > 6:
                    lines.append(f"  - {key}: and {len(result[key]) - 6} more")
    return "\n".join(lines) + "\n"


def score(folder: Path) -> str:
    """The totals of all programs that were judged, side by side, for docs/scrub.md."""
    found = {name: json.loads((folder / f"{name}.json").read_text())["totals"] for name in ("hamsa", "mat2", "exiftool") if (folder / f"{name}.json").exists()}
    rows = ("to be cleaned", "accepted", "strictly clean", "unchanged", "clean and unchanged", "with a planted mark left")
    lines = ["| | " + " | ".join(found) + " |", "|---|" + "---|" * len(found)]
    return "\n".join(lines + [f"| {row} | " + " | ".join(str(one[row]) for one in found.values()) + " |" for row in rows])


def self_test(judge, jobs: int) -> list[str]:
    """The judge has to see a cleaner that does nothing, and one that makes everything anew; three files of each kind do."""
    wrong = []
    for tool, word in (("nothing", "leaks"), ("again", "changes")):
        judging, counts = judge(tool), {}
        def few(entry: dict) -> bool:
            counts[entry["kind"]] = counts.get(entry["kind"], 0) + 1
            return counts[entry["kind"]] <= 3
        judging.entries = [entry for entry in judging.entries if "clean" in entry["expect"].split("|") and "nothing-to-clean" not in entry["file"] and entry["file"] not in BARE and few(entry)]
        results = [result for result in judging.run(jobs) if result["outcome"] == "clean"]
        wrong += [f"{tool}: no {word} seen in {result['file']}" for result in results if not result[word]]
        if len(results) < 20:
            wrong.append(f"{tool}: only {len(results)} files were made")
    return wrong


BARE = {"amr-plain.amr", "text-plain.txt", "csv-plain.csv", "text-utf16.txt", "text-bom-windows.txt", "csv-bom.csv", "pdf-cut-short.pdf", "jpeg-cut-short.jpg", "webp-simple.webp", "text-invisible-marks.txt"}
"""Files in which nothing is planted."""


KNOWN = {
    "mp4-fragmented-sidx.mp4": "its own offsets point 104 octets too early, and players show errors: refused as damaged",
    "mp4-fragmented-h265.mp4": "as a plain movie its edit list counts, which players leave out of account in fragments: a constant shift",
    "mp3-lame-tag.mp3": "ffmpeg counts the planted end as a packet",
    "mp3-mono-joint-crc.mp3": "ffmpeg counts the planted end as a packet",
}
"""Files that do not come out as this judge wants them, and why. A mark that is left is never among them."""


def main() -> int:
    parser = argparse.ArgumentParser(description="Judges what a cleaner makes of the corpus.")
    parser.add_argument("corpus", type=Path)
    how = parser.add_mutually_exclusive_group(required=True)
    how.add_argument("--hamsa", help="the program `hamsa`")
    how.add_argument("--cleaner", help="a command with {in} and {out}; its last words name the code of a refusal")
    how.add_argument("--tool", choices=TOOLS)
    how.add_argument("--cleaned", type=Path, help="files that were cleaned before, under their old names")
    how.add_argument("--self-test", action="store_true")
    how.add_argument("--table", action="store_true", help="the totals of all that were judged, side by side")
    parser.add_argument("--only", help="files with this in their names")
    parser.add_argument("--results", type=Path)
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    args = parser.parse_args()
    corpus = args.corpus.absolute()
    results_folder = (args.results or corpus / "results").absolute()
    results_folder.mkdir(parents=True, exist_ok=True)
    if args.table:
        print(score(results_folder))
        return 0
    if args.self_test:
        wrong = self_test(lambda tool: Judge(corpus, corpus / "work" / tool, TOOLS[tool], False, args.only), args.jobs)
        print("\n".join(wrong) or "the judge sees a cleaner that does nothing and one that makes everything anew")
        return 1 if wrong else 0
    if args.cleaned:
        name, clean = "cleaned", lambda old, new: copied(args.cleaned.absolute() / old.name, new)
    else:
        name, clean = (args.tool, TOOLS[args.tool]) if args.tool else ("hamsa", by_hamsa(args.hamsa) if args.hamsa else by_command(args.cleaner))
    since = time.monotonic()
    results = Judge(corpus, corpus / "work" / name, clean, name == "hamsa", args.only).run(args.jobs)
    (results_folder / f"{name}.json").write_text(json.dumps({"name": name, "totals": totals(results), "files": results}, indent=1, ensure_ascii=False))
    (results_folder / f"{name}.md").write_text(markdown(name, results))
    print(", ".join(f"{what}: {count}" for what, count in totals(results).items()), f"({time.monotonic() - since:.0f} s)")
    wrong = [result for result in results if result["verdict"] != "right"]
    for result in wrong if not args.tool else []:
        words = result["leaks"] + result["traces"] + result["changes"] + result["repeats"]
        print(f"{result['verdict']:14} {result['file']}: {'; '.join(words[:2]) or result['outcome']}")
    print(f"table: {results_folder / name}.md")
    unknown = [result for result in wrong if result["leaks"] or result["file"] not in KNOWN]
    return 1 if unknown and not args.tool else 0


def copied(old: Path, new: Path) -> str:
    if not old.exists():
        raise Refused("failed: there is no cleaned file")
    shutil.copyfile(old, new)
    return ""


if __name__ == "__main__":
    sys.exit(main())
