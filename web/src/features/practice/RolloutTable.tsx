import { Link } from "@tanstack/react-router"
import { type Group, groupsOf, rewardsOf } from "@/features/practice/practised"
import type { Rollout } from "@/features/practice/queries"
import { Mark } from "@/ui/Badge"
import { count, number } from "@/ui/words"

interface Props {
  rollouts: readonly Rollout[]
  /** Rollouts of a problem. */
  size: number
  /** Shows one problem alone; null where one is shown alone. */
  onSlot: ((slot: number) => void) | null
}

const RIGHT = "pl-4 text-right tabular-nums whitespace-nowrap"
const WIDE = `${RIGHT} hidden md:table-cell`

/** Rollouts problem by problem: the answer, what it was rewarded with, and what that made of it. */
export function RolloutTable({ rollouts, size, onSlot }: Props) {
  const names = rewardsOf(rollouts)
  return (
    <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="Answers">
      <table className="w-full">
        <thead>
          <tr className="h-9 border-b border-line text-sm text-muted">
            <th scope="col">Answer</th>
            {names.map((name) => (
              <th key={name} scope="col" className={WIDE}>
                {name} reward
              </th>
            ))}
            <th scope="col" className={RIGHT}>
              Reward
            </th>
            <th scope="col" className={RIGHT}>
              Advantage
            </th>
            <th scope="col" className={WIDE}>
              Tokens
            </th>
            <th scope="col" className={WIDE} title="Mean log-probability of its tokens, in nats">
              Log-probability
            </th>
          </tr>
        </thead>
        {groupsOf(rollouts, size).map((group) => (
          <tbody key={group.slot}>
            <tr className="border-b border-line bg-sunken">
              <th scope="rowgroup" colSpan={names.length + 5} className="px-2 py-1.5 font-normal">
                <Problem group={group} onSlot={onSlot} />
              </th>
            </tr>
            {group.rollouts.map((one) => (
              <Line key={one.place} rollout={one} names={names} />
            ))}
          </tbody>
        ))}
      </table>
    </div>
  )
}

function Problem({ group, onSlot }: { group: Group; onSlot: Props["onSlot"] }) {
  return (
    <span className="flex flex-wrap items-baseline gap-x-4">
      <span className="min-w-0 font-medium break-words whitespace-pre-wrap">{group.problem}</span>
      <span className="text-sm text-muted tabular-nums">
        {count(group.right)} of {count(group.rollouts.length)} right
        {group.flat && ", rewards all the same: nothing is learned"}
      </span>
      {onSlot && (
        <button type="button" className="link ml-auto text-sm" onClick={() => onSlot(group.slot)}>
          Only this<span className="sr-only"> problem: {group.problem}</span>
        </button>
      )}
    </span>
  )
}

function Line({ rollout, names }: { rollout: Rollout; names: readonly string[] }) {
  const { advantage } = rollout
  const tone = advantage > 0 ? "text-ok" : advantage < 0 ? "text-bad" : "text-muted"
  return (
    <tr className="h-8 border-b border-line hover:bg-hover">
      <td className="px-2">
        <span className="flex items-baseline gap-2">
          <Mark value={rollout.is_right ? "right" : "wrong"} />
          <Link
            to="/traces/$id"
            params={{ id: rollout.trace_id }}
            className="min-w-0 break-all whitespace-pre-wrap hover:underline"
          >
            {rollout.answer || <span className="text-muted">no answer</span>}
          </Link>
          {!rollout.ended && <span className="text-sm whitespace-nowrap text-warn">cut off</span>}
        </span>
      </td>
      {names.map((name) => (
        <td key={name} className={WIDE}>
          {shown(rollout.rewards[name])}
        </td>
      ))}
      <td className={RIGHT}>{shown(rollout.reward)}</td>
      <td className={`${RIGHT} ${tone}`}>
        {advantage > 0 && "+"}
        {shown(advantage)}
      </td>
      <td className={WIDE}>{count(rollout.tokens)}</td>
      <td className={WIDE}>{rollout.logp.toFixed(4)}</td>
    </tr>
  )
}

function shown(value: number | undefined): string {
  return value === undefined ? "–" : number(value)
}
