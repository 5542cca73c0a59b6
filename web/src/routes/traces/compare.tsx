/** Two traces side by side: where they part, and which words differ. */
import { useQuery } from "@tanstack/react-query"
import { createFileRoute, Link } from "@tanstack/react-router"
import { useEffect, useMemo, useState } from "react"
import { ChoosePair } from "@/features/traces/ChoosePair"
import { Pair, rowsOf } from "@/features/traces/Pair"
import { type Comparison, traces } from "@/features/traces/queries"
import { Crumbs } from "@/ui/Crumbs"
import { useKeys } from "@/ui/keys"
import { Page } from "@/ui/Page"

interface Search {
  a?: string
  b?: string
  only?: "changes"
}

export const Route = createFileRoute("/traces/compare")({
  validateSearch: (search: Record<string, unknown>): Search => ({
    ...(typeof search.a === "string" && search.a ? { a: search.a } : {}),
    ...(typeof search.b === "string" && search.b ? { b: search.b } : {}),
    ...(search.only === "changes" ? { only: "changes" } : {}),
  }),
  loaderDeps: ({ search: { a, b } }) => ({ a, b }),
  loader: ({ context: { queries }, deps: { a, b } }) => {
    if (!a || !b) return undefined
    void queries.prefetchQuery(traces.verdicts(a))
    void queries.prefetchQuery(traces.verdicts(b))
    return queries.ensureQueryData(traces.pair(a, b))
  },
  component: ComparePage,
})

function ComparePage() {
  const { a = "", b = "", only } = Route.useSearch()
  const navigate = Route.useNavigate()
  const pair = useQuery({ ...traces.pair(a, b), enabled: a !== "" && b !== "" })
  const list = (
    <Link to="/traces" className="hover:underline">
      Traces
    </Link>
  )
  const heading = <Crumbs list={list}>Compare</Crumbs>
  if (!pair.data)
    return (
      <Page title="Compare traces" heading={heading}>
        <ChoosePair a={a} b={b} onChoose={(a, b) => void navigate({ search: { a, b } })} />
      </Page>
    )
  const actions = (
    <>
      <button
        type="button"
        className="btn"
        onClick={() => void navigate({ search: (old) => ({ ...old, a: b, b: a }) })}
      >
        Swap
      </button>
      <button
        type="button"
        className="btn"
        aria-pressed={only === "changes"}
        onClick={() =>
          void navigate({
            search: { a, b, ...(only ? {} : { only: "changes" as const }) },
            replace: true,
          })
        }
      >
        Only differences
      </button>
    </>
  )
  return (
    <Page title="Compare traces" heading={heading} actions={actions}>
      <Reader key={`${a} ${b}`} pair={pair.data} onlyChanges={only === "changes"} />
    </Page>
  )
}

function Reader({ pair, onlyChanges }: { pair: Comparison; onlyChanges: boolean }) {
  const { data: left } = useQuery(traces.verdicts(pair.base.id))
  const { data: right } = useQuery(traces.verdicts(pair.other.id))
  const rows = useMemo(() => rowsOf(pair), [pair])
  const [current, setCurrent] = useState(-1)
  const verdicts = useMemo(() => [left, right] as const, [left, right])
  const walk = (to: number): void => setCurrent(to < 0 ? current : to)
  useKeys({
    n: () => walk(rows.findIndex((row, at) => at > current && !row.same)),
    p: () => walk(rows.findLastIndex((row, at) => at < current && !row.same)),
  })
  useEffect(() => {
    if (current >= 0) document.getElementById(`row-${current}`)?.scrollIntoView({ block: "nearest" })
  }, [current])
  return (
    <div className="min-h-0 flex-1 overflow-auto" tabIndex={0} role="region" aria-label="Comparison">
      <Pair pair={pair} verdicts={verdicts} current={current} onlyChanges={onlyChanges} rows={rows} />
    </div>
  )
}
