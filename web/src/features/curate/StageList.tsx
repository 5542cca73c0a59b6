import { useState } from "react"
import type { Stage } from "@/features/curate/queries"
import { draftStage, fieldsOfStage, moved, type StageDraft } from "@/features/curate/stages"
import { OptionFields } from "@/ui/OptionFields"
import { configOf, type Option } from "@/ui/options"

interface Props {
  known: readonly Stage[]
  suites: readonly Option[]
  stages: readonly StageDraft[]
  onStages: (stages: StageDraft[]) => void
}

/** Stages in order: added, taken out, moved, each with its options. */
export function StageList({ known, suites, stages, onStages }: Props) {
  const [next, setNext] = useState("verified")
  const stage = known.find((one) => one.name === next) ?? known[0]
  const add = (): void => {
    if (stage)
      onStages([...stages, draftStage(Math.max(-1, ...stages.map((one) => one.id)) + 1, stage, suites)])
  }
  return (
    <fieldset className="min-w-0">
      <legend className="pb-1 text-sm text-muted">Stages, in this order</legend>
      {stages.length === 0 && <p className="pb-2 text-muted">Without a stage every trace is kept.</p>}
      <ol aria-label="Stages" className="flex flex-col gap-2">
        {stages.map((one, place) => (
          <StageCard
            key={one.id}
            one={one}
            place={place}
            last={place === stages.length - 1}
            stage={known.find(({ name }) => name === one.name)}
            suites={suites}
            onDraft={(draft) =>
              onStages(stages.map((other) => (other.id === one.id ? { ...one, draft } : other)))
            }
            onMove={(by) => onStages(moved(stages, place, by))}
            onRemove={() => onStages(stages.filter((other) => other.id !== one.id))}
          />
        ))}
      </ol>
      <div className="mt-2 flex flex-wrap items-center gap-2">
        <select
          aria-label="Stage to add"
          className="field"
          value={stage?.name}
          onChange={({ target }) => setNext(target.value)}
        >
          {known.map((one) => (
            <option key={one.name}>{one.name}</option>
          ))}
        </select>
        <button type="button" className="btn" onClick={add}>
          Add
        </button>
        <span className="min-w-0 text-sm text-muted">{stage?.summary}</span>
      </div>
    </fieldset>
  )
}

interface CardProps {
  one: StageDraft
  place: number
  last: boolean
  stage: Stage | undefined
  suites: readonly Option[]
  onDraft: (draft: StageDraft["draft"]) => void
  onMove: (by: -1 | 1) => void
  onRemove: () => void
}

function StageCard({ one, place, last, stage, suites, onDraft, onMove, onRemove }: CardProps) {
  const fields = stage ? fieldsOfStage(stage, suites) : []
  const config = configOf(fields, one.draft)
  const changed = typeof config === "string" ? config : saidWords(config)
  const name = `${place + 1}, ${one.name}`
  return (
    <li className="card min-w-0">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-1.5">
        <span className="text-muted tabular-nums">{place + 1}</span>
        <span className="font-medium">{one.name}</span>
        <span className="min-w-0 flex-1 text-sm break-words text-muted">{changed || stage?.summary}</span>
        <span className="flex gap-1">
          <button
            type="button"
            className="btn"
            aria-label={`Move stage ${name} up`}
            disabled={place === 0}
            onClick={() => onMove(-1)}
          >
            ↑
          </button>
          <button
            type="button"
            className="btn"
            aria-label={`Move stage ${name} down`}
            disabled={last}
            onClick={() => onMove(1)}
          >
            ↓
          </button>
          <button type="button" className="btn" aria-label={`Take stage ${name} out`} onClick={onRemove}>
            ✕
          </button>
        </span>
      </div>
      {fields.length > 0 && (
        <details className="border-t border-line px-3 py-1.5">
          <summary className="w-fit text-sm text-muted">Options of {one.name}</summary>
          <div className="grid items-start gap-3 py-2 sm:grid-cols-2 lg:grid-cols-3">
            <OptionFields fields={fields} draft={one.draft} onDraft={onDraft} />
          </div>
        </details>
      )}
    </li>
  )
}

function saidWords(config: Record<string, unknown>): string {
  return Object.entries(config)
    .map(([name, value]) => `${name} = ${JSON.stringify(value)}`)
    .join(", ")
}
