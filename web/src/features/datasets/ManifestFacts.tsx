import type { Manifest } from "@/features/datasets/queries"
import { Facts, Json, Short } from "@/ui/Facts"
import { NodeLink } from "@/ui/NodeLink"
import { bytes, count, moment } from "@/ui/words"

/** What was frozen: how many, chosen how, from what, and how long the traces are. */
export function ManifestFacts({ manifest }: { manifest: Manifest }) {
  const { stats, training_run_id: run, parent_dataset_id: parent } = manifest
  return (
    <>
      <div className="grid gap-x-10 gap-y-3 md:grid-cols-2">
        <Facts
          facts={[
            ["Traces", count(manifest.trace_count)],
            ["Chosen", manifest.selection_strategy],
            ["Seed", manifest.seed],
            ["Frozen", moment(manifest.created_at)],
            ["Content", <Short key="hash">{manifest.content_sha256}</Short>],
            [
              "Build",
              <span key="build" className="font-mono break-all">
                {manifest.build_id}
              </span>,
            ],
          ]}
        />
        <Facts
          facts={[
            [
              "Steps",
              `${stats.avg_step_count.toFixed(1)} on average, ${stats.min_step_count} to ${stats.max_step_count}`,
            ],
            ["Characters", `${count(Math.round(stats.avg_total_chars))} on average`],
            ["Verdicts", said(manifest.verdicts)],
            ["Size", bytes(manifest.size_bytes)],
            ["Parent", parent && <NodeLink node={{ kind: "dataset", id: parent, label: parent }} />],
            ["Made by", run && <NodeLink node={{ kind: "run", id: run, label: "" }} />],
          ]}
        />
      </div>
      <div className="mt-3 grid gap-3 md:grid-cols-2">
        <Record title="Filters" value={manifest.filters} />
        <Record title="Provenance" value={manifest.provenance} />
      </div>
    </>
  )
}

function said(verdicts: Manifest["verdicts"]): string {
  return Object.entries(verdicts)
    .filter(([, number]) => number > 0)
    .map(([verdict, number]) => `${count(number)} ${verdict}`)
    .join(", ")
}

function Record({ title, value }: { title: string; value: object | null }) {
  if (!value || Object.keys(value).length === 0) return null
  return (
    <div className="min-w-0">
      <h3 className="mb-1 text-sm text-muted">{title}</h3>
      <Json label={title} value={value} />
    </div>
  )
}
