import { useQuery } from "@tanstack/react-query"
import { traces } from "@/features/traces/queries"
import { Failure } from "@/ui/Failure"
import { Skeleton } from "@/ui/Skeleton"
import { count } from "@/ui/words"

const MOST = 200_000

/** The record a trace was read from, as it came: text, and nothing but text. */
export function Original({ id, format }: { id: string; format: string }) {
  const record = useQuery(traces.original(id))
  if (record.error) return <Failure error={record.error} retry={() => void record.refetch()} />
  if (record.data === undefined) return <Skeleton />
  const text = record.data
  return (
    <div className="min-h-0 flex-1 overflow-auto p-4" tabIndex={0} role="region" aria-label="Original record">
      <p className="mb-2 text-sm text-muted">
        As it came, in the format <span className="font-mono">{format}</span>: {count(text.length)} characters
        {text.length > MOST && `, the first ${count(MOST)} are shown`}.{" "}
        <a className="link" href={`/api/traces/${id}/original`} download={`trace-${id}.txt`}>
          Download it
        </a>
      </p>
      <pre className="card bg-sunken p-3 font-mono text-sm break-words whitespace-pre-wrap">
        {text.slice(0, MOST)}
      </pre>
    </div>
  )
}
