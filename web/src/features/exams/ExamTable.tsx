import { Link } from "@tanstack/react-router"
import { kindWords } from "@/features/exams/kinds"
import type { Exam } from "@/features/exams/queries"
import { Short } from "@/ui/Facts"
import { type Column, Table } from "@/ui/Table"
import { count, moment } from "@/ui/words"

const COLUMNS: readonly Column<Exam>[] = [
  {
    name: "Name",
    cell: (exam) => (
      <Link to="/exams/$name" params={{ name: exam.name }} className="font-medium hover:underline">
        {exam.name}
      </Link>
    ),
  },
  { name: "Items", cell: (exam) => count(exam.items), right: true },
  {
    name: "Errors",
    cell: (exam) => [...new Set(exam.kinds.map((one) => kindWords(one.kind)))].join(", "),
    wide: true,
  },
  { name: "Digest", cell: (exam) => <Short>{exam.digest}</Short>, wide: true },
  {
    name: "Made",
    cell: (exam) => <span className="whitespace-nowrap text-muted">{moment(exam.created_at)}</span>,
  },
]

/** Exams, newest first. */
export function ExamTable({ rows }: { rows: readonly Exam[] }) {
  return <Table label="Exams" rows={rows} columns={COLUMNS} keyOf={(exam) => exam.name} />
}
