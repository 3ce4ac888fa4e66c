"""`ogi fetch` and `ogi push`: what came of it, and what to do where nothing did."""

from __future__ import annotations

from collections.abc import Callable

from filelock import FileLock, Timeout

from pipeline.cli.terminal import echo
from pipeline.core.messages import say
from pipeline.core.model import DataFault, ExitCode
from pipeline.core.paths import Data
from pipeline.publish.push import push
from pipeline.raw.fetch import Fetched, fetch
from pipeline.runtime.object_store import Store

SHOWN = 20


def show_fetch(data: Data, url: str, lang: str) -> int:
    """Bring the reports, and tell of those that could not be brought."""
    return _told(lambda: _fetched(data, url, lang), lang)


def show_push(data: Data, url: str, lang: str) -> int:
    """Publish the snapshot at the URL."""
    return _told(lambda: _pushed(data, url, lang), lang)


def _fetched(data: Data, url: str, lang: str) -> int:
    data.root.mkdir(parents=True, exist_ok=True)
    with FileLock(data.lock, timeout=0):
        found = fetch(data, Store(url))
    _show_faults(found, lang)
    faults = len(found.faults)
    echo(say("fetch.done", lang, url=url, brought=found.brought, kept=found.kept, aside=found.aside, faults=faults))
    return ExitCode.PROBLEMS if faults else ExitCode.OK


def _show_faults(found: Fetched, lang: str) -> None:
    for path, fault in list(found.faults.items())[:SHOWN]:
        echo(f"  {path}: {say(fault.code, lang, **fault.values)}", err=True)
    if len(found.faults) > SHOWN:
        echo("  …", err=True)


def _pushed(data: Data, url: str, lang: str) -> int:
    done = push(data, Store(url))
    echo(say("push.done", lang, snapshot=done.snapshot, url=url, put=done.put, kept=done.kept))
    return ExitCode.OK


def _told(work: Callable[[], int], lang: str) -> int:
    """The exit code; what stopped the work is told."""
    try:
        return work()
    except Timeout:
        echo(say("run.locked", lang), err=True)
    except DataFault as fault:
        echo(say(fault.code, lang, **fault.values), err=True)
    except OSError as error:
        echo(say("store.local", lang, error=str(error).splitlines()[0]), err=True)
    return ExitCode.NOTHING
