import { useMutation, useQueryClient } from "@tanstack/react-query"
import { type FormEvent, useState } from "react"
import { askOf } from "@/features/judges/asked"
import { askJudge } from "@/features/judges/queries"
import { Labelled } from "@/ui/Labelled"
import { Problem } from "@/ui/Problem"

interface Props {
  query: string
  onQueued: (run: string) => void
}

const PROVIDERS = [
  ["openai", "openai: a server with OpenAI's chat completions"],
  ["rediai", "rediai: RediAI's /generate"],
  ["jax", "jax: a checkpoint on the server"],
] as const

/** A rubric, a model, and how often it is asked about each of the chosen traces. */
export function AskForm({ query, onQueued }: Props) {
  const queries = useQueryClient()
  const [unfinished, setUnfinished] = useState("")
  const start = useMutation({
    mutationFn: askJudge,
    onSuccess: async ({ run_id }) => {
      await queries.invalidateQueries({ queryKey: ["judges"] })
      onQueued(run_id)
    },
  })
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const config = askOf(new FormData(event.currentTarget))
    setUnfinished(typeof config === "string" ? config : "")
    if (typeof config !== "string") start.mutate({ query, config })
  }
  const number = (name: string, label: string, first: number | "", more: object = {}) => (
    <Labelled label={label}>
      <input name={name} type="number" defaultValue={first} className="field w-full" {...more} />
    </Labelled>
  )
  return (
    <form onSubmit={submit} className="mt-3 flex max-w-3xl flex-col gap-4">
      <div className="grid gap-3 sm:grid-cols-2">
        <Labelled label="Name of the rubric: small letters, digits, . _ -">
          <input
            name="name"
            required
            maxLength={40}
            pattern="[a-z0-9][a-z0-9._\-]*"
            placeholder="plan"
            className="field"
          />
        </Labelled>
        <Labelled label="What is judged">
          <select name="subject" className="field">
            <option value="answer">the answer</option>
            <option value="steps">the steps</option>
          </select>
        </Labelled>
      </div>
      <Labelled label="Question: the problem and the solution are put behind it">
        <textarea
          name="question"
          required
          minLength={10}
          maxLength={20_000}
          placeholder="You are a careful mathematics teacher. Is each step justified by the problem and the steps before it?"
          className="field min-h-24 py-1"
        />
      </Labelled>
      <label className="flex min-h-7 items-center gap-2">
        <input type="checkbox" name="show_expected" />
        Tell the judge the expected answer
      </label>
      <div className="grid gap-3 sm:grid-cols-2">
        <Labelled label="Where the model runs">
          <select name="provider" className="field">
            {PROVIDERS.map(([name, words]) => (
              <option key={name} value={name}>
                {words}
              </option>
            ))}
          </select>
        </Labelled>
        <Labelled label="Model: a name, or for jax a folder">
          <input name="model" maxLength={4096} className="field" />
        </Labelled>
      </div>
      <div className="grid grid-cols-2 gap-3 sm:grid-cols-5">
        {number("votes", "Votes", 1, { min: 1, max: 25, required: true })}
        {number("temperature", "Temperature", 0, { min: 0, max: 10, step: "any", required: true })}
        {number("seed", "Seed", 0, { min: 0, max: 2 ** 30 - 1, required: true })}
        {number("max_new_tokens", "Most tokens", 512, { min: 16, max: 32_768, required: true })}
        {number("limit", "Only the oldest", "", { min: 1, placeholder: "all" })}
      </div>
      <Labelled label="More of the provider's config (JSON)">
        <textarea
          name="more"
          spellCheck={false}
          placeholder='{"base_url": "http://localhost:8000/v1", "response_format": {"type": "json_object"}}'
          className="field min-h-7 py-1 font-mono text-sm"
        />
      </Labelled>
      <Problem error={unfinished ? new Error(unfinished) : start.error} />
      <button type="submit" className="btn self-start" disabled={start.isPending}>
        Ask
      </button>
    </form>
  )
}
