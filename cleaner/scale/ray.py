"""Workers of a Ray cluster, and the function that cleans batches of anybody's `ray.data`."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from typing import Any

from cleaner import engine
from cleaner.config import Settings
from cleaner.document import Document
from cleaner.model import CleanerError
from cleaner.scale import shards
from cleaner.scale.run import serve
from cleaner.scale.shards import Job, Shard
from cleaner.scale.streams import needed


class Cluster:
    """Each batch is a task; the folder of the run must be one that all nodes see.

    Joins the cluster that RAY_ADDRESS names, otherwise starts one on this machine with `jobs` workers.
    """

    def __init__(self, jobs: int) -> None:
        self._ray = needed("ray", "ray")
        self._cancelled: set[Any] = set()
        where: dict[str, Any] = {} if os.environ.get("RAY_ADDRESS") else {"num_cpus": jobs, "include_dashboard": False}
        self._ours = not self._ray.is_initialized()
        if self._ours:
            self._ray.init(log_to_driver=False, logging_level="ERROR", **where)
        # What dies is begun again by the one who knows of what it died.
        self._serve = self._ray.remote(max_retries=0)(serve)

    def start(self, batch: Sequence[Shard], job: Job, skip: dict[int, list[int]]) -> object:
        return self._serve.remote(list(batch), job, {shard.number: skip.get(shard.number, []) for shard in batch})

    def stop(self, token: Any) -> None:
        self._ray.cancel(token, force=True)

    def ended(self, tokens: Sequence[Any], timeout: float) -> list[Any]:
        ended, _ = self._ray.wait(list(tokens), num_returns=1, timeout=timeout)
        for token in ended:
            # Which shards are not done, their files tell, whatever the task died of.
            with contextlib.suppress(self._ray.exceptions.RayError):
                self._ray.get(token)
        return list(ended)

    def close(self) -> None:
        if self._ours:
            self._ray.shutdown()


def clean_batch(batch: dict[str, Any], *, field: str = "text", settings: Settings | None = None) -> dict[str, Any]:
    """Clean a column of a batch: `dataset.map_batches(clean_batch, fn_kwargs={"field": "body"})`.

    A text that cannot be cleaned stays as it is. The column `cleaner_changes` says how many changes there were.
    """
    settings = settings or Settings()
    detectors, words = shards.prepared(settings), shards.accepted(settings)
    assert settings.level is not None
    texts, counts = [], []
    for text in batch[field]:
        changes = 0
        if text is not None:
            try:
                document = Document(str(text), lang=settings.lang, accepted=words)
                result = engine.clean(document, detectors, settings.level)
            except CleanerError:
                result = None
            if result is not None:
                text, changes = result.after, len(result.changes)
        texts.append(text)
        counts.append(changes)
    like = type(batch[field])
    if like is list:
        return {**batch, field: texts, "cleaner_changes": counts}
    numpy = needed("numpy", "ray")
    return {**batch, field: numpy.array(texts, dtype=object), "cleaner_changes": numpy.array(counts)}
