import { useMutation, useQueryClient } from "@tanstack/react-query"
import { type FormEvent, type ReactNode, useState } from "react"
import { ApiError } from "@/api/client"
import { createJob, type Job, type NewJob } from "@/features/tune/queries"
import { SpaceLines } from "@/features/tune/SpaceLines"
import { type Line, spaceOf } from "@/features/tune/space"

/** What a trial can be judged by, and which way is better. */
const METRICS: readonly (readonly [string, NewJob["metric_mode"]])[] = [
  ["answer_correctness", "max"],
  ["primary_score", "max"],
  ["loss", "min"],
  ["final_loss", "min"],
  ["tokens_per_second", "max"],
]
const FIRST: Line = {
  id: 0,
  name: "learning_rate",
  kind: "loguniform",
  min: "0.0001",
  max: "0.01",
  values: "",
}

interface Props {
  datasets: readonly string[]
  suites: readonly string[]
  onCreated: (job: Job) => void
}

/** A job is kept first and started on its own page. */
export function NewJobForm({ datasets, suites, onCreated }: Props) {
  const queries = useQueryClient()
  const [lines, setLines] = useState<Line[]>([FIRST])
  const [unfinished, setUnfinished] = useState("")
  const create = useMutation({
    mutationFn: createJob,
    onSuccess: async (job) => {
      await queries.invalidateQueries({ queryKey: ["tuning"] })
      onCreated(job)
    },
  })
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const search_space = spaceOf(lines)
    setUnfinished(typeof search_space === "string" ? search_space : "")
    if (typeof search_space !== "string") create.mutate({ ...fieldsOf(form), search_space })
  }
  return (
    <form onSubmit={submit} className="flex max-w-2xl flex-col gap-5">
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label="Name">
          <input name="name" required maxLength={256} className="field" />
        </Field>
        <Field label="Dataset">
          <select name="dataset_key" required className="field">
            {datasets.map((key) => (
              <option key={key}>{key}</option>
            ))}
          </select>
        </Field>
        <Field label="Base model: nano, or a folder on the server">
          <input name="base_model_id" required maxLength={256} defaultValue="nano" className="field" />
        </Field>
        <Field label="Looks for">
          <select name="metric" className="field">
            {METRICS.map(([metric, mode]) => (
              <option key={metric} value={`${mode} ${metric}`}>
                {mode === "max" ? "highest" : "lowest"} {metric}
              </option>
            ))}
          </select>
        </Field>
        <Field label="Suite">
          <select name="suite" className="field">
            <option value="">The newest one</option>
            {suites.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </Field>
        <Field label="Seed">
          <input name="seed" type="number" min={0} max={2147483647} defaultValue={0} className="field" />
        </Field>
        <Field label="Trials">
          <input name="num_samples" type="number" min={1} max={100} defaultValue={8} className="field" />
        </Field>
        <Field label="At once">
          <input
            name="max_concurrent_trials"
            type="number"
            min={1}
            max={10}
            defaultValue={1}
            className="field"
          />
        </Field>
      </div>
      <SpaceLines lines={lines} onLines={setLines} />
      {(unfinished || create.error) && (
        <p role="alert" className="text-bad">
          {unfinished || create.error?.message}
          {!unfinished && create.error instanceof ApiError && create.error.hint && ` ${create.error.hint}`}
        </p>
      )}
      <button type="submit" className="btn self-start" disabled={create.isPending}>
        Create the job
      </button>
    </form>
  )
}

function Field({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is its child
    <label className="flex min-w-0 flex-col gap-1">
      <span className="text-sm text-muted">{label}</span>
      {children}
    </label>
  )
}

function fieldsOf(form: FormData): Omit<NewJob, "search_space"> {
  const text = (name: string): string => String(form.get(name) ?? "").trim()
  const [mode, metric_name = ""] = text("metric").split(" ")
  return {
    name: text("name"),
    dataset_key: text("dataset_key"),
    base_model_id: text("base_model_id"),
    metric_name,
    metric_mode: mode === "min" ? "min" : "max",
    num_samples: Number(text("num_samples")),
    max_concurrent_trials: Number(text("max_concurrent_trials")),
    seed: Number(text("seed")),
    ...(text("suite") ? { suite: text("suite") } : {}),
  }
}
