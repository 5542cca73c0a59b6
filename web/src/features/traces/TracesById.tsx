import { useQueries } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { useState } from "react"
import { traces } from "@/features/traces/queries"
import { More } from "@/ui/More"
import { shortId } from "@/ui/words"

const STEP = 20

/** Traces that something else names, in its order. Each is asked for only when it is shown. */
export function TracesById({ ids }: { ids: readonly string[] }) {
  const [shown, setShown] = useState(STEP)
  const some = ids.slice(0, shown)
  const found = useQueries({ queries: some.map((id) => traces.one(id)) })
  return (
    <>
      <ol aria-label="Traces" className="card divide-y divide-line">
        {some.map((id, index) => {
          const trace = found[index]?.data
          return (
            <li key={id} className="grid min-h-9 grid-cols-[80px_minmax(0,1fr)] items-center gap-3 px-3">
              <Link to="/traces/$id" params={{ id }} preload={false} className="link font-mono text-sm">
                {shortId(id)}
              </Link>
              <span className="truncate text-muted">
                {trace?.payload.prompt ?? (found[index]?.error ? "This trace is no longer stored." : "…")}
              </span>
            </li>
          )
        })}
      </ol>
      <More
        shown={some.length}
        total={ids.length}
        busy={false}
        onMore={shown < ids.length ? () => setShown(shown + STEP * 5) : null}
      />
    </>
  )
}
