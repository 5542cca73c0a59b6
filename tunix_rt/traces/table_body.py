"""How the body of a trace is stored: compressed, with the record it was read from.

Codec 2 is zstd over four bytes, the length of the original record; the original record,
byte for byte; the canonical JSON of the trace. Length 0 means that there was no other
record. Codec 3 is zstd over the original alone: a line of the format `jsonl`, from which
the canonical JSON is made again. A frame names the dictionary it needs. Codec 1, of the
first version, is zstd over the canonical JSON alone.
"""

import secrets
import threading
from collections.abc import Sequence

import zstandard

from tunix_rt.traces.schema import AnyTrace, parse, parse_stored

PLAIN, FRAMED, LINE = 1, 2, 3
OWN_FORMAT = "jsonl"
"""The format whose lines are traces already."""

LEVEL = 2
"""With a dictionary it leaves texts of 1.6 kB smaller than level 3 does, and is quicker."""
DICTIONARY_BYTES = 64 * 1024
MANY = 500
"""Frames from which on a second thread is worth its start."""

SAMPLES = 1_000
"""Frames a dictionary is learnt from; fewer teach too little."""

MAX_FRAME = 256 * 1024 * 1024

_dictionaries: dict[int, zstandard.ZstdCompressionDict] = {}
_local = threading.local()


class Unpacked:
    """A body and the record it was read from."""

    def __init__(self, body: bytes | None, original: bytes | None) -> None:
        self._body = body
        self._original = original

    @property
    def body(self) -> bytes:
        """The canonical JSON; it is made when it is asked for, where the original says it all."""
        if self._body is None:
            assert self._original is not None
            self._body = parse(self._original).body()
        return self._body

    @property
    def trace(self) -> AnyTrace:
        """The trace itself, without the canonical JSON in between."""
        whole = self._body if self._body is not None else self._original
        assert whole is not None
        return parse_stored(whole)

    def record(self, format: str | None) -> bytes | None:
        """The original record, if there was one: where it is not kept it was the body itself."""
        return self._original or (None if format is None else self.body)


def frame(body: bytes, original: bytes | None, format: str | None) -> tuple[int, bytes]:
    """The codec, and what is compressed for one trace."""
    if format == OWN_FORMAT and original is not None:
        return LINE, original
    if original is None or original == body:
        return FRAMED, b"\0\0\0\0" + body
    return FRAMED, len(original).to_bytes(4, "little") + original + body


def compress(frames: Sequence[bytes], dictionary: int | None) -> list[bytes]:
    """Every frame as it is stored."""
    packed = _compressor(dictionary).multi_compress_to_buffer(
        list(frames), threads=2 if len(frames) > MANY else 1
    )
    return [packed[place].tobytes() for place in range(len(packed))]


def unpack(blob: bytes, codec: int) -> Unpacked:
    """The body and the original of a stored frame; `zstandard.ZstdError` if it is damaged."""
    whole = _decompressor(dictionary_of(blob)).decompress(blob, max_output_size=MAX_FRAME)
    if codec == PLAIN:
        return Unpacked(whole, None)
    if codec == LINE:
        return Unpacked(None, whole)
    length = int.from_bytes(whole[:4], "little")
    return Unpacked(whole[4 + length :], whole[4 : 4 + length] if length else None)


def dictionary_of(blob: bytes) -> int:
    """The id of the dictionary a stored frame needs; 0 for none."""
    return zstandard.get_frame_parameters(blob).dict_id


def learn(frames: Sequence[bytes]) -> tuple[int, bytes] | None:
    """A new dictionary (id, content) for frames like these; None if they teach nothing."""
    number = secrets.randbelow(2**31 - 2**16) + 2**15  # the range zstd leaves to private use
    try:
        made = zstandard.train_dictionary(DICTIONARY_BYTES, list(frames), dict_id=number)
    except zstandard.ZstdError:
        return None
    return number, made.as_bytes()


def knows(dictionary: int) -> bool:
    """Whether frames with this dictionary can be read in this process."""
    return dictionary in (0, *_dictionaries)


def remember(dictionary: int, content: bytes) -> None:
    """Make a stored dictionary usable."""
    made = zstandard.ZstdCompressionDict(content)
    made.precompute_compress(level=LEVEL)
    _dictionaries[dictionary] = made


def _compressor(dictionary: int | None) -> zstandard.ZstdCompressor:
    """This thread's own: a compressor must not be used by two at once."""
    kept = getattr(_local, "compressors", None)
    if kept is None:
        kept = _local.compressors = {}
    if dictionary not in kept:
        known = _dictionaries[dictionary] if dictionary else None
        kept[dictionary] = zstandard.ZstdCompressor(level=LEVEL, dict_data=known)
    found: zstandard.ZstdCompressor = kept[dictionary]
    return found


def _decompressor(dictionary: int) -> zstandard.ZstdDecompressor:
    kept = getattr(_local, "decompressors", None)
    if kept is None:
        kept = _local.decompressors = {}
    if dictionary not in kept:
        known = _dictionaries[dictionary] if dictionary else None
        kept[dictionary] = zstandard.ZstdDecompressor(dict_data=known)
    found: zstandard.ZstdDecompressor = kept[dictionary]
    return found
