import type { Look } from "@/features/intake/looking"
import { type Column, Table } from "@/ui/Table"
import { count } from "@/ui/words"

type Row = Look["rows"][number] & Keyed
type Problem = Look["problems"][number] & Keyed

/** A record may hold several traces, and have several problems. */
interface Keyed {
  key: number
}

const MOST_PROBLEMS = 50

const clipped = (text: string) => <span className="block max-w-80 truncate">{text.slice(0, 300)}</span>

const ROWS: readonly Column<Row>[] = [
  { name: "Row", cell: ({ row }) => count(row) },
  { name: "Prompt", cell: ({ trace }) => clipped(trace.prompt) },
  { name: "Steps", cell: ({ trace }) => count(trace.steps.length), right: true },
  { name: "First step", cell: ({ trace }) => clipped(trace.steps[0]?.content ?? "–"), wide: true },
  { name: "Answer", cell: ({ trace }) => clipped(trace.final_answer) },
]

const PROBLEMS: readonly Column<Problem>[] = [
  { name: "Row", cell: ({ row }) => (row === null ? "–" : count(row)) },
  { name: "Column", cell: ({ column }) => <span className="font-mono text-sm">{column ?? "–"}</span> },
  { name: "Why", cell: ({ reason }) => <span className="break-words">{reason}</span> },
]

/** What an import would store, and what it would refuse. Nothing is stored yet. */
export function Looked({ look }: { look: Look }) {
  const { records, traces, rejected, cut } = look
  return (
    <section className="mt-6 flex flex-col gap-4">
      <div>
        <h2 className="font-semibold">What would be stored</h2>
        <p role="status">
          {cut
            ? `The first ${count(records)} records`
            : `${count(records)} ${records === 1 ? "record" : "records"}`}
          {look.format && look.format !== "mapped" && `, read as ${look.format}`}: {count(traces)}{" "}
          {traces === 1 ? "trace" : "traces"}, {count(rejected)} refused.
        </p>
      </div>
      {look.rows.length > 0 && (
        <Table label="First traces" rows={keyed(look.rows)} columns={ROWS} keyOf={keyOf} />
      )}
      {look.problems.length > 0 && (
        <div>
          <h3 className="mb-1 font-medium">What would be refused</h3>
          <Table
            label="Problems"
            rows={keyed(look.problems.slice(0, MOST_PROBLEMS))}
            columns={PROBLEMS}
            keyOf={keyOf}
          />
          {look.problems.length > MOST_PROBLEMS && (
            <p className="mt-1 text-sm text-muted">
              The first {MOST_PROBLEMS} of {count(rejected)} are shown.
            </p>
          )}
        </div>
      )}
    </section>
  )
}

function keyed<Thing>(things: readonly Thing[]): (Thing & Keyed)[] {
  return things.map((thing, key) => ({ ...thing, key }))
}

function keyOf({ key }: Keyed): string {
  return String(key)
}
