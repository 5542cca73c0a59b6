import { useMutation, useQueryClient } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { type FormEvent, useState } from "react"
import { type Summary, startVerify, unjudged } from "@/features/verify/queries"
import { Problem } from "@/ui/Problem"
import { withTerm } from "@/ui/query"
import { count } from "@/ui/words"

interface Props {
  query: string
  summary: Summary | undefined
  onQueued: (run: string) => void
}

/** Has the chosen traces judged: what nobody has judged, or all of it once more. */
export function VerifyForm({ query, summary, onQueued }: Props) {
  const queries = useQueryClient()
  const [what, setWhat] = useState({ answers: true, steps: true, again: false })
  const start = useMutation({
    mutationFn: startVerify,
    onSuccess: async ({ run_id }) => {
      await queries.invalidateQueries({ queryKey: ["runs"] })
      onQueued(run_id)
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    start.mutate({ query, ...what })
  }
  const choice = (name: keyof typeof what, words: string) => (
    <label className="flex min-h-7 items-center gap-2">
      <input
        type="checkbox"
        checked={what[name]}
        onChange={({ target }) => setWhat((old) => ({ ...old, [name]: target.checked }))}
      />
      {words}
    </label>
  )
  const total = summary?.total
  return (
    <form onSubmit={submit} className="mt-3 flex flex-wrap items-center gap-x-4 gap-y-2">
      {choice("answers", "Answers")}
      {choice("steps", "Steps")}
      {choice("again", "Also what these verifiers have judged already")}
      <button type="submit" className="btn" disabled={start.isPending || !(what.answers || what.steps)}>
        Verify
      </button>
      {total && (
        <p role="status" className="basis-full text-sm text-muted">
          Of these traces{" "}
          <Link to="/traces" search={{ query: withTerm(query, "verdict", "none") }} className="link">
            {count(unjudged(total, "answers"))} have no verdict
          </Link>{" "}
          on their answer and {count(unjudged(total, "steps"))} none on their steps. What an older version of
          a verifier judged is judged again.
        </p>
      )}
      <Problem error={start.error} />
    </form>
  )
}
