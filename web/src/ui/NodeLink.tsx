import { Link } from "@tanstack/react-router"
import { term } from "@/ui/query"
import { shortId } from "@/ui/words"

interface Node {
  kind: string
  id: string
  label: string
}

/** A link to anything that has a page; the name alone for what has none. `source:x` is all of x. */
export function NodeLink({ node }: { node: Node }) {
  const words = node.label && node.label !== node.id ? node.label : nameOf(node)
  const link = "link"
  const source = node.kind === "trace" && /^source:(.+)$/.exec(node.id)?.[1]
  if (source)
    return (
      <Link to="/traces" search={{ query: term("source", source) }} className={link}>
        {words}
      </Link>
    )
  switch (node.kind) {
    case "trace":
      return (
        <Link to="/traces/$id" params={{ id: node.id }} className={link}>
          {words}
        </Link>
      )
    case "dataset":
      return (
        <Link to="/datasets/$key" params={{ key: node.id }} className={link}>
          {words}
        </Link>
      )
    case "run":
      return (
        <Link to="/runs/$id" params={{ id: node.id }} className={link}>
          {words}
        </Link>
      )
    case "evaluation":
      return (
        <Link to="/evaluations/$id" params={{ id: node.id }} className={link}>
          {words}
        </Link>
      )
    case "model":
      return (
        <Link to="/models/$id" params={{ id: node.id }} className={link}>
          {words}
        </Link>
      )
    default:
      return <span>{words}</span>
  }
}

/** A dataset's key is its name; the ids of the others are only told apart by their ends. */
function nameOf(node: Node): string {
  return node.kind === "dataset" ? node.id : shortId(node.id)
}
