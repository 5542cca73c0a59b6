import { type Exam, TRUTHS } from "@/features/observers/queries"
import { why } from "@/features/observers/telling"
import { Badge } from "@/ui/Badge"
import { type Column, Table } from "@/ui/Table"
import { count, moment, percent } from "@/ui/words"

const COLUMNS: readonly Column<Exam>[] = [
  { name: "Result", cell: (exam) => <Badge value={exam.passed ? "pass" : "fail"} /> },
  { name: "Why", cell: (exam) => why(exam) },
  { name: "Share marked", cell: (exam) => percent(exam.coverage), right: true, wide: true },
  { name: "Traces", cell: (exam) => count(exam.traces), right: true, wide: true },
  { name: "Left out", cell: (exam) => count(exam.left_out), right: true, wide: true },
  { name: "Truth", cell: (exam) => TRUTHS[exam.truth], wide: true },
  {
    name: "Sat",
    cell: (exam) => <span className="whitespace-nowrap text-muted">{moment(exam.created_at)}</span>,
    wide: true,
  },
]

/** The exams that an observer sat, newest first. */
export function Exams({ rows }: { rows: readonly Exam[] }) {
  return <Table label="Exams" rows={rows} columns={COLUMNS} keyOf={(exam) => exam.id} />
}
