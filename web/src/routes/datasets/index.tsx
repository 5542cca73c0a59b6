/** Datasets: frozen collections of traces. */
import { useSuspenseInfiniteQuery } from "@tanstack/react-query"
import { createFileRoute, Link } from "@tanstack/react-router"
import { DatasetTable } from "@/features/datasets/DatasetTable"
import { datasets } from "@/features/datasets/queries"
import { Command, Empty } from "@/ui/Empty"
import { More } from "@/ui/More"
import { Body, Page } from "@/ui/Page"

export const Route = createFileRoute("/datasets/")({
  staticData: { nav: { group: "Data", label: "Datasets", order: 3, key: "d" } },
  loader: ({ context }) => context.queries.ensureInfiniteQueryData(datasets.list),
  component: DatasetsPage,
})

function DatasetsPage() {
  const list = useSuspenseInfiniteQuery(datasets.list)
  const rows = list.data.pages.flatMap((page) => page.data)
  const actions = (
    <Link to="/datasets/new" className="btn">
      New dataset
    </Link>
  )
  return (
    <Page title="Datasets" actions={actions}>
      <Body label="Datasets list">
        {rows.length === 0 ? (
          <Empty title="No datasets yet">
            Freeze the traces worth training on; what is frozen never changes.
            <Command>tunix-rt datasets build --help</Command>
          </Empty>
        ) : (
          <>
            <DatasetTable rows={rows} />
            <More
              shown={rows.length}
              busy={list.isFetchingNextPage}
              onMore={list.hasNextPage ? () => void list.fetchNextPage() : null}
            />
          </>
        )}
      </Body>
    </Page>
  )
}
