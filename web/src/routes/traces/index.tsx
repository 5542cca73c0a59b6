/** Traces: everything collected so far. The filter lives in the URL. */
import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { createFileRoute } from "@tanstack/react-router"
import { filterOf, readTraceSearch, type TraceFilter } from "@/features/traces/filter"
import { traces } from "@/features/traces/queries"
import { TraceFilters } from "@/features/traces/TraceFilters"
import { TraceList } from "@/features/traces/TraceList"
import { Command, Empty } from "@/ui/Empty"
import { Failure } from "@/ui/Failure"
import { Page } from "@/ui/Page"
import { Skeleton } from "@/ui/Skeleton"
import { count } from "@/ui/words"

export const Route = createFileRoute("/traces/")({
  staticData: { nav: { group: "Data", label: "Traces", order: 2, key: "t" } },
  validateSearch: readTraceSearch,
  loaderDeps: ({ search }) => filterOf(search),
  loader: ({ context, deps, cause }) => {
    void context.queries.prefetchQuery(traces.page(deps, 0))
    // On another filter the page stays as it is, with the focus where it was, until there is more to show.
    return cause === "stay" ? undefined : context.queries.ensureQueryData(traces.facets(deps))
  },
  component: TracesPage,
})

function TracesPage() {
  const search = Route.useSearch()
  const navigate = Route.useNavigate()
  const filter = filterOf(search)
  const facets = useQuery({ ...traces.facets(filter), placeholderData: keepPreviousData })
  return (
    <Page
      title="Traces"
      heading={
        <>
          Traces{" "}
          <span role="status" className="font-normal text-muted tabular-nums">
            {facets.data && count(facets.data.total)}
          </span>
        </>
      }
    >
      <TraceFilters filter={filter} onFilter={(next) => void navigate({ search: next })} />
      {facets.error ? (
        <Failure error={facets.error} retry={() => void facets.refetch()} />
      ) : facets.data ? (
        <Found {...facets.data} at={search.at ?? 0} />
      ) : (
        <Skeleton />
      )}
    </Page>
  )
}

function Found({ filter, total, at }: { filter: TraceFilter; total: number; at: number }) {
  const navigate = Route.useNavigate()
  if (total > 0)
    return (
      <TraceList
        key={JSON.stringify(filter)}
        filter={filter}
        total={total}
        at={at}
        onOpen={(id, row) =>
          void navigate({ to: "/traces/$id", params: { id }, search: { ...filter, at: row } })
        }
      />
    )
  if (Object.keys(filter).length > 0)
    return <Empty title="No trace matches">Take a filter away, or search for other words.</Empty>
  return (
    <Empty title="No traces yet">
      Bring some in from a file, or let a model write them.
      <Command>tunix-rt traces import FILE.jsonl</Command>
    </Empty>
  )
}
