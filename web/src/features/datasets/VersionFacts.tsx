import type { Version } from "@/features/datasets/queries"
import { Facts, Json, Short } from "@/ui/Facts"
import { NodeLink } from "@/ui/NodeLink"
import { bytes, count, moment } from "@/ui/words"

/** What was frozen: how many, chosen how, from what, and how long the traces are. */
export function VersionFacts({ version }: { version: Version }) {
  const { stats, training_run_id: run, parent_dataset_id: parent } = version
  const query = version.recipe.query
  return (
    <div className="grid gap-x-10 gap-y-3 md:grid-cols-2">
      <Facts
        facts={[
          ["Traces", count(version.trace_count)],
          [
            "Query",
            query ? (
              <code key="query" className="font-mono">
                {String(query)}
              </code>
            ) : null,
          ],
          ["Chosen", version.curation ? "by a curation" : version.selection_strategy],
          ["Seed", version.seed],
          ["Frozen", moment(version.created_at)],
          [
            "Steps",
            `${stats.avg_step_count.toFixed(1)} on average, ${stats.min_step_count} to ${stats.max_step_count}`,
          ],
          ["Characters", `${count(Math.round(stats.avg_total_chars))} on average`],
        ]}
      />
      <Facts
        facts={[
          ["Content", <Short key="content">{version.content_sha256}</Short>],
          ["Files", <Short key="files">{version.file_sha256}</Short>],
          ["Size", bytes(version.size_bytes)],
          ["Parent", parent && <NodeLink node={{ kind: "dataset", id: parent, label: parent }} />],
          ["Made by", run && <NodeLink node={{ kind: "run", id: run, label: "" }} />],
          ["Written by", `tunix-rt ${version.tool_version}`],
          [
            "Judged by",
            version.verifiers.length > 0 ? (
              <ul key="verifiers">
                {version.verifiers.map((one) => (
                  <li key={`${one.subject}/${one.verifier}/${one.version}`}>
                    {one.verifier} <span className="text-muted">{one.version}</span>, {one.subject}:{" "}
                    {count(one.rows)} rows
                  </li>
                ))}
              </ul>
            ) : null,
          ],
        ]}
      />
      <details className="min-w-0 md:col-span-2">
        <summary className="w-fit text-sm text-muted">The request it was built from</summary>
        <Json label="The request" value={{ ...version.recipe, filters: version.filters }} />
      </details>
    </div>
  )
}
