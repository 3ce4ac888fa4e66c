"""Coverage-guided fuzzing of one target or of all, one after the other.

`uv run --isolated --group fuzz python tests/fuzz/run.py html --seconds 60`; without a target all of them. New inputs,
logs and failures go to `--corpus`, never to the committed corpus. Ends 1 where a target failed.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent.parent)]

SECONDS_AN_INPUT, MEGABYTES, LONGEST = 10, 2048, 65_536
ADDRESSES = 4 * 2**30  # bytes; what asks for more at once ends before it takes the machine down


def main() -> int:
    """Read the arguments; fuzz here for one target, in a process each for all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*")
    parser.add_argument("--seconds", type=int, default=0)
    parser.add_argument("--runs", type=int, default=-1)
    parser.add_argument("--corpus", type=Path, help="a folder for new inputs and failures")
    parser.add_argument("--jobs", type=int, default=1, help="targets at a time")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ogi-corpus-") as scratch:
        corpus = given.corpus or Path(scratch)
        corpus.mkdir(parents=True, exist_ok=True)
        return _fuzz(given, corpus) if len(given.targets) == 1 else _all(given, corpus)


def _all(given: argparse.Namespace, corpus: Path) -> int:
    """Each target in a process of its own, for the library ends the process; `--jobs` of them at a time."""
    from fuzz.targets import TARGETS

    with ThreadPoolExecutor(given.jobs) as pool:
        ended = list(pool.map(lambda name: _one(name, given, corpus), given.targets or TARGETS))
    print(f"{ended.count(0)} passed, {len(ended) - ended.count(0)} failed")
    return max(ended)


def _one(name: str, given: argparse.Namespace, corpus: Path) -> int:
    limits = [f"--seconds={given.seconds}", f"--runs={given.runs}", f"--seed={given.seed}", f"--corpus={corpus}"]
    log = corpus / f"{name}.log"
    with log.open("w") as out:
        command = [sys.executable, str(HERE / "run.py"), name, *limits]
        code = subprocess.run(command, stdout=out, stderr=subprocess.STDOUT, check=False).returncode
    said = log.read_text(encoding="utf-8", errors="replace").splitlines()
    done = [x for x in said if x.startswith(("Done", "slowest"))][-2:]
    print(f"{name}: {'failed' if code else '; '.join(done)}", flush=True)
    if code:
        print("\n".join(x for x in said if "Instrumenting" not in x)[-6000:], flush=True)
    return min(code, 1)


def _fuzz(given: argparse.Namespace, corpus: Path) -> int:
    import atheris

    resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES))
    with atheris.instrument_imports(include=["pipeline"]):
        from fuzz.targets import TARGETS
    from fuzz.harness import harness, mutator
    from fuzz.words import dictionary

    name = given.targets[0]
    target = TARGETS[name]
    found, words = corpus / name, corpus / f"{name}.dict"
    os.environ["RUST_BACKTRACE"] = "0"  # calamine's panics are caught; their traces would fill the log
    for folder in (found, corpus / "failures"):
        folder.mkdir(parents=True, exist_ok=True)
    words.write_text(dictionary(), encoding="utf-8")
    seeds = [str(p) for kind in ("corpus", "regressions") if (p := HERE / kind / name).is_dir()]
    options = [
        f"-max_total_time={given.seconds}", f"-runs={given.runs}", f"-seed={given.seed}", f"-max_len={LONGEST}",
        f"-timeout={SECONDS_AN_INPUT}", f"-rss_limit_mb={MEGABYTES}", "-report_slow_units=1", f"-dict={words}",
        f"-artifact_prefix={corpus / 'failures'}{os.sep}{name}-", "-print_final_stats=1",
    ]  # fmt: skip
    # Looked up when it is called: the library puts the working one in its place only then.
    usual = lambda data, most: atheris.Mutate(data, most)  # noqa: E731
    style = {"custom_mutator": mutator(target.style, usual)} if target.style else {}
    atheris.Setup([sys.argv[0], *options, str(found), *seeds], harness(target), **style)
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
