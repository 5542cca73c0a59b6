import { useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { type Trace, traces } from "@/features/traces/queries"
import { term } from "@/ui/query"
import { count } from "@/ui/words"

/** What stands around a trace: other answers to its prompt, and the datasets that hold it. */
export function Around({ trace }: { trace: Trace }) {
  const query = term("group", trace.group ?? "")
  const facets = useQuery({ ...traces.facets({ query }), enabled: trace.group !== null })
  const others = Math.max(0, (facets.data?.total ?? 1) - (trace.deleted_at ? 0 : 1))
  return (
    <>
      {others > 0 && (
        <p className="mt-5">
          <Link to="/traces" search={{ query }} className="link">
            {count(others)} other {others === 1 ? "answer" : "answers"} to this prompt
          </Link>
        </p>
      )}
      {trace.datasets.length > 0 && (
        <>
          <h2 className="mt-5 mb-2 font-semibold">Datasets that hold it</h2>
          <ul className="flex flex-col gap-1 text-sm">
            {trace.datasets.map((key) => (
              <li key={key}>
                <Link to="/datasets/$key" params={{ key }} className="link font-mono break-all">
                  {key}
                </Link>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}
