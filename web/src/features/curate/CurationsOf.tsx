import { useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { Said } from "@/features/curate/Decisions"
import { curations } from "@/features/curate/queries"

/** Which curations kept a trace or dropped it, and why. Nothing, where none has looked at it. */
export function CurationsOf({ trace }: { trace: string }) {
  const { data } = useQuery(curations.ofTrace(trace))
  if (!data || data.data.length === 0) return null
  return (
    <>
      <h2 className="mt-5 mb-2 font-semibold">Curations</h2>
      <ul aria-label="Curations" className="flex flex-col gap-2 border-l-2 border-line pl-3 text-sm">
        {data.data.map((one) => (
          <li key={one.run_id} className="min-w-0">
            <Link to="/curate/$id" params={{ id: one.run_id }} className="link break-words">
              {one.name}
            </Link>
            {one.dry_run && <span className="text-muted"> dry run</span>}
            <span className="block">
              <Said one={one.decision} />
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}
