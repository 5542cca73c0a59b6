import { useQueries } from "@tanstack/react-query"
import { type Kind, type Lineage, lineage } from "@/features/lineage/queries"
import { NodeLink } from "@/ui/NodeLink"

interface Props {
  kind: Kind
  /** The thing itself, and whatever else it goes under. */
  ids: readonly string[]
  /** A kind that the page shows elsewhere. */
  without?: string
}

/** What this came from and what came of it, each a link. */
export function LineageList({ kind, ids, without }: Props) {
  const found = useQueries({ queries: ids.map((id) => lineage.of(kind, id)) })
  const failed = found.find((one) => one.error)?.error
  if (failed) return <p className="text-sm text-bad">{failed.message}</p>
  if (found.some((one) => one.isPending)) return <p className="text-sm text-muted">Looking…</p>
  const shown = (nodes: Lineage["inputs"] = []) => nodes.filter((node) => node.kind !== without)
  const inputs = found.flatMap((one) => shown(one.data?.inputs))
  const outputs = found.flatMap((one) => shown(one.data?.outputs))
  if (inputs.length + outputs.length === 0)
    return <p className="text-sm text-muted">Nothing is linked to it.</p>
  return (
    <div className="flex flex-col gap-3 text-sm">
      <Nodes title="Made from" nodes={inputs} />
      <Nodes title="Used for" nodes={outputs} />
    </div>
  )
}

function Nodes({ title, nodes }: { title: string; nodes: Lineage["inputs"] }) {
  if (nodes.length === 0) return null
  return (
    <div>
      <h3 className="mb-1 text-muted">{title}</h3>
      <ul className="flex flex-col gap-1 border-l-2 border-line pl-3">
        {nodes.map((node) => (
          <li key={`${node.kind}/${node.id}/${node.relation}`} className="break-words">
            <span className="text-muted">{node.kind}</span> <NodeLink node={node} />
            {node.relation && <span className="text-muted"> · {node.relation}</span>}
          </li>
        ))}
      </ul>
    </div>
  )
}
