/** What a dry run found, as its run's result holds it. */
import { isRecord } from "@/features/train/recipe"

export interface DryRun {
  /** Whether every row was looked at. */
  complete: boolean
  numbers: {
    rows: number
    trained_rows: number
    tokens: number
    trained_tokens: number
    lengths: { median: number; p95: number; longest: number } | null
    cut: { rows: number; answers: number }
  }
  proofs: { name: string; ok: boolean; says: string; broken: number }[]
  parameters: number
  trained_parameters: number
  layout: string | null
  shapes: { lines: number; width: number }[]
  steps: number | null
  tokens: number | null
  useful_share: number | null
  memory: Memory | null
  tried: Tried | null
  tried_round: {
    sample_seconds: number
    judge_seconds: number
    answer_tokens: number
    ended: number
  } | null
  seconds: number | null
  practice: {
    problems: number
    held_out: number
    watched: number
    rounds: number
    rollouts: number
    longest_prompt: number
    new_tokens: number
  } | null
  warnings?: string[]
  left_out: string[]
}

/** Bytes on a device at the height of a step. */
export interface Memory {
  weights: number
  gradients: number
  optimizer: number
  activations: number
  cache: number
  total: number
  compiled: number | null
  room: number | null
  fits: boolean | null
  advice: string | null
}

/** A step on the longest batch. */
export interface Tried {
  lines: number
  width: number
  loss: number
  compile_seconds: number
  step_seconds: number
  checkpoint_bytes: number
  restored: boolean
  device: string
}

/** What a run's result says of a dry run; null where there was none, or no row could be rendered. */
export function dryRunOf(result: unknown): DryRun | null {
  const found = isRecord(result) ? result.dry_run : null
  const whole = isRecord(found) && isRecord(found.numbers) && Array.isArray(found.left_out)
  return whole ? (found as unknown as DryRun) : null
}
