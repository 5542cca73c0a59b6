import { Link } from "@tanstack/react-router"
import type { Decision } from "@/features/curate/queries"
import { evidenceWords } from "@/features/curate/words"
import { number, shortId } from "@/ui/words"

/** What was said of each trace, with what shows it. */
export function Decisions({ decisions }: { decisions: readonly Decision[] }) {
  return (
    <ol aria-label="Decisions" className="card divide-y divide-line">
      {decisions.map((one) => (
        <li key={one.trace_id} className="grid gap-x-4 gap-y-1 px-3 py-2 md:grid-cols-[minmax(0,1fr)_280px]">
          <div className="min-w-0">
            <Link
              to="/traces/$id"
              params={{ id: one.trace_id }}
              className="block break-words hover:underline"
            >
              {one.prompt || shortId(one.trace_id)}
            </Link>
            <span className="block font-mono text-sm break-words text-muted">{one.final_answer}</span>
          </div>
          <div className="min-w-0 text-sm">
            <Said one={one} />
          </div>
        </li>
      ))}
    </ol>
  )
}

/** Kept as what, or dropped by which stage and why. */
export function Said({ one }: { one: Decision }) {
  if (one.kept)
    return (
      <span className="tabular-nums">
        <span className="font-medium text-ok">✓ kept</span>
        {one.place !== null && <span className="text-muted"> as number {one.place + 1}</span>}
        {one.weight !== null && one.weight !== 1 && (
          <span className="text-muted">, weight {number(one.weight)}</span>
        )}
        {one.part !== null && <span className="text-muted">, part {one.part + 1}</span>}
      </span>
    )
  const evidence = evidenceWords(one.evidence)
  return (
    <>
      <span className="font-medium text-bad">✕ {one.reason}</span>
      <span className="text-muted"> by {one.stage}</span>
      {evidence && <span className="block break-words text-muted">{evidence}</span>}
      {one.twin_id && (
        <span className="block">
          <span className="text-muted">kept instead:</span>{" "}
          <Link to="/traces/$id" params={{ id: one.twin_id }} className="link font-mono">
            {shortId(one.twin_id)}
          </Link>{" "}
          <Link
            to="/traces/compare"
            search={{ a: one.trace_id, b: one.twin_id }}
            className="link whitespace-nowrap"
          >
            side by side
          </Link>
        </span>
      )}
    </>
  )
}
