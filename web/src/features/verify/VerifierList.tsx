import type { Verifier } from "@/features/verify/queries"
import { Section } from "@/ui/Page"
import { type Column, Table } from "@/ui/Table"

const KINDS = [
  ["answer", "Verifiers of answers", "the expected answer decides which one is asked"],
  ["steps", "Verifiers of steps", "a claim that was fully understood and is false makes a step wrong"],
  ["warning", "Detectors", "what a person should look at; they never make a verdict"],
] as const

const COLUMNS: readonly Column<Verifier>[] = [
  { name: "Name", cell: (one) => <span className="font-mono text-sm">{one.name}</span> },
  { name: "Version", cell: (one) => <span className="font-mono text-sm">{one.version}</span> },
  { name: "What it does", cell: (one) => <Said>{one.summary}</Said> },
]

/** Everything that judges here, with its version. */
export function VerifierList({ verifiers }: { verifiers: readonly Verifier[] }) {
  return KINDS.map(([subject, title, note]) => (
    <Section key={subject} title={title} note={note}>
      <Table
        label={title}
        rows={verifiers.filter((one) => one.subject === subject)}
        columns={COLUMNS}
        keyOf={(one) => one.name}
      />
    </Section>
  ))
}

/** A summary as it stands in the source: what is between backticks is code. */
function Said({ children }: { children: string }) {
  return children.split("`").map((part, index) =>
    index % 2 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: a part is its place
      <code key={index} className="font-mono text-sm">
        {part}
      </code>
    ) : (
      part
    ),
  )
}
