"""Fuzz one target or all targets, guided by coverage.

`uv run --isolated --group fuzz python tests/fuzz/run.py html --seconds 60` fuzzes one target; without a
name it fuzzes all targets. New inputs, logs and failures are written to `--corpus`, never to the committed corpus.
The exit code is 1 if a target failed.
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

# Limits for one input.
TIMEOUT_SECONDS, MAX_MEGABYTES, MAX_INPUT_BYTES = 10, 2048, 65_536
# A process that allocates more at once fails before it exhausts the memory of the machine.
MAX_ADDRESS_SPACE_BYTES = 4 * 2**30


def main() -> int:
    """Read the arguments; fuzz a single target in this process, several targets in one process each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*")
    parser.add_argument("--seconds", type=int, default=0)
    parser.add_argument("--runs", type=int, default=-1)
    parser.add_argument("--corpus", type=Path, help="a folder for new inputs and failures")
    parser.add_argument("--jobs", type=int, default=1, help="targets at a time")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ogi-corpus-") as scratch:
        corpus = arguments.corpus or Path(scratch)
        corpus.mkdir(parents=True, exist_ok=True)
        return _fuzz_here(arguments, corpus) if len(arguments.targets) == 1 else _fuzz_all(arguments, corpus)


def _fuzz_all(arguments: argparse.Namespace, corpus: Path) -> int:
    """Fuzz each target in a process of its own, `--jobs` at a time, because the library ends the process."""
    from fuzz.targets import TARGETS

    with ThreadPoolExecutor(arguments.jobs) as pool:
        exit_codes = list(
            pool.map(lambda name: _fuzz_in_process(name, arguments, corpus), arguments.targets or TARGETS)
        )
    print(f"{exit_codes.count(0)} passed, {len(exit_codes) - exit_codes.count(0)} failed")
    return max(exit_codes)


def _fuzz_in_process(name: str, arguments: argparse.Namespace, corpus: Path) -> int:
    """Fuzz a target in another process, print its result, and return 0 or 1."""
    limits = [
        f"--seconds={arguments.seconds}",
        f"--runs={arguments.runs}",
        f"--seed={arguments.seed}",
        f"--corpus={corpus}",
    ]
    log = corpus / f"{name}.log"
    with log.open("w") as out:
        command = [sys.executable, str(HERE / "run.py"), name, *limits]
        code = subprocess.run(command, stdout=out, stderr=subprocess.STDOUT, check=False).returncode
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    results = [x for x in lines if x.startswith(("Done", "slowest"))][-2:]
    print(f"{name}: {'failed' if code else '; '.join(results)}", flush=True)
    if code:
        print("\n".join(x for x in lines if "Instrumenting" not in x)[-6000:], flush=True)
    return min(code, 1)


def _fuzz_here(arguments: argparse.Namespace, corpus: Path) -> int:
    """Fuzz the only given target in this process. The library ends the process."""
    import atheris

    resource.setrlimit(resource.RLIMIT_AS, (MAX_ADDRESS_SPACE_BYTES, MAX_ADDRESS_SPACE_BYTES))
    with atheris.instrument_imports(include=["pipeline"]):
        from fuzz.targets import TARGETS
    from fuzz.harness import make_harness, make_mutator
    from fuzz.words import dictionary

    name = arguments.targets[0]
    target = TARGETS[name]
    new_inputs, words = corpus / name, corpus / f"{name}.dict"
    os.environ["RUST_BACKTRACE"] = "0"  # calamine's panics are caught, but their traces would fill the log
    for folder in (new_inputs, corpus / "failures"):
        folder.mkdir(parents=True, exist_ok=True)
    words.write_text(dictionary(), encoding="utf-8")
    seeds = [str(p) for kind in ("corpus", "regressions") if (p := HERE / kind / name).is_dir()]
    options = [
        f"-max_total_time={arguments.seconds}", f"-runs={arguments.runs}", f"-seed={arguments.seed}",
        f"-max_len={MAX_INPUT_BYTES}",
        f"-timeout={TIMEOUT_SECONDS}", f"-rss_limit_mb={MAX_MEGABYTES}", "-report_slow_units=1", f"-dict={words}",
        f"-artifact_prefix={corpus / 'failures'}{os.sep}{name}-", "-print_final_stats=1",
    ]  # fmt: skip
    # Look up the function at each call: the library installs the working one only when fuzzing starts.
    mutate_bytes = lambda data, max_bytes: atheris.Mutate(data, max_bytes)  # noqa: E731
    style = {"custom_mutator": make_mutator(target.style, mutate_bytes)} if target.style else {}
    atheris.Setup([sys.argv[0], *options, str(new_inputs), *seeds], make_harness(target), **style)
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
