from sqlalchemy import Column, MetaData, Table, insert, select

from tunix_rt.kit.ids import new_id
from tunix_rt.kit.settings import Settings
from tunix_rt.store import Connection, among, open_store
from tunix_rt.store.columns import Id

THING = Table("thing", MetaData(), Column("id", Id, primary_key=True))


def found(connection: Connection, ids: list[str]) -> list[str]:
    return list(connection.scalars(select(THING.c.id).where(among(connection, THING.c.id, ids))))


def test_each_of_many_ids_is_found_and_nothing_else(settings: Settings) -> None:
    ids = sorted(new_id() for _ in range(40_000))
    kept, absent = ids[::2], ids[1::2]

    store = open_store(settings)
    with store.write() as connection:
        THING.create(connection)
        connection.execute(insert(THING), [{"id": one} for one in kept])

        assert sorted(found(connection, ids)) == kept
        assert (
            sorted(found(connection, [*kept[100:9_000], kept[100], absent[7]])) == kept[100:9_000]
        )
        assert found(connection, kept[-1:]) == kept[-1:]
        assert found(connection, absent) == []
        assert found(connection, []) == []
    store.close()
