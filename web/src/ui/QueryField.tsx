import { useQuery } from "@tanstack/react-query"
import { useId, useState } from "react"
import { ApiError, ask, http } from "@/api/client"
import { count } from "@/ui/words"

interface Props {
  label: string
  /** The name of the field in its form. */
  name?: string
}

/** A query inside a form, and how many traces it finds; what is wrong with it is said beneath. */
export function QueryField({ label, name = "query" }: Props) {
  const [query, setQuery] = useState("")
  const told = useId()
  const facets = useQuery({
    queryKey: ["traces", "facets", query],
    queryFn: async ({ signal }) => ({
      query,
      ...(await ask(http.GET("/api/traces/facets", { signal, params: { query: query ? { query } : {} } }))),
    }),
  })
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label className="text-sm text-muted" htmlFor={`${told}-query`}>
        {label}
      </label>
      <input
        id={`${told}-query`}
        name={name}
        maxLength={2000}
        autoComplete="off"
        spellCheck={false}
        placeholder="all, or: source:gsm8k verdict:right"
        aria-invalid={facets.error !== null}
        aria-describedby={told}
        className="field font-mono text-sm aria-invalid:border-bad"
        onBlur={(event) => setQuery(event.target.value.trim())}
      />
      <p id={told} role="status" className={`min-h-5 text-sm ${facets.error ? "text-bad" : "text-muted"}`}>
        {facets.data && `${count(facets.data.total)} ${facets.data.total === 1 ? "trace" : "traces"}`}
        {facets.error?.message} {facets.error instanceof ApiError && facets.error.hint}
      </p>
    </div>
  )
}
