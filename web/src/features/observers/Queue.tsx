import { useInfiniteQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { observers, type Ranked } from "@/features/observers/queries"
import { Badge } from "@/ui/Badge"
import { Failure } from "@/ui/Failure"
import { More } from "@/ui/More"
import { Skeleton } from "@/ui/Skeleton"
import { type Column, Table } from "@/ui/Table"
import { percent } from "@/ui/words"

const COLUMNS: readonly Column<Ranked>[] = [
  { name: "Likely wrong", cell: (row) => percent(row.probability), right: true },
  { name: "Verdict", cell: (row) => <Badge value={row.verdict} /> },
  {
    name: "Trace",
    cell: (row) => (
      <Link to="/traces/$id" params={{ id: row.trace_id }} className="line-clamp-2 hover:underline">
        {row.prompt}
      </Link>
    ),
  },
  {
    name: "Answer",
    cell: (row) => <span className="line-clamp-1 max-w-48 break-all">{row.final_answer}</span>,
    wide: true,
  },
]

/** What an observer ranked, the likeliest wrong first: to be looked at, not verdicts. */
export function Queue({ name, total }: { name: string; total: number }) {
  const list = useInfiniteQuery(observers.ranking(name))
  if (list.error) return <Failure error={list.error} retry={() => void list.refetch()} />
  if (!list.data) return <Skeleton rows={6} />
  const rows = list.data.pages.flatMap((page) => page.data)
  if (rows.length === 0) return <p className="text-muted">It has ranked no traces yet.</p>
  return (
    <>
      <Table label="Ranking" rows={rows} columns={COLUMNS} keyOf={(row) => row.trace_id} />
      <More
        shown={rows.length}
        total={total}
        busy={list.isFetchingNextPage}
        onMore={list.hasNextPage ? () => void list.fetchNextPage() : null}
      />
    </>
  )
}
