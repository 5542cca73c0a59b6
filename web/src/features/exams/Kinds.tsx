import { KINDS, kindWords } from "@/features/exams/kinds"
import type { Exam } from "@/features/exams/queries"
import { type Column, Table } from "@/ui/Table"
import { count } from "@/ui/words"

type Row = Exam["kinds"][number]

const COLUMNS: readonly Column<Row>[] = [
  { name: "Error", cell: (row) => <span className="whitespace-nowrap">{kindWords(row.kind)}</span> },
  { name: "What it is", cell: (row) => <span className="text-muted">{KINDS[row.kind]}</span>, wide: true },
  { name: "Computed on", cell: (row) => (row.propagated ? "yes" : "no") },
  { name: "Items", cell: (row) => count(row.items), right: true },
]

/** What an exam is made of. */
export function Kinds({ exam }: { exam: Exam }) {
  return (
    <Table
      label="Errors of the exam"
      rows={exam.kinds}
      columns={COLUMNS}
      keyOf={(row) => `${row.kind} ${row.propagated}`}
    />
  )
}
