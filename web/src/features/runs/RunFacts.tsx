import { Progress } from "@/features/runs/Progress"
import type { Run } from "@/features/runs/queries"
import { Facts } from "@/ui/Facts"
import { NodeLink } from "@/ui/NodeLink"
import { lasted, metric, moment } from "@/ui/words"

/** What a run is, how far it is, what went in and what came out. */
export function RunFacts({ run }: { run: Run }) {
  const metrics = Object.entries(run.last_metrics ?? {})
  return (
    <div className="grid gap-x-10 gap-y-3 md:grid-cols-2">
      <Facts
        facts={[
          ["Kind", run.kind],
          [
            "Progress",
            run.progress && run.status !== "completed" ? <Progress key="progress" run={run} /> : null,
          ],
          ["Doing", run.status === "running" ? run.progress?.text : null],
          ["Left", run.status === "running" ? left(run) : null],
          ["Created", moment(run.created_at)],
          ["Took", run.started_at ? lasted(run.started_at, run.completed_at) : null],
          ["Waits for", run.after.length > 0 ? <Runs key="after" runs={run.after} /> : null],
          ["Priority", run.priority || null],
          ["Device", run.device],
          ["Taken by", run.held_by.length > 0 ? <Runs key="held" runs={run.held_by} /> : null],
          ["Attempt", run.attempt > 1 ? run.attempt : null],
          ["Exit code", run.exit_code],
          ["Model", run.model_id],
          [
            "Dataset",
            run.dataset_key && (
              <NodeLink key="dataset" node={{ kind: "dataset", id: run.dataset_key, label: "" }} />
            ),
          ],
          [
            "Folder",
            <span key="folder" className="font-mono break-all">
              {run.folder}
            </span>,
          ],
        ]}
      />
      <Facts
        facts={[
          ["From", run.inputs.length > 0 ? <Nodes key="from" nodes={run.inputs} /> : null],
          ["Made", run.outputs.length > 0 ? <Nodes key="made" nodes={run.outputs} /> : null],
          ...metrics.map(([name, value]) => [name.replaceAll("_", " "), shown(name, value)] as const),
        ]}
      />
    </div>
  )
}

function Runs({ runs }: { runs: readonly string[] }) {
  return (
    <ul>
      {runs.map((id) => (
        <li key={id}>
          <NodeLink node={{ kind: "run", id, label: id.slice(-8) }} />
        </li>
      ))}
    </ul>
  )
}

function Nodes({ nodes }: { nodes: Run["inputs"] }) {
  return (
    <ul>
      {nodes.map((node) => (
        <li key={`${node.kind}/${node.id}`}>
          <span className="text-muted">{node.kind}</span> <NodeLink node={node} />
        </li>
      ))}
    </ul>
  )
}

function shown(name: string, value: unknown): string {
  return typeof value === "number" ? metric(name, value) : String(value)
}

/** As long again per unit as it took so far; said only once there is something to go by. */
function left(run: Run): string | null {
  const { progress, started_at } = run
  if (!progress?.total || !started_at || progress.done <= 0) return null
  const spent = Date.now() - Date.parse(started_at)
  const ends = Date.now() + (spent / progress.done) * (progress.total - progress.done)
  return `about ${lasted(new Date().toISOString(), new Date(ends).toISOString())}`
}
