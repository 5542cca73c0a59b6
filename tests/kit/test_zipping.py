import io
import zipfile
from collections.abc import Iterator

from tunix_rt.kit.zipping import zipped


def test_a_zip_leaves_as_it_is_written() -> None:
    asked: list[int] = []

    def chunks() -> Iterator[bytes]:
        for number in range(3):
            asked.append(number)
            yield b"x" * 100_000

    stream = zipped([("a/b.txt", chunks()), ("c", [b""])])
    first = next(stream)

    assert asked == [0]
    with zipfile.ZipFile(io.BytesIO(first + b"".join(stream))) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["a/b.txt", "c"]
        assert len(archive.read("a/b.txt")) == 300_000


def test_the_same_files_are_the_same_bytes() -> None:
    one, other = (b"".join(zipped([("a", [b"1"]), ("b", [b"2"])])) for _ in range(2))

    assert one == other
