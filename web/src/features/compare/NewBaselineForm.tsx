import { useMutation, useQueryClient } from "@tanstack/react-query"
import { type FormEvent, useState } from "react"
import { named } from "@/features/compare/CheckRun"
import { type Evaluated, METRICS, setBaseline } from "@/features/compare/queries"

/** Names what a run reached. A name that is taken moves to this run. */
export function NewBaselineForm({ evaluated }: { evaluated: readonly Evaluated[] }) {
  const queries = useQueryClient()
  const [name, setName] = useState("")
  const [chosen, setChosen] = useState(evaluated[0]?.evaluation_id ?? "")
  const [metric, setMetric] = useState<string>(METRICS[0])
  const [only, setOnly] = useState(true)
  const put = useMutation({
    mutationFn: setBaseline,
    onSuccess: () => queries.invalidateQueries({ queryKey: ["gates"] }),
  })
  const found = evaluated.find((one) => one.evaluation_id === chosen)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (!found || !name.trim()) return
    const suite = only ? { eval_set: found.suite } : {}
    put.mutate({ name: name.trim(), run_id: found.run_id, metric, ...suite })
  }
  const label = "flex min-w-0 flex-col gap-1 text-sm text-muted"
  const field = "field max-w-full text-base text-fg"
  return (
    <form onSubmit={submit} className="flex flex-wrap items-end gap-3">
      <label className={label}>
        Name
        <input
          className={field}
          maxLength={256}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      <label className={label}>
        What this run reached
        <select className={field} value={chosen} onChange={(event) => setChosen(event.target.value)}>
          {evaluated.map((one) => (
            <option key={one.evaluation_id} value={one.evaluation_id}>
              {named(one)}
            </option>
          ))}
        </select>
      </label>
      <label className={label}>
        Metric
        <select className={field} value={metric} onChange={(event) => setMetric(event.target.value)}>
          {METRICS.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      </label>
      <label className="flex min-h-7 items-center gap-2">
        <input type="checkbox" checked={only} onChange={(event) => setOnly(event.target.checked)} />
        Only on {found?.suite ?? "its suite"}
      </label>
      <button type="submit" className="btn" disabled={!name.trim() || !found || put.isPending}>
        Set baseline
      </button>
      <p role="status" className="basis-full text-sm text-muted empty:hidden">
        {put.data && `${put.data.name} is set.`}
      </p>
      {put.error && (
        <p role="alert" className="basis-full text-sm text-bad">
          {put.error.message}
        </p>
      )}
    </form>
  )
}
