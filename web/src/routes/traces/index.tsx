/** Traces: everything collected so far. The query lives in the URL. */
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query"
import { createFileRoute, Link } from "@tanstack/react-router"
import { useEffect, useState } from "react"
import { filterOf, readTraceSearch, showsDeleted, type TraceFilter } from "@/features/traces/filter"
import { restoreTraces, useAct } from "@/features/traces/marks"
import { PickedBar } from "@/features/traces/PickedBar"
import { usePicked } from "@/features/traces/picking"
import { QueryHelp } from "@/features/traces/QueryHelp"
import { traces } from "@/features/traces/queries"
import { isRefusal } from "@/features/traces/Refusal"
import { TraceFilters } from "@/features/traces/TraceFilters"
import { TraceList } from "@/features/traces/TraceList"
import { Command, Empty } from "@/ui/Empty"
import { Failure } from "@/ui/Failure"
import { Page } from "@/ui/Page"
import { Skeleton } from "@/ui/Skeleton"
import { Undo } from "@/ui/Undo"
import { count } from "@/ui/words"

const AGAIN_MS = 2_000

export const Route = createFileRoute("/traces/")({
  staticData: { nav: { group: "Data", label: "Traces", order: 2, key: "t" } },
  validateSearch: readTraceSearch,
  loaderDeps: ({ search }) => filterOf(search),
  loader: async ({ context, deps, cause }) => {
    void context.queries.prefetchQuery(traces.page(deps, 0))
    // On another filter the page stays as it is, with the focus where it was, until there is more to show.
    if (cause === "stay") return
    await context.queries.ensureQueryData(traces.facets(deps)).catch((error: unknown) => {
      if (!isRefusal(error)) throw error // a refused query is said under the box
    })
  },
  component: TracesPage,
})

function TracesPage() {
  const search = Route.useSearch()
  const navigate = Route.useNavigate()
  const filter = filterOf(search)
  const facets = useQuery({ ...traces.facets(filter), placeholderData: keepPreviousData })
  const [gone, setGone] = useState<readonly string[]>([])
  const back = useAct(restoreTraces, () => setGone([]))
  return (
    <Page
      title="Traces"
      heading={
        <>
          {showsDeleted(filter) ? "Deleted traces" : "Traces"}{" "}
          <span role="status" className="font-normal text-muted tabular-nums">
            {facets.data && !facets.error && count(facets.data.total)}
          </span>
        </>
      }
    >
      <TraceFilters
        filter={filter}
        onFilter={(change) => void navigate({ search: (old) => filterOf(change(filterOf(old))) })}
      />
      {isRefusal(facets.error) ? (
        <QueryHelp />
      ) : facets.error ? (
        <Failure error={facets.error} retry={() => void facets.refetch()} />
      ) : facets.data ? (
        <Found
          key={`${facets.data.query} ${filter.order}`}
          filter={filterOf({ ...filter, query: facets.data.query ?? "" })}
          total={facets.data.total}
          at={search.at ?? 0}
          onDeleted={(ids) => {
            back.reset()
            setGone(ids)
          }}
        />
      ) : (
        <Skeleton />
      )}
      {gone.length > 0 && (
        <Undo key={gone.join()} onUndo={() => back.mutate(gone)} onEnd={() => setGone([])}>
          {back.error?.message ?? `${count(gone.length)} ${gone.length === 1 ? "trace" : "traces"} deleted.`}
        </Undo>
      )}
    </Page>
  )
}

interface FoundProps {
  filter: TraceFilter
  total: number
  at: number
  onDeleted: (ids: readonly string[]) => void
}

function Found({ filter, total, at, onDeleted }: FoundProps) {
  const navigate = Route.useNavigate()
  const picked = usePicked(filter)
  const [said, setSaid] = useState("")
  const unindexed = useUnindexed(filter)
  const deleted = showsDeleted(filter)
  return (
    <>
      {unindexed > 0 && (
        <p role="note" className="border-b border-line bg-info-bg px-4 py-1.5 text-sm text-info">
          The {count(unindexed)} newest traces are not in the search index yet; they are found in a moment.
        </p>
      )}
      {total > 0 ? (
        <TraceList
          filter={filter}
          total={total}
          at={at}
          picked={picked}
          onOpen={(id, row) =>
            void navigate({ to: "/traces/$id", params: { id }, search: { ...filter, at: row } })
          }
        />
      ) : (
        <Nothing filter={filter} deleted={deleted} />
      )}
      <p
        role="status"
        className="shrink-0 border-line text-sm text-muted not-empty:border-t not-empty:px-4 not-empty:py-1.5"
      >
        {said}
      </p>
      {picked.ids.size > 0 && (
        <PickedBar
          ids={[...picked.ids]}
          deleted={deleted}
          onClear={picked.clear}
          onSaid={setSaid}
          onDeleted={(ids) => {
            picked.clear()
            onDeleted(ids)
          }}
        />
      )}
    </>
  )
}

/** How many traces the search does not see yet; while there are some it is asked again. */
function useUnindexed(filter: TraceFilter): number {
  const queries = useQueryClient()
  const { data } = useQuery({
    ...traces.page(filter, 0),
    refetchInterval: ({ state }) => (state.data?.unindexed ? AGAIN_MS : false),
  })
  const unindexed = data?.unindexed ?? 0
  const waiting = unindexed > 0
  useEffect(() => {
    if (!waiting) return undefined
    return () => {
      for (const what of ["facets", "page"]) void queries.invalidateQueries({ queryKey: ["traces", what] })
    }
  }, [waiting, queries])
  return unindexed
}

function Nothing({ filter, deleted }: { filter: TraceFilter; deleted: boolean }) {
  if (deleted)
    return <Empty title="No deleted trace matches">What is deleted waits here until it is purged.</Empty>
  if (filter.query)
    return <Empty title="No trace matches">Take a filter away, or search for other words.</Empty>
  return (
    <Empty title="No traces yet">
      <Link to="/import" className="link">
        Import some from a file
      </Link>
      , or let a model write them.
      <Command>tunix-rt traces import FILE.jsonl</Command>
    </Empty>
  )
}
