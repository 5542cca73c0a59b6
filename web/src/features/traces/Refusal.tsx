import { ApiError } from "@/api/client"
import { placeOf } from "@/ui/query"

/** Why the server does not take a query, with the place it stumbled over. */
export function Refusal({ id, error, query }: { id: string; error: ApiError; query: string }) {
  const at = placeOf(error.message, query)
  const end = at === null ? 0 : at + Math.max(1, query.slice(at).search(/\s|$/))
  return (
    <div id={id} role="alert" className="border-b border-bad bg-bad-bg px-4 py-2 text-sm">
      {at !== null && (
        <p className="overflow-x-auto font-mono whitespace-pre">
          {query.slice(0, at)}
          <mark className="mark-wrong" data-place={at}>
            {query.slice(at, end) || "␣"}
          </mark>
          {query.slice(end)}
        </p>
      )}
      <p className="break-words">
        <span className="font-semibold text-bad">{error.message.replace(/\.?$/, ".")}</span> {error.hint}
      </p>
    </div>
  )
}

/** The query itself is refused, not the question: the box must say so, not the page. */
export function isRefusal(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status === 422
}
