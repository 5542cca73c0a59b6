import {
  type InfiniteData,
  keepPreviousData,
  type UseInfiniteQueryResult,
  useInfiniteQuery,
} from "@tanstack/react-query"
import type { ReactNode } from "react"
import { Clusters } from "@/features/curate/Clusters"
import { Decisions } from "@/features/curate/Decisions"
import { Hits } from "@/features/curate/Hits"
import { type Curation, curations, isOpen } from "@/features/curate/queries"
import { Failure } from "@/ui/Failure"
import { More } from "@/ui/More"
import { Skeleton } from "@/ui/Skeleton"

/** Which traces of a curation are shown: those dropped, unless another side is chosen. */
export interface Shown {
  side?: "kept" | "clusters" | "hits"
  /** Of the dropped ones, by whom and why. */
  stage?: string
  reason?: string
}

interface Props {
  curation: Curation
  shown: Shown
  onShown: (shown: Shown) => void
}

const SIDES = {
  dropped: "Dropped",
  kept: "Kept",
  clusters: "Near duplicates",
  hits: "Contamination",
} as const

/** What was decided of single traces, from four sides. */
export function Choices({ curation, shown, onShown }: Props) {
  const { side = "dropped", stage, reason } = shown
  const open = isOpen(curation.status)
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <fieldset className="flex flex-wrap gap-1">
          <legend className="sr-only">Which traces</legend>
          {(Object.keys(SIDES) as (keyof typeof SIDES)[]).map((one) => (
            <button
              key={one}
              type="button"
              className="btn"
              aria-pressed={side === one}
              onClick={() => onShown(one === "dropped" ? {} : { side: one })}
            >
              {SIDES[one]}
            </button>
          ))}
        </fieldset>
        {side === "dropped" && (stage || reason) && (
          <button type="button" className="btn" onClick={() => onShown({})}>
            {[stage, reason].filter(Boolean).join(": ")} <span aria-hidden>✕</span>
            <span className="sr-only">, show all that were dropped</span>
          </button>
        )}
      </div>
      {(side === "dropped" || side === "kept") && (
        <Decided id={curation.run_id} open={open} kept={side === "kept"} stage={stage} reason={reason} />
      )}
      {side === "clusters" && <Alike id={curation.run_id} open={open} />}
      {side === "hits" && <Contaminated id={curation.run_id} open={open} />}
    </>
  )
}

interface DecidedProps {
  id: string
  open: boolean
  kept: boolean
  stage: string | undefined
  reason: string | undefined
}

function Decided({ id, open, kept, stage, reason }: DecidedProps) {
  const which = kept ? { kept } : { kept, ...(stage ? { stage } : {}), ...(reason ? { reason } : {}) }
  const list = useInfiniteQuery({
    ...curations.decisions(id, which, open),
    placeholderData: keepPreviousData,
  })
  return (
    <Listed list={list} nothing={kept ? "No trace was kept." : "No trace was dropped."}>
      {(rows) => <Decisions decisions={rows} />}
    </Listed>
  )
}

function Alike({ id, open }: { id: string; open: boolean }) {
  const list = useInfiniteQuery(curations.clusters(id, open))
  return (
    <Listed list={list} nothing="No trace was dropped as a duplicate.">
      {(rows) => <Clusters clusters={rows} />}
    </Listed>
  )
}

function Contaminated({ id, open }: { id: string; open: boolean }) {
  const list = useInfiniteQuery(curations.hits(id, open))
  return (
    <Listed list={list} nothing="No trace was found to hold an item that is held out.">
      {(rows) => <Hits hits={rows} />}
    </Listed>
  )
}

interface ListedProps<Row> {
  list: UseInfiniteQueryResult<InfiniteData<{ data: Row[] }>>
  nothing: string
  children: (rows: Row[]) => ReactNode
}

function Listed<Row>({ list, nothing, children }: ListedProps<Row>) {
  if (list.error) return <Failure error={list.error} retry={() => void list.refetch()} />
  if (!list.data) return <Skeleton rows={6} />
  const rows = list.data.pages.flatMap((page) => page.data)
  if (rows.length === 0) return <p className="text-muted">{nothing}</p>
  return (
    <>
      {children(rows)}
      <More
        shown={rows.length}
        busy={list.isFetchingNextPage}
        onMore={list.hasNextPage ? () => void list.fetchNextPage() : null}
      />
    </>
  )
}
