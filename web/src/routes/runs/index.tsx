/** Runs: all long work, newest first. */
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query"
import { createFileRoute, Link } from "@tanstack/react-router"
import { type RunFilter, runs, STATUSES } from "@/features/runs/queries"
import { RunFilters } from "@/features/runs/RunFilters"
import { RunTable } from "@/features/runs/RunTable"
import { Command, Empty } from "@/ui/Empty"
import { Failure } from "@/ui/Failure"
import { More } from "@/ui/More"
import { Body, Page } from "@/ui/Page"
import { Skeleton } from "@/ui/Skeleton"

export const Route = createFileRoute("/runs/")({
  staticData: { nav: { group: "Train", label: "Runs", order: 5, key: "r" } },
  validateSearch: (search: Record<string, unknown>): RunFilter => {
    const status = STATUSES.find((known) => known === search.status)
    return {
      ...(typeof search.kind === "string" && search.kind ? { kind: search.kind } : {}),
      ...(status ? { status } : {}),
    }
  },
  loaderDeps: ({ search }) => search,
  // On another filter the page stays as it is, with the focus where it was.
  loader: ({ context, deps, cause }) =>
    cause === "stay" ? undefined : context.queries.ensureInfiniteQueryData(runs.list(deps)),
  component: RunsPage,
})

function RunsPage() {
  const filter = Route.useSearch()
  const navigate = Route.useNavigate()
  const list = useInfiniteQuery({ ...runs.list(filter), placeholderData: keepPreviousData })
  const rows = list.data?.pages.flatMap((page) => page.data) ?? []
  const train = (
    <Link to="/runs/new" className="btn">
      New training
    </Link>
  )
  return (
    <Page title="Runs" actions={train}>
      <RunFilters filter={filter} onFilter={(next) => void navigate({ search: next })} />
      <Body label="Runs list">
        {list.error ? (
          <Failure error={list.error} retry={() => void list.refetch()} />
        ) : list.isPending ? (
          <Skeleton />
        ) : rows.length > 0 ? (
          <>
            <RunTable rows={rows} />
            <More
              shown={rows.length}
              busy={list.isFetchingNextPage}
              onMore={list.hasNextPage ? () => void list.fetchNextPage() : null}
            />
          </>
        ) : Object.keys(filter).length > 0 ? (
          <Empty title="No run matches">Choose another kind or status.</Empty>
        ) : (
          <Empty title="No runs yet">
            Training, evaluating and every other long work stands here.
            <Command>tunix-rt train --help</Command>
          </Empty>
        )}
      </Body>
    </Page>
  )
}
