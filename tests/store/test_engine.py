import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import make_url, select, text

from tests.making import trace
from tunix_rt.floorplan import rooms
from tunix_rt.kit.errors import BadInput, Broken
from tunix_rt.kit.settings import Settings, read_settings
from tunix_rt.runs.table import lineage
from tunix_rt.store import Store, metadata, open_store, upsert
from tunix_rt.store.migrating import revisions
from tunix_rt.store.reclaiming import reclaim
from tunix_rt.traces import query_facets, query_write
from tunix_rt.traces.schema import TRACE, QuickStep, QuickTrace, TraceFilter
from tunix_rt.traces.table import trace as trace_table


def test_the_first_opening_makes_every_table(store: Store) -> None:
    with store.read() as connection:
        for table in metadata.tables.values():
            connection.execute(select(table).limit(1))


def test_the_migrations_make_just_the_tables_the_code_has(store: Store) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    assert list(rooms("table"))
    with store.read() as connection:
        context = MigrationContext.configure(connection)
        differences = compare_metadata(context, metadata)

    # PostgreSQL's full-text index: SQLite has a file of its own for it
    assert [one for one in differences if "trace_words" not in str(one)] == []


def test_a_failed_block_leaves_nothing_behind(store: Store) -> None:
    new = query_write.prepare(TRACE.validate_python(trace()), "made")

    with suppress(RuntimeError), store.write() as connection:
        query_write.add(connection, [new])
        raise RuntimeError("half-way")

    with store.read() as connection:
        assert connection.execute(select(trace_table)).all() == []


def test_opening_again_keeps_what_is_stored(store: Store, settings: Settings) -> None:
    with store.write() as connection:
        query_write.add(connection, [query_write.prepare(TRACE.validate_python(trace()), "made")])

    again = open_store(settings)
    with again.read() as connection:
        assert len(connection.execute(select(trace_table)).all()) == 1
    again.close()


def test_a_database_from_a_newer_version_is_refused_untouched(
    store: Store, settings: Settings
) -> None:
    with store.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(Broken, match="newer Tunix RT"):
        open_store(settings)

    with store.read() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "9999"


def test_every_revision_can_be_taken_back(tmp_path: Path) -> None:
    from alembic import command
    from alembic.config import Config

    from tunix_rt.store.migrating import FOLDER

    store = open_store(Settings(home=tmp_path, database=""))
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    with store.write() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    with store.read() as connection:
        left = connection.scalars(text("SELECT name FROM sqlite_master WHERE type='table'")).all()

    assert set(left) == {"alembic_version"}
    assert revisions()[0] == "0001"


def test_a_file_that_is_no_database_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "tunix-rt.db").write_bytes(b"this is not a database" * 1000)

    with pytest.raises(Broken, match="damaged or is not a database"):
        open_store(Settings(home=tmp_path, database=""))


def test_a_full_disk_is_said_in_one_sentence_and_keeps_the_batches_before(tmp_path: Path) -> None:
    store = open_store(Settings(home=tmp_path, database="", pool_size=1, max_overflow=0))
    with store.write() as connection:
        query_write.add(connection, [query_write.prepare(TRACE.validate_python(trace()), "made")])
        connection.execute(text("PRAGMA max_page_count = 40"))
    noise = [
        query_write.prepare(
            TRACE.validate_python(trace(i, meta={"noise": str(hash(str(i)))})), "made"
        )
        for i in range(20_000)
    ]

    with pytest.raises(Broken, match="disk that holds the database is full"), store.write() as c:
        query_write.add(c, noise)

    with store.read() as connection:
        assert len(connection.execute(select(trace_table)).all()) == 1


@pytest.mark.parametrize("number", [1, 2 * query_write.COPY_FROM])
def test_a_value_that_is_too_long_is_said_in_one_sentence_however_it_is_written(
    store: Store, number: int
) -> None:
    if store.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has no length of a column")
    new = QuickTrace("x" * 65, "What?", "This.", [QuickStep(0, "t", "so")])

    with pytest.raises(BadInput, match="cannot hold"), store.write() as connection:
        query_write.add(connection, [query_write.prepare(new, "made")] * number)


def test_room_that_cannot_be_given_back_now_is_said_in_one_sentence(tmp_path: Path) -> None:
    store = open_store(Settings(home=tmp_path, database=""))
    other = open_store(Settings(home=tmp_path, database=""))
    with store.engine.connect() as connection:  # the one that is in the pool, and is taken again
        connection.connection.cursor().execute("PRAGMA busy_timeout = 10")

    with other.write(), pytest.raises(Broken, match="holds the database"):
        reclaim(store)

    store.close()
    other.close()


def test_a_data_folder_that_cannot_be_made_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(Broken, match="cannot be used"):
        open_store(Settings(home=tmp_path / "file" / "home", database=""))


def test_a_database_address_that_is_none_is_said_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="DATABASE_URL is not a database address"):
        open_store(Settings(home=tmp_path, database="nonsense"))


@pytest.mark.parametrize("host", ["nobody.invalid", "127.0.0.1:1"])
def test_a_database_that_is_not_there_is_said_in_one_sentence(tmp_path: Path, host: str) -> None:
    address = f"postgresql://me:secret@{host}/x"

    with pytest.raises(Broken, match="The database does not answer") as error:
        open_store(Settings(home=tmp_path, database=address))

    assert "secret" not in str(error.value)


def test_a_user_who_may_not_make_tables_is_told_so(store: Store, settings: Settings) -> None:
    if store.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no users")
    name = f"reader{uuid4().hex}"
    with store.engine.begin() as connection:
        connection.execute(text(f"CREATE ROLE {name} LOGIN"))
    address = make_url(settings.database_url).set(username=name)

    with pytest.raises(Broken, match="The database refuses: ") as error:
        open_store(Settings(home=settings.home, database=str(address)))
    with store.engine.begin() as connection:
        connection.execute(text(f"DROP ROLE {name}"))

    assert "allowed to make tables" in str(error.value.hint)


def test_sqlite_is_durable_and_concurrent(tmp_path: Path) -> None:
    store = open_store(Settings(home=tmp_path, database=""))
    with store.read() as connection:
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert connection.scalar(text("PRAGMA synchronous")) == 2
        assert connection.scalar(text("PRAGMA page_size")) == 16384
        assert connection.scalar(text("PRAGMA auto_vacuum")) == 2
    store.close()


def test_nobody_who_opens_the_store_to_read_waits_for_a_writer(settings: Settings) -> None:
    first = open_store(settings)
    with first.write() as writer:  # a long one
        query_write.add(writer, [query_write.prepare(TRACE.validate_python(trace()), "made")])
        second = open_store(settings)
        with second.read() as connection:
            assert query_facets.count(connection, TraceFilter()) == 0
        second.close()
    first.close()


@pytest.mark.parametrize(
    ("name", "value"), [("DB_POOL_SIZE", "0"), ("TRACE_MAX_BYTES", "12"), ("BACKEND_PORT", "x")]
)
def test_a_bad_setting_stops_the_start_with_its_name(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(BadInput, match=name):
        read_settings()


def test_a_reader_does_not_see_what_others_commit_meanwhile(store: Store) -> None:
    with store.read() as connection:
        before = query_facets.count(connection, TraceFilter())
        with store.write() as writer:
            query_write.add(writer, [query_write.prepare(TRACE.validate_python(trace()), "made")])
        again = query_facets.count(connection, TraceFilter())
    with store.read() as connection:
        after = query_facets.count(connection, TraceFilter())

    assert (before, again, after) == (0, 0, 1)


def test_a_value_the_database_cannot_hold_is_the_senders_mistake(store: Store) -> None:
    if store.engine.dialect.name != "postgresql":
        pytest.skip("SQLite holds anything")

    with pytest.raises(BadInput, match="cannot hold a value") as error, store.write() as connection:
        connection.execute(select(trace_table).where(trace_table.c.source == "\0"))

    assert "\n" not in str(error.value)


def test_an_upsert_speaks_the_words_of_the_database(store: Store) -> None:
    places = dict.fromkeys(("from_kind", "from_id", "to_kind", "to_id", "relation"), "x")
    with store.write() as connection:
        for label in ("first", "second"):
            new = upsert(connection, lineage).values(**places, from_label=label, to_label="x")
            connection.execute(
                new.on_conflict_do_update(
                    index_elements=list(places), set_={"from_label": new.excluded.from_label}
                )
            )

    with store.read() as connection:
        assert connection.scalars(select(lineage.c.from_label)).all() == ["second"]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("postgresql://u:hidden@h:nope/x", "is not a database address"),
        ("mysql://u:hidden@h/x", "names a mysql database"),
        ("sqlite+aiosqlite:///x.db", "names a sqlite database"),
        ("sqlite://", "in memory"),
        ("sqlite:///:memory:", "in memory"),
    ],
)
def test_an_address_of_no_database_we_know_is_refused(
    tmp_path: Path, address: str, said: str
) -> None:
    with pytest.raises(BadInput, match=said) as error:
        open_store(Settings(home=tmp_path, database=address))

    assert "hidden" not in str(error.value)


def test_a_database_file_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    with pytest.raises(Broken, match=f"database {tmp_path}/missing/x.db cannot be opened"):
        open_store(Settings(home=tmp_path / "h", database=f"sqlite:///{tmp_path}/missing/x.db"))


@pytest.mark.parametrize("lock", ["BEGIN", "BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"])
def test_opening_waits_for_another_who_holds_a_database_not_yet_in_wal(
    tmp_path: Path, lock: str
) -> None:
    other = sqlite3.connect(tmp_path / "tunix-rt.db", isolation_level=None, check_same_thread=False)
    other.execute("CREATE TABLE busy (x)")
    other.execute(lock)
    other.execute("SELECT * FROM busy").fetchall()
    release = threading.Timer(0.7, other.close)
    release.start()

    store = open_store(Settings(home=tmp_path, database=""))

    release.join()
    with store.read() as connection:
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
    store.close()


def test_all_who_open_a_new_installation_at_once_get_in(tmp_path: Path) -> None:
    script = (
        "from pathlib import Path; import sys\n"
        "from tunix_rt.kit.settings import Settings\n"
        "from tunix_rt.store import open_store\n"
        "sys.stdin.readline()\n"
        "open_store(Settings(home=Path(sys.argv[1]), database='')).close()\n"
    )
    for turn in range(4):
        home = tmp_path / str(turn)
        many = [
            subprocess.Popen(
                [sys.executable, "-c", script, str(home)],
                stdin=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for _ in range(4)
        ]

        time.sleep(1.5)  # until all have imported what they need
        for process in many:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        said = [process.communicate(timeout=60)[1] for process in many]

        assert [process.returncode for process in many] == [0] * 4, said
