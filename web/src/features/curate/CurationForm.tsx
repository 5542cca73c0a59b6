import { useMutation, useQueryClient } from "@tanstack/react-query"
import { type FormEvent, useState } from "react"
import { type Curation, type NewCuration, type Stage, startCuration } from "@/features/curate/queries"
import { StageList } from "@/features/curate/StageList"
import { draftStage, draftStages, stagesOf } from "@/features/curate/stages"
import { Labelled } from "@/ui/Labelled"
import { Refused } from "@/ui/Refused"

interface Props {
  known: readonly Stage[]
  /** Names of suites, to be held out. */
  suites: readonly string[]
  query: string
  /** The pipeline of an earlier curation, to begin with. */
  before?: Curation["pipeline"] | undefined
  onStarted: (run: string) => void
}

const USUAL = ["verified", "exact-dedup"]

/** A pipeline to run: its stages, its chance, and whether it is only tried. */
export function CurationForm({ known, suites: names, query, before, onStarted }: Props) {
  const suites = names.map((name) => ({ name, note: "" }))
  const [stages, setStages] = useState(() =>
    before
      ? draftStages(before.stages, known, suites)
      : known
          .filter((one) => USUAL.includes(one.name))
          .sort((one, other) => USUAL.indexOf(one.name) - USUAL.indexOf(other.name))
          .map((one, id) => draftStage(id, one, suites)),
  )
  const [isDry, setDry] = useState(true)
  const [unfinished, setUnfinished] = useState("")
  const queries = useQueryClient()
  const start = useMutation({
    mutationFn: startCuration,
    onSuccess: async ({ run_id }) => {
      await queries.invalidateQueries({ queryKey: ["curate", "list"] })
      onStarted(run_id)
    },
  })
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const written = stagesOf(stages, known, suites)
    setUnfinished(typeof written === "string" ? written : "")
    if (typeof written === "string") return
    start.mutate(curationOf(new FormData(event.currentTarget), { query, written, isDry }))
  }
  return (
    <form onSubmit={submit} aria-label="Pipeline" className="mt-3 flex max-w-5xl flex-col gap-4">
      <StageList known={known} suites={suites} stages={stages} onStages={setStages} />
      <div className="grid grid-cols-2 items-end gap-3 sm:grid-cols-4">
        <Labelled label="Name">
          <input
            name="name"
            required
            maxLength={200}
            className="field"
            defaultValue={before?.name ?? "curation"}
          />
        </Labelled>
        <Labelled label="Seed of every chance">
          <input
            name="seed"
            type="number"
            min={0}
            max={Number.MAX_SAFE_INTEGER}
            className="field"
            defaultValue={before?.seed ?? 0}
          />
        </Labelled>
        <Labelled label="Keep at most (all, if empty)">
          <input name="limit" type="number" min={1} className="field" defaultValue={before?.limit ?? ""} />
        </Labelled>
        {isDry && (
          <Labelled label="Look at about (all, if empty)">
            <input name="sample" type="number" min={1} className="field" />
          </Labelled>
        )}
      </div>
      <label className="flex min-h-7 items-center gap-2">
        <input type="checkbox" checked={isDry} onChange={({ target }) => setDry(target.checked)} />
        <span>
          Dry run <span className="text-muted">decides the same; nothing can be frozen from it</span>
        </span>
      </label>
      <Refused error={unfinished || start.error} />
      <button type="submit" className="btn self-start" disabled={start.isPending}>
        {isDry ? "Try it" : "Run it"}
      </button>
    </form>
  )
}

interface Rest {
  query: string
  written: NewCuration["pipeline"]["stages"]
  isDry: boolean
}

function curationOf(form: FormData, { query, written, isDry }: Rest): NewCuration {
  const number = (name: string): number => Number(form.get(name) || 0)
  return {
    pipeline: {
      name: String(form.get("name") ?? "").trim(),
      filter: query,
      stages: written,
      seed: number("seed"),
      limit: number("limit") || null,
    },
    dry_run: isDry,
    sample: (isDry && number("sample")) || null,
  }
}
