import { useMutation, useQueryClient } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { type FormEvent, useState } from "react"
import { ingest } from "@/features/intake/queries"
import { Failure } from "@/ui/Failure"
import { term } from "@/ui/query"
import { count } from "@/ui/words"

/** A file that lies on the server already, under a folder that it allows; its format is recognised. */
export function ServerFile() {
  const queries = useQueryClient()
  const [path, setPath] = useState("")
  const [source, setSource] = useState("")
  const named = source.trim() || (path.trim().split("/").at(-1) ?? "").slice(0, 200)
  const take = useMutation({
    mutationFn: async (order: { path: string; source: string }) => ({
      ...(await ingest(order.path, order.source)),
      source: order.source,
    }),
    onSettled: () => queries.invalidateQueries({ queryKey: ["traces"] }),
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (path.trim() && named) take.mutate({ path: path.trim(), source: named })
  }
  return (
    <>
      {take.error && <Failure title="Nothing was imported" error={take.error} />}
      {take.data && (
        <p role="status" className="mb-4">
          {count(take.data.ingested_count)} traces are stored.{" "}
          <Link to="/traces" search={{ query: term("source", take.data.source) }} className="link">
            Show the traces of {take.data.source}
          </Link>
        </p>
      )}
      <form onSubmit={submit} className="flex max-w-2xl flex-col gap-3">
        <label className="flex flex-col gap-1">
          <span className="text-sm text-muted">Path on the server, under a folder it allows</span>
          <input
            className="field font-mono text-sm"
            maxLength={4096}
            value={path}
            onChange={(event) => setPath(event.target.value)}
          />
        </label>
        <label className="flex flex-col gap-1">
          <span className="text-sm text-muted">Source, a name to find them by</span>
          <input
            className="field"
            maxLength={200}
            placeholder={named}
            value={source}
            onChange={(event) => setSource(event.target.value)}
          />
        </label>
        <button type="submit" className="btn self-start" disabled={!path.trim() || take.isPending}>
          {take.isPending ? "Reading…" : "Import"}
        </button>
      </form>
    </>
  )
}
