import type { Job, Space } from "@/features/tune/queries"
import { shown } from "@/features/tune/trials"
import { Facts } from "@/ui/Facts"
import { NodeLink } from "@/ui/NodeLink"
import { lasted, moment } from "@/ui/words"

/** What a job looks for, in which space, and what drives it. */
export function JobFacts({ job }: { job: Job }) {
  return (
    <div className="grid gap-x-10 gap-y-3 md:grid-cols-2">
      <Facts
        facts={[
          ["Looks for", `the ${job.metric_mode === "max" ? "highest" : "lowest"} ${job.metric_name}`],
          ["Trials", `${job.num_samples}, ${job.max_concurrent_trials} at once`],
          ["Seed", job.seed],
          ["Base model", job.base_model_id],
          ["Dataset", <NodeLink key="d" node={{ kind: "dataset", id: job.dataset_key, label: "" }} />],
          ["Suite", job.suite],
          ["Driven by", job.run_id && <NodeLink key="r" node={{ kind: "run", id: job.run_id, label: "" }} />],
          ["Created", moment(job.created_at)],
          ["Took", job.started_at ? lasted(job.started_at, job.completed_at) : null],
        ]}
      />
      <Facts
        facts={Object.entries(job.search_space_json).map(([name, dimension]) => [name, between(dimension)])}
      />
    </div>
  )
}

function between(dimension: Space[string]): string {
  if (dimension.type === "choice" && dimension.values.length === 1)
    return `always ${shown(dimension.values[0])}`
  if (dimension.type === "choice") return `one of ${dimension.values.map(shown).join(", ")}`
  const way = { loguniform: ", by orders of magnitude", uniform: "", randint: ", whole" }[dimension.type]
  return `${shown(dimension.min)} to ${shown(dimension.max)}${way}`
}
