/** An item of an exam laid over its clean twin: what stands there, and what stood there before. */
import { diffWordsWithSpace } from "diff"
import type { ExamItem } from "@/features/exams/queries"

export interface Part {
  text: string
  /** Both have it, only the twin had it, only the item has it. */
  side: "both" | "was" | "now"
}

export interface ShownStep {
  key: string
  type: string
  parts: Part[]
  /** The error was planted here; other steps that changed follow from it. */
  planted: boolean
}

/** Longer steps are not compared word by word. */
const LONGEST = 20_000
const PATIENCE_MS = 100

/** The steps in order; one that was dropped stands where it stood. */
export function stepsOf(item: ExamItem): ShownStep[] {
  if (item.kind === "dropped_step")
    return item.clean.steps.map((step, place) => ({
      key: `${place}`,
      type: step.type,
      parts: [{ text: step.content, side: place === item.step ? "was" : "both" }],
      planted: place === item.step,
    }))
  return item.steps.map((step, place) => ({
    key: `${place}`,
    type: step.type,
    parts: compared(item.clean.steps[place]?.content ?? "", step.content),
    planted: place === item.step,
  }))
}

/** Two texts as one, with what is only in the one or the other. */
export function compared(was: string, now: string): Part[] {
  if (was === now) return [{ text: now, side: "both" }]
  const short = was.length + now.length <= LONGEST
  const parts = short ? diffWordsWithSpace(was, now, { timeout: PATIENCE_MS }) : undefined
  if (!parts)
    return [
      { text: was, side: "was" },
      { text: now, side: "now" },
    ]
  return parts.map((part) => ({
    text: part.value,
    side: part.added ? "now" : part.removed ? "was" : "both",
  }))
}
