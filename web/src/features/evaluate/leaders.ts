/** The leaderboard's order and what may be said of it: nothing that the intervals do not carry. */
import type { Leader } from "@/features/evaluate/queries"
import { percent } from "@/ui/words"

export interface Suite {
  name: string
  leaders: Leader[]
}

export interface Bounds {
  low?: number
  high?: number
}

/** Scores of different suites are not comparable, so each has a table of its own. */
export function bySuite(leaders: readonly Leader[]): Suite[] {
  const names = [...new Set(leaders.map((leader) => leader.suite))].sort()
  return names.map((name) => ({
    name,
    leaders: leaders
      .filter((leader) => leader.suite === name)
      .sort((one, other) => other.primary_score - one.primary_score),
  }))
}

/** The suite that was measured last. */
export function newest(suites: readonly Suite[]): Suite | undefined {
  const last = (suite: Suite): string =>
    suite.leaders
      .map((leader) => leader.evaluated_at)
      .sort()
      .at(-1) ?? ""
  return [...suites].sort((one, other) => last(other).localeCompare(last(one)))[0]
}

export function bounds(leader: Leader): Bounds {
  const { ci_low: low, ci_high: high } = leader.metrics
  return typeof low === "number" && typeof high === "number" ? { low, high } : {}
}

/** The first two in one sentence. Overlap proves nothing, so it is called what it is. */
export function sentence([first, second]: readonly Leader[]): string {
  if (!first) return ""
  if (!second) return `${first.model_id} answers ${percent(first.primary_score)} right.`
  const [best, next] = [bounds(first), bounds(second)]
  const lead = `${((first.primary_score - second.primary_score) * 100).toFixed(1)} points`
  if (best.low === undefined || next.high === undefined)
    return `${first.model_id} is ${lead} ahead of ${second.model_id}; there are no intervals to judge that by.`
  if (best.low > next.high)
    return `${first.model_id} is ${lead} ahead of ${second.model_id}: their 95% intervals do not touch.`
  return `This table cannot separate ${first.model_id} from ${second.model_id}: their 95% intervals overlap.`
}
