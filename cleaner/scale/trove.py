"""Steps for pipelines of datatrove: one that cleans its documents, one that does the shards of a run, as for Slurm."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from datatrove.pipeline.base import PipelineStep

from cleaner import engine
from cleaner.config import Settings
from cleaner.document import Document
from cleaner.model import CleanerError
from cleaner.scale import shards
from cleaner.scale.local import Processes
from cleaner.scale.run import work
from cleaner.scale.shards import Job, Shard


class CleanerStep(PipelineStep):  # type: ignore[misc]  # datatrove has no types
    """Cleans the text of every document; its changes go to `document.metadata["cleaner"]`, so that none is untold.

    A document that cannot be cleaned passes as it is, with the reason there.
    """

    name = "cleaner"
    type = "Formatter"

    def __init__(self, settings: Settings | None = None) -> None:
        super().__init__()
        self.settings = settings or Settings()

    def run(self, data: Any, rank: int = 0, world_size: int = 1) -> Iterator[Any]:
        settings = self.settings
        detectors, words = shards.prepared(settings), shards.accepted(settings)
        assert settings.level is not None
        for document in data:
            self.stat_update("documents")
            try:
                with self.track_time():
                    source = Document(document.text, path=str(document.id), lang=settings.lang, accepted=words)
                    result = engine.clean(source, detectors, settings.level)
            except CleanerError as error:
                self.stat_update("set_aside")
                document.metadata["cleaner"] = str(error)
            else:
                if result.changes:
                    self.stat_update("changed")
                    self.stat_update("changes", value=len(result.changes))
                    document.metadata["cleaner"] = msgspec.to_builtins(result.changes)
                    document.text = result.after
            yield document


class ShardsStep(PipelineStep):  # type: ignore[misc]
    """Does its rank's share of the shards of a run: the only step of a pipeline, for any executor.

    They are done in processes of their own, so that no document costs others. Readers and writers of datatrove are not
    used: they drop empty texts, broken lines and records without the field, and move keys.
    """

    name = "cleaner shards"
    type = "Formatter"

    def __init__(self, shards: Sequence[Shard], job: Job) -> None:
        super().__init__()
        self.shards = list(shards)
        self.job = job

    def run(self, data: Any = None, rank: int = 0, world_size: int = 1) -> Iterator[Any]:
        del data
        share = self.shards[rank::world_size]
        for _ in work(share, self.job, Processes(), 1):
            pass
        self.stat_update("shards", value=len(share))
        yield from ()
