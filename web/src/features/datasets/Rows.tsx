import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { datasets, type Row, type Version } from "@/features/datasets/queries"
import { Mark } from "@/ui/Badge"
import { Failure } from "@/ui/Failure"
import { More } from "@/ui/More"
import { Skeleton } from "@/ui/Skeleton"
import { count, number } from "@/ui/words"

interface Props {
  version: Version
  split: string | undefined
  onSplit: (split: string | undefined) => void
}

/** The rows of a version in their order, of one split or of all. */
export function Rows({ version, split, onSplit }: Props) {
  const found = useInfiniteQuery({
    ...datasets.rows(version.dataset_key, split),
    placeholderData: keepPreviousData,
  })
  const rows = found.data?.pages.flatMap((page) => page.data) ?? []
  const choices = [undefined, ...version.splits.map((one) => one.name)]
  const total = version.splits.find((one) => one.name === split)?.rows ?? version.trace_count
  return (
    <>
      {choices.length > 2 && (
        <fieldset className="mb-2 flex flex-wrap gap-1">
          <legend className="sr-only">Split</legend>
          {choices.map((one) => (
            <button
              key={one ?? "all"}
              type="button"
              className="btn"
              aria-pressed={split === one}
              onClick={() => onSplit(one)}
            >
              {one ?? "All"}
            </button>
          ))}
        </fieldset>
      )}
      {found.error && <Failure error={found.error} retry={() => void found.refetch()} />}
      {found.isPending && <Skeleton rows={6} />}
      {rows.length > 0 && (
        <>
          <ol aria-label="Traces" className="card divide-y divide-line">
            {rows.map((row) => (
              <Line key={row.place} row={row} />
            ))}
          </ol>
          <More
            shown={rows.length}
            total={total}
            busy={found.isFetchingNextPage}
            onMore={found.hasNextPage ? () => void found.fetchNextPage() : null}
          />
        </>
      )}
    </>
  )
}

function Line({ row }: { row: Row }) {
  return (
    <li className="grid min-h-9 grid-cols-[44px_16px_minmax(0,1fr)] items-center gap-3 px-3 hover:bg-hover md:grid-cols-[52px_16px_minmax(0,1fr)_minmax(0,160px)_80px_64px_64px]">
      <span className="text-right text-sm text-muted tabular-nums">{count(row.place + 1)}</span>
      <Mark value={row.verdict} />
      <Link to="/traces/$id" params={{ id: row.trace_id }} className="truncate hover:underline">
        {row.prompt}
      </Link>
      <span className="hidden truncate font-mono text-sm md:block" title={row.final_answer}>
        {row.final_answer}
      </span>
      <span className="hidden text-sm text-muted md:block">{row.split}</span>
      <span className="hidden text-right text-sm text-muted tabular-nums md:block">
        {row.step_count} {row.step_count === 1 ? "step" : "steps"}
      </span>
      <span className="hidden text-right text-sm text-muted tabular-nums md:block">
        {row.weight === 1 ? "" : `× ${number(row.weight)}`}
      </span>
    </li>
  )
}
