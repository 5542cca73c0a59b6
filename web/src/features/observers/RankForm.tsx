import { useMutation } from "@tanstack/react-query"
import type { FormEvent } from "react"
import { rank } from "@/features/observers/queries"
import { QueryField } from "@/ui/QueryField"
import { Refused } from "@/ui/Refused"

/** Has the observer say of more traces how likely they are wrong. */
export function RankForm({ name, onQueued }: { name: string; onQueued: (run: string) => void }) {
  const order = useMutation({
    mutationFn: (filter: string) => rank(name, filter),
    onSuccess: ({ run_id }) => onQueued(run_id),
  })
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    order.mutate(String(new FormData(event.currentTarget).get("query") ?? "").trim())
  }
  return (
    <form onSubmit={submit} aria-label="Rank traces" className="flex max-w-3xl flex-col gap-2">
      <QueryField label="Rank these traces" />
      <Refused error={order.error} />
      <button type="submit" className="btn self-start" disabled={order.isPending}>
        Rank them
      </button>
    </form>
  )
}
