"""Workers that are processes of this machine."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Sequence
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from typing import Any

from cleaner.scale.run import serve
from cleaner.scale.shards import Job, Shard


class Processes:
    """Each batch has a process of its own, so that memory does not grow and a death costs one batch."""

    def __init__(self) -> None:
        methods = multiprocessing.get_all_start_methods()
        # Forked, a worker has the rules that its parent has loaded.
        self._context: Any = multiprocessing.get_context("fork" if "fork" in methods else None)
        self._processes: dict[int, BaseProcess] = {}

    def start(self, batch: Sequence[Shard], job: Job, skip: dict[int, list[int]]) -> int:
        process = self._context.Process(target=_serve, args=(os.getpid(), batch, job, skip))
        process.start()
        self._processes[process.sentinel] = process
        sentinel: int = process.sentinel
        return sentinel

    def stop(self, token: int) -> None:
        self._processes[token].kill()

    def ended(self, tokens: Sequence[int], timeout: float) -> list[int]:
        ended = [token for token in wait(tokens, timeout) if isinstance(token, int)]
        for token in ended:
            self._processes.pop(token).join()
        return ended

    def close(self) -> None:
        for process in self._processes.values():
            process.kill()
            process.join()


def _serve(parent: int, batch: Sequence[Shard], job: Job, skip: dict[int, list[int]]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends it
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_die_with, args=(parent,), daemon=True).start()
    serve(batch, job, skip)


def _die_with(parent: int) -> None:
    """End this process when its parent is gone: another may begin with the same shard."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)
