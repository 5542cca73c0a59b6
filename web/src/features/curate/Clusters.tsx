import { Link } from "@tanstack/react-router"
import type { Cluster } from "@/features/curate/queries"
import { evidenceWords } from "@/features/curate/words"
import { count, shortId } from "@/ui/words"

/** Kept traces with those that were dropped because they say nearly the same. */
export function Clusters({ clusters }: { clusters: readonly Cluster[] }) {
  return (
    <ol aria-label="Clusters" className="flex max-w-4xl flex-col gap-3">
      {clusters.map((cluster) => (
        <li key={cluster.trace_id} className="card p-3">
          <p className="flex flex-wrap items-baseline gap-x-3">
            <span className="text-sm font-medium text-ok">✓ kept</span>
            <Link
              to="/traces/$id"
              params={{ id: cluster.trace_id }}
              className="min-w-0 leading-6 break-words hover:underline"
            >
              {cluster.prompt || shortId(cluster.trace_id)}
            </Link>
            <span className="text-sm text-muted tabular-nums">{count(cluster.size)} alike</span>
          </p>
          <ul className="mt-2 flex flex-col gap-1 border-l-2 border-line pl-3">
            {cluster.members.map((one) => (
              <li
                key={one.trace_id}
                className="grid items-baseline gap-x-4 md:grid-cols-[minmax(0,1fr)_minmax(0,120px)_160px_auto]"
              >
                <Link
                  to="/traces/$id"
                  params={{ id: one.trace_id }}
                  className="truncate leading-6 hover:underline"
                >
                  {one.prompt || shortId(one.trace_id)}
                </Link>
                <span className="truncate font-mono text-sm">{one.final_answer}</span>
                <span className="text-sm text-muted tabular-nums">{evidenceWords(one.evidence)}</span>
                <Link
                  to="/traces/compare"
                  search={{ a: cluster.trace_id, b: one.trace_id }}
                  className="link text-sm leading-6 whitespace-nowrap"
                >
                  side by side
                </Link>
              </li>
            ))}
          </ul>
          {cluster.size - 1 > cluster.members.length && (
            <p className="mt-1 pl-3 text-sm text-muted">
              and {count(cluster.size - 1 - cluster.members.length)} more
            </p>
          )}
        </li>
      ))}
    </ol>
  )
}
