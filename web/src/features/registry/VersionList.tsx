import { ExportForm } from "@/features/registry/ExportForm"
import type { Version } from "@/features/registry/queries"
import { Facts, Short } from "@/ui/Facts"
import { NodeLink } from "@/ui/NodeLink"
import { bytes, moment, number } from "@/ui/words"

interface Props {
  versions: readonly Version[]
  /** A run was asked for. */
  onQueued: (run: string) => void
}

/** Every version of a model, newest first: what it measures, what made it, what it weighs. */
export function VersionList({ versions, onQueued }: Props) {
  return (
    <ul aria-label="Versions" className="grid gap-3 lg:grid-cols-2">
      {versions.map((version) => (
        <li key={version.id} className="card p-4">
          <p className="mb-2 flex items-baseline gap-2">
            <span className="text-md font-semibold">{version.version}</span>
            <span className="text-muted">{version.status}</span>
          </p>
          <Facts
            facts={[
              [
                "Made by",
                version.source_run_id && (
                  <NodeLink node={{ kind: "run", id: version.source_run_id, label: "" }} />
                ),
              ],
              ["Size", bytes(version.size_bytes)],
              ["Content", <Short key="hash">{version.sha256}</Short>],
              ["Registered", moment(version.created_at)],
              ...Object.entries(version.metrics_json ?? {}).map(
                ([name, value]) => [name.replaceAll("_", " "), shown(value)] as const,
              ),
            ]}
          />
          <details className="mt-3 border-t border-line pt-2">
            <summary className="w-fit text-sm text-muted">Export {version.version}</summary>
            <ExportForm version={version.id} onQueued={onQueued} />
          </details>
        </li>
      ))}
    </ul>
  )
}

function shown(value: unknown): string {
  return typeof value === "number" ? number(value) : JSON.stringify(value)
}
