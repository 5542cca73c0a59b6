"""A version for other programs: its files in shards of a size, or one GGUF file for llama.cpp."""

import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from tunix_rt.kit.errors import BadInput, MissingExtra
from tunix_rt.kit.files import write_folder
from tunix_rt.registry.loading import writing
from tunix_rt.registry.loading.weights import INDEX
from tunix_rt.registry.schema_exchange import Export, Exported
from tunix_rt.runs.schema import Run

CONVERTERS = ("convert_hf_to_gguf.py", "convert-hf-to-gguf")
"""What llama.cpp calls its converter."""

CHUNK = 1 << 22


def find_converter(named: str) -> str:
    """The converter of the settings, or one on the PATH; one sentence where there is none."""
    for name in (named,) if named else CONVERTERS:
        if (found := shutil.which(name)) is not None:
            return found
        if name.endswith(".py") and Path(name).is_file():
            return name
    raise MissingExtra(
        "llama.cpp's converter to GGUF is not on this machine.",
        hint="Set TUNIX_RT_GGUF_CONVERTER to the convert_hf_to_gguf.py of a llama.cpp checkout.",
    )


def export(run: Run, source: Path, name: str, wanted: Export, converter: str | None) -> Exported:
    """Write the version in `source`; the folder appears whole or not at all."""
    target = Path(wanted.folder) if wanted.folder else run.folder / "export"
    if wanted.format == "gguf":
        assert converter is not None, "a door asks for the converter"
        made = _convert(run, source, wanted.outtype, converter)
        try:
            write_folder(target, [(f"{name}.gguf", _read(made))])
        finally:
            made.unlink()
    else:
        write_folder(target, _files(run, source, writing.size_of(wanted.max_shard_size)))
    files = sorted(path for path in target.rglob("*") if path.is_file())
    return Exported(
        folder=str(target),
        files=[path.relative_to(target).as_posix() for path in files],
        bytes=sum(path.stat().st_size for path in files),
    )


def _files(run: Run, source: Path, limit: int) -> Iterator[tuple[str, Iterable[bytes]]]:
    """As they are, unless a weights file is larger than the limit: then they are cut anew."""
    weights = sorted(source.glob("model*.safetensors"))
    whole = all(file.stat().st_size <= limit for file in weights)
    for path in sorted(path for path in source.rglob("*") if path.is_file()):
        if whole or (path not in weights and path.name != INDEX):
            run.check_cancelled()
            yield path.relative_to(source).as_posix(), _read(path)
    if whole:
        return
    tensors = writing.stored(source)
    layouts = writing.layouts_for(tensors, limit)
    for number, layout in enumerate(layouts):
        run.progress(number, len(layouts), layout.name)
        yield layout.name, writing.chunks(tensors, layout)
    if (index := writing.index_of(tensors, layouts)) is not None:
        yield INDEX, [index.encode()]


def _convert(run: Run, source: Path, outtype: str, converter: str) -> Path:
    """Run llama.cpp's program; its output goes to a file in the run's folder."""
    made, said = run.folder / "model.gguf.part", run.folder / "converter.log"
    command = [converter, str(source), "--outfile", str(made), "--outtype", outtype]
    if converter.endswith(".py"):
        command.insert(0, sys.executable)
    with said.open("wb") as output:
        program = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        try:
            while _runs(program):
                run.progress(0, None, "converting")
        finally:
            program.kill()
            program.wait()
    if program.returncode != 0 or not made.is_file():
        lines = said.read_text("utf-8", "replace").strip().splitlines() or ["it said nothing"]
        made.unlink(missing_ok=True)
        raise BadInput(f"llama.cpp's converter failed: {lines[-1][:500]}", hint=f"See {said}.")
    return made


def _runs(program: subprocess.Popen[bytes]) -> bool:
    try:
        program.wait(0.5)
    except subprocess.TimeoutExpired:
        return True
    return False


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            yield chunk
