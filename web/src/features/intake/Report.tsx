import { Link } from "@tanstack/react-router"
import type { Rejected, Sent } from "@/features/intake/sending"
import { term } from "@/ui/query"
import { type Column, Table } from "@/ui/Table"
import { count } from "@/ui/words"

const COLUMNS: readonly Column<Rejected>[] = [
  { name: "Line", cell: (one) => <span className="tabular-nums">{count(one.line)}</span> },
  { name: "Why", cell: (one) => <span className="break-words">{one.reason}</span> },
]

/** What became of the lines of a file: how many are new, and which are no traces and why. */
export function Report({ sent, source, stopped }: { sent: Sent; source: string; stopped: boolean }) {
  return (
    <section className="mb-6">
      <h2 className="mb-2 font-semibold">{stopped ? "Stopped" : "Done"}</h2>
      <p role="status">
        {count(sent.added)} {sent.added === 1 ? "trace" : "traces"} added, {count(sent.known)} known already,{" "}
        {count(sent.rejected)} {sent.rejected === 1 ? "line" : "lines"} refused.
        {stopped && " What was stored stays."}
      </p>
      {sent.added + sent.known > 0 && (
        <p className="mt-2">
          <Link to="/traces" search={{ query: term("source", source) }} className="link">
            Show the traces of {source}
          </Link>
        </p>
      )}
      {sent.examples.length > 0 && (
        <div className="mt-4">
          <h3 className="mb-1 font-medium">
            Refused lines{" "}
            {sent.rejected > sent.examples.length && (
              <span className="font-normal text-muted">
                the first {count(sent.examples.length)} of {count(sent.rejected)}
              </span>
            )}
          </h3>
          <Table
            label="Refused lines"
            rows={sent.examples}
            columns={COLUMNS}
            keyOf={(one) => String(one.line)}
          />
        </div>
      )}
    </section>
  )
}
