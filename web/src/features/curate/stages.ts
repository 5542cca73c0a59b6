/** Stages as a form holds them, in order, and as the server takes them. */
import type { Curation, Stage } from "@/features/curate/queries"
import { configOf, type Draft, draftOf, type Field, fieldsOf, type Option } from "@/ui/options"

export interface StageDraft {
  /** Its own, so that a stage stays itself when others are moved. */
  id: number
  name: string
  draft: Draft
}

type Written = Curation["pipeline"]["stages"][number]

/** The fields of a stage's options. */
export function fieldsOfStage(stage: Stage, suites: readonly Option[]): Field[] {
  return fieldsOf(stage.options, { offered: { suites }, lists: true })
}

/** A stage with what was asked of it; what was not is as the stage has it. */
export function draftStage(
  id: number,
  stage: Stage,
  suites: readonly Option[],
  options: Written["options"] = {},
): StageDraft {
  return { id, name: stage.name, draft: draftOf(fieldsOfStage(stage, suites), options) }
}

/** The stages of an earlier pipeline; one that is no longer there is left out. */
export function draftStages(
  written: readonly Written[],
  known: readonly Stage[],
  suites: readonly Option[],
): StageDraft[] {
  return written.flatMap(({ stage, options }, id) => {
    const found = known.find((one) => one.name === stage)
    return found ? [draftStage(id, found, suites, options)] : []
  })
}

/** What is sent; or what is not finished, and in which stage. */
export function stagesOf(
  drafts: readonly StageDraft[],
  known: readonly Stage[],
  suites: readonly Option[],
): Written[] | string {
  const written: Written[] = []
  for (const [place, { name, draft }] of drafts.entries()) {
    const stage = known.find((one) => one.name === name)
    const options = stage ? configOf(fieldsOfStage(stage, suites), draft) : {}
    if (typeof options === "string") return `Stage ${place + 1}, ${name}: ${options}`
    written.push({ stage: name, options: options as Written["options"] })
  }
  return written
}

/** The same with one of them moved by a place. */
export function moved(drafts: readonly StageDraft[], place: number, by: -1 | 1): StageDraft[] {
  const next = [...drafts]
  const [one] = next.splice(place, 1)
  if (one) next.splice(place + by, 0, one)
  return next
}
