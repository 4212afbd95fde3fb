"""Parquet files: a column of text replaced, schema, metadata and all other columns kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO, Any

from cleaner.model import FileError
from cleaner.scale.records import Record
from cleaner.scale.streams import needed

_ROWS = 1024  # at once in memory
_GROUP = 64 << 20  # bytes of a row group that is written

Clean = Callable[[Record], str | None]  # the new text, None for the old one


def clean_table(path: str, stream: IO[bytes], out: IO[bytes], field: str, clean: Clean) -> None:
    """Copy a file with the strings of a column cleaned; raises FileError for one that cannot be read or has none."""
    arrow, parquet = needed("pyarrow"), needed("pyarrow.parquet")
    try:
        file = parquet.ParquetFile(stream)
        schema = file.schema_arrow
        place = schema.get_field_index(field)
        if place < 0:
            raise FileError(f"{path}: no column “{field}” (--field NAME): it has {', '.join(schema.names)}")
        kind = schema.field(place).type
        if not (arrow.types.is_string(kind) or arrow.types.is_large_string(kind)):
            raise FileError(f"{path}: column “{field}” holds {kind}, not text")
        writer = parquet.ParquetWriter(out, schema, compression=_compression(file))
        with writer:
            held, size = [], 0
            for batch in file.iter_batches(_ROWS):
                texts = list(_cleaned(batch, place, clean))
                held.append(batch.set_column(place, schema.field(place), arrow.array(texts, kind)))
                size += batch.nbytes
                if size > _GROUP:
                    writer.write_table(arrow.Table.from_batches(held, schema))
                    held, size = [], 0
            if held:
                writer.write_table(arrow.Table.from_batches(held, schema))
    except (arrow.ArrowException, OSError) as error:
        raise FileError(f"{path}: no Parquet that can be read: {error}") from None


def _compression(file: Any) -> str:
    if not file.metadata.num_row_groups or not file.metadata.num_columns:
        return "snappy"
    name: str = file.metadata.row_group(0).column(0).compression
    return "none" if name == "UNCOMPRESSED" else name.lower()


def _cleaned(batch: Any, place: int, clean: Clean) -> Iterator[str | None]:
    names = batch.schema.names
    about = {name: batch.column(names.index(name)) for name in ("id", "url", "source") if name in names}
    for row, text in enumerate(batch.column(place).to_pylist()):
        said = {name: "" if (value := values[row].as_py()) is None else str(value) for name, values in about.items()}
        record = Record(b"", text, id=said.get("id", ""), source=said.get("url") or said.get("source", ""))
        new = clean(record)
        yield text if new is None else new
