import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { useState } from "react"
import type { Practice } from "@/features/practice/practised"
import { practice, type Which } from "@/features/practice/queries"
import { RolloutTable } from "@/features/practice/RolloutTable"
import { RoundBar } from "@/features/practice/RoundBar"
import { Failure } from "@/ui/Failure"
import { More } from "@/ui/More"
import { term } from "@/ui/query"
import { Skeleton } from "@/ui/Skeleton"
import { count } from "@/ui/words"

interface Props {
  id: string
  active: boolean
  how: Practice
  /** The round and the problem that are asked for; without a round, the newest when it is opened. */
  shown: Partial<Which>
  onShown: (which: Which) => void
}

/** What a model practised, a round at a time. */
export function Rollouts({ id, active, how, shown, onShown }: Props) {
  const {
    data: newest,
    error,
    refetch,
  } = useQuery({
    ...practice.newest(id, active),
    placeholderData: keepPreviousData,
  })
  const [opened, setOpened] = useState<number | null>(null)
  if (error) return <Failure error={error} retry={() => void refetch()} />
  if (!newest) return <Skeleton rows={6} />
  if (newest.round === null)
    return (
      <p className="text-muted">
        {active ? "The first rollouts come with the first round." : "It ended before its first round."}
      </p>
    )
  // The round one reads stays, however many come after it.
  if (opened === null) setOpened(newest.round)
  const round = Math.min(shown.round ?? opened ?? newest.round, newest.round)
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-x-4 gap-y-2">
        <RoundBar
          round={round}
          newest={newest.round}
          iterations={how.iterations}
          onRound={(next) => onShown({ round: next })}
        />
        {shown.slot !== undefined && (
          <button type="button" className="btn" onClick={() => onShown({ round })}>
            One problem <span aria-hidden>✕</span>
            <span className="sr-only">, show all of the round</span>
          </button>
        )}
        <Link to="/traces" search={{ query: term("source", `rollouts/${id}`) }} className="link ml-auto">
          All {count(newest.total)} as traces
        </Link>
      </div>
      <Round id={id} which={{ round, slot: shown.slot }} size={how.group} onShown={onShown} />
    </>
  )
}

interface RoundProps {
  id: string
  which: Which
  size: number
  onShown: (which: Which) => void
}

function Round({ id, which, size, onShown }: RoundProps) {
  const list = useInfiniteQuery({ ...practice.round(id, which, size), placeholderData: keepPreviousData })
  if (list.error) return <Failure error={list.error} retry={() => void list.refetch()} />
  if (!list.data) return <Skeleton rows={6} />
  const rows = list.data.pages.flatMap((page) => page.data)
  if (rows.length === 0) return <p className="text-muted">This round has no such problem.</p>
  return (
    <>
      <RolloutTable
        rollouts={rows}
        size={size}
        onSlot={which.slot === undefined ? (slot) => onShown({ ...which, slot }) : null}
      />
      <More
        shown={rows.length}
        busy={list.isFetchingNextPage}
        onMore={list.hasNextPage ? () => void list.fetchNextPage() : null}
      />
    </>
  )
}
