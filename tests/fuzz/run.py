"""Fuzz one target or all targets, guided by coverage.

`uv run --isolated --group fuzz python tests/fuzz/run.py html --seconds 60` fuzzes one target; without a
name it fuzzes all targets. New inputs, logs and failures are written to `--corpus`, never to the committed corpus.
The exit code is 1 if a target failed.
"""

from __future__ import annotations

import argparse
import io
import os
import resource
import sys
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from fuzz.targets import Target

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
        resource.setrlimit(resource.RLIMIT_AS, (MAX_ADDRESS_SPACE_BYTES, MAX_ADDRESS_SPACE_BYTES))
        targets = _load_targets()
        names = arguments.targets or list(targets)
        if len(names) == 1:
            return _fuzz_here(names[0], targets[names[0]], arguments, corpus)
        return _fuzz_all(names, targets, arguments, corpus)


def _load_targets() -> Mapping[str, Target]:
    """Return the targets; the readers that they call report their coverage."""
    import atheris

    with redirect_stderr(io.StringIO()), atheris.instrument_imports(include=["pipeline"]):
        from fuzz.targets import TARGETS
    return TARGETS


def _fuzz_all(names: Sequence[str], targets: Mapping[str, Target], arguments: argparse.Namespace, corpus: Path) -> int:
    """Fuzz each target in a process of its own, `--jobs` at a time, because the library ends the process.

    They are forked: instrumenting the readers takes longer than a short fuzz.
    """
    names_by_pid: dict[int, str] = {}
    exit_codes: list[int] = []
    for name in names:
        if len(names_by_pid) == arguments.jobs:
            exit_codes.append(_wait_for_one(names_by_pid, corpus))
        sys.stdout.flush()
        if (pid := os.fork()) == 0:
            _fuzz_and_exit(name, targets[name], arguments, corpus)
        names_by_pid[pid] = name
    exit_codes += [_wait_for_one(names_by_pid, corpus) for _ in list(names_by_pid)]
    print(f"{exit_codes.count(0)} passed, {len(exit_codes) - exit_codes.count(0)} failed")
    return max(exit_codes)


def _fuzz_and_exit(name: str, target: Target, arguments: argparse.Namespace, corpus: Path) -> NoReturn:
    """Fuzz a target in a forked process, which writes to a log and cleans up nothing of the process before it."""
    descriptor = os.open(corpus / f"{name}.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    code = 1
    try:
        code = _fuzz_here(name, target, arguments, corpus)
    except BaseException:  # noqa: BLE001 (it is printed, and the process ends)
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _wait_for_one(names_by_pid: dict[int, str], corpus: Path) -> int:
    """Wait for a process, print the result of its target, and return 0 or 1."""
    pid, status = os.wait()
    name = names_by_pid.pop(pid)
    lines = (corpus / f"{name}.log").read_text(encoding="utf-8", errors="replace").splitlines()
    results = [x for x in lines if x.startswith(("Done", "slowest"))][-2:]
    print(f"{name}: {'failed' if status else '; '.join(results)}", flush=True)
    if status:
        print("\n".join(lines)[-6000:], flush=True)
    return min(status, 1)


def _fuzz_here(name: str, target: Target, arguments: argparse.Namespace, corpus: Path) -> int:
    """Fuzz a target in this process. The library ends the process."""
    import atheris

    from fuzz.harness import make_harness, make_mutator
    from fuzz.words import dictionary

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
