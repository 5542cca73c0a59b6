/** What a run's config and result say of practising, and how rollouts fall into groups. */
import type { Finding, Rollout } from "@/features/practice/queries"

/** How a run practises. */
export interface Practice {
  /** Rollouts of a problem. */
  group: number
  /** Steps taken on the rollouts of a round. */
  iterations: number
}

/** How a run practises; null for a run that does not. */
export function practiceOf({ kind, config }: { kind: string; config: unknown }): Practice | null {
  const recipe = part(config, "recipe")
  if (kind !== "train" || record(config).dry_run === true || recipe.method !== "grpo") return null
  const { group, iterations } = part(recipe, "grpo")
  return { group: whole(group) ?? 1, iterations: whole(iterations) ?? 1 }
}

/** A model on held-out problems. */
export interface Measured {
  problems: number
  greedy: number
  sampled: number
  entropy: number
  varied: number
  ended: number
  tokens: number
  /** 95% intervals; a run that still works has none. */
  greedy_low?: number
  greedy_high?: number
  sampled_low?: number
  sampled_high?: number
}

export interface Outcome {
  advice: string | null
  before: Measured | null
  after: Measured | null
  /** Why it stopped before its last step. */
  stopped: string | null
  /** The step whose weights it left. */
  best: number | null
}

/** What came of practising, as far as it is known: a run that still works knows how it began. */
export function outcomeOf(result: unknown): Outcome {
  const { advice, readiness, practised } = record(result)
  const { before, after, stopped, best_step } = record(practised)
  return {
    advice: typeof advice === "string" ? advice : null,
    before: measured(before) ?? measured(readiness),
    after: measured(after),
    stopped: typeof stopped === "string" ? stopped : null,
    best: whole(best_step),
  }
}

/** The answers to one problem of a round. */
export interface Group {
  slot: number
  problem: string
  rollouts: Rollout[]
  right: number
  /** Whether all have one reward, so that nothing is learned; null while some are not shown yet. */
  flat: boolean | null
}

export function groupsOf(rollouts: readonly Rollout[], size: number): Group[] {
  const bySlot = new Map<number, Rollout[]>()
  for (const one of rollouts) bySlot.set(one.slot, [...(bySlot.get(one.slot) ?? []), one])
  return [...bySlot].map(([slot, own]) => ({
    slot,
    problem: own[0]?.problem ?? "",
    rollouts: own,
    right: own.filter((one) => one.is_right).length,
    flat: own.length < size ? null : own.every((one) => one.reward === own[0]?.reward),
  }))
}

/** The rewards that have columns of their own: those that say more than their sum. */
export function rewardsOf(rollouts: readonly Rollout[]): string[] {
  const names = [...new Set(rollouts.flatMap((one) => Object.keys(one.rewards)))]
  const own = names.filter((name) => name !== "right") // it has a mark
  const [only] = own
  const same = own.length === 1 && rollouts.every((one) => one.rewards[only as string] === one.reward)
  return same ? [] : own
}

/** What a finding means, and what can be done: the same as the guide says. */
export const SIGNS: Record<Finding["sign"], { harm: "waste" | "drift" | "misled"; act: string }> = {
  flat_groups: {
    harm: "waste",
    act: 'Easier or harder problems, larger groups, a reward for steps, or flat_groups = "drop".',
  },
  trained_share: {
    harm: "waste",
    act: 'Easier or harder problems, larger groups, a reward for steps, or flat_groups = "drop".',
  },
  truncated: { harm: "waste", act: "Raise max_new_tokens, or reward length." },
  length_drift: { harm: "drift", act: "Read some: padding is rewarded, or thinking was lost." },
  entropy_jump: { harm: "drift", act: "Lower the learning rate, or set beta." },
  kl_jump: { harm: "drift", act: "Lower the learning rate, or set beta." },
  reward_without_right: { harm: "misled", act: "A reward is won without being right: weigh it less." },
  wrong_rewarded: { harm: "misled", act: "A reward is won without being right: weigh it less." },
  repeated_answer: {
    harm: "misled",
    act: "One answer is given to many problems: read the rewards of these rollouts.",
  },
}

function measured(value: unknown): Measured | null {
  const found = record(value)
  const needed = ["problems", "greedy", "sampled", "entropy", "varied", "ended", "tokens"]
  return needed.every((name) => typeof found[name] === "number") ? (found as unknown as Measured) : null
}

function whole(value: unknown): number | null {
  return Number.isInteger(value) ? (value as number) : null
}

function part(value: unknown, name: string): Record<string, unknown> {
  return record(record(value)[name])
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {}
}
