"""Workers that are tasks of Slurm: datatrove submits them, and this waits until they are done."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from datatrove.executor.slurm import SlurmPipelineExecutor
from datatrove.utils.logging import logger
from msgspec import Struct

from cleaner.model import ConfigError
from cleaner.scale.run import Meter, Progress, begun, is_done
from cleaner.scale.shards import Job, Part, Shard
from cleaner.scale.trove import ShardsStep

_MOST_TASKS = 1000  # of one run; Slurm's own default for an array is 1,001
_PAUSE = 2.0  # seconds between looks at the queue


class Slurm(Struct, frozen=True):
    """How tasks are asked for: `memory` in GB each, `tasks` in all (0: by shards), `at_once` (0: no bound)."""

    partition: str
    time: str = "24:00:00"
    memory: int = 2
    tasks: int = 0
    at_once: int = 0
    more: tuple[str, ...] = ()  # options of sbatch, name=value


class Executor(SlurmPipelineExecutor):  # type: ignore[misc]  # datatrove has no types
    """datatrove's, without the job that adds up its statistics, which waits for ever if a task fails."""

    def launch_merge_stats(self) -> None:
        """Launch nothing."""


def executor(pending: Sequence[Shard], job: Job, slurm: Slurm, logs: str) -> Executor:
    """Return what submits the work on shards; raises ConfigError."""
    more = dict(option.partition("=")[::2] for option in slurm.more)
    return Executor(
        [ShardsStep(pending, job)],
        tasks=min(slurm.tasks or _MOST_TASKS, len(pending)),
        time=slurm.time,
        partition=slurm.partition,
        mem_per_cpu_gb=slurm.memory,
        workers=slurm.at_once or -1,
        job_name="cleaner",
        qos=None,
        # The tasks are to find what this process was started from.
        env_command=f'export PATH="{os.path.dirname(sys.executable)}:$PATH"',
        sbatch_args=more,
        logging_dir=logs,
    )


def work(shards: Sequence[Shard], job: Job, slurm: Slurm) -> Iterator[Progress]:
    """Have all shards done that are not; yield how far it is. Raises ConfigError where nothing can be submitted.

    A job that was submitted before and is still in the queue is waited for, and no other is submitted. Shards that
    its tasks leave undone have a file with the reason.
    """
    pending = begun(shards, job)
    meter = Meter(shards, job, time.monotonic())
    if pending:
        record = Path(job.folder, ".parts", "slurm-job")
        number = record.read_text() if record.exists() else ""
        if not number or not _is_queued(number):
            logs = _new_folder(Path(job.folder, "slurm"))
            number = _submit(executor(pending, job, slurm, logs))
            record.write_text(number)
        while _is_queued(number):
            yield meter.read(pending)
            time.sleep(_PAUSE)
        record.unlink()
        for shard in pending:
            if not is_done(shard, job):
                reason = f"{shard.path}: job {number} of Slurm ended without it (slurm/); the same call goes on with it"
                Part(job.folder, shard.number).file("error").write_text(reason, encoding="utf-8", errors="replace")
    yield meter.read([])


def _submit(tasks: Any) -> str:
    logger.disable("datatrove")
    try:
        tasks.run()
    except FileNotFoundError:
        raise ConfigError("--engine slurm: no sbatch here: call it where jobs are submitted") from None
    except subprocess.CalledProcessError as error:
        raise ConfigError(
            f"--engine slurm: sbatch says no (status {error.returncode}); what it says stands above"
        ) from None
    finally:
        logger.enable("datatrove")
    return str(tasks.job_id)


def _is_queued(number: str) -> bool:
    """True while a job waits or works, or nobody can tell."""
    try:
        asked = subprocess.run(["squeue", "--noheader", "--jobs", number], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise ConfigError("--engine slurm: no squeue here: call it where jobs are submitted") from None
    if asked.returncode:
        return "Invalid job id" not in asked.stderr
    return bool(asked.stdout.strip())


def _new_folder(folder: Path) -> str:
    number = 1
    while (folder / str(number)).exists():
        number += 1
    (folder / str(number)).mkdir(parents=True)
    return str(folder / str(number))
