import ReactMarkdown, { type Options } from "react-markdown"
import remarkGfm from "remark-gfm"
import type { Span } from "@/ui/spans"

type Plugins = NonNullable<Options["remarkPlugins"]>

interface Props {
  text: string
  /** In UTF-16 units. */
  spans: readonly Span[]
  remark?: Plugins
  rehype?: Plugins
}

/** Model text as markdown. It is not trusted: no HTML, no images, links only where they are safe. */
export function Md({ text, spans, remark = [], rehype = [] }: Props) {
  return (
    <div className="md text-md break-words">
      <ReactMarkdown
        remarkPlugins={[remarkGfm, ...remark, () => (tree: Node) => markSpans(tree, spans)]}
        rehypePlugins={rehype}
        disallowedElements={["img", "input"]}
        components={{ a: SafeLink, th: Heading, table: Wide, pre: Verbatim }}
      >
        {text}
      </ReactMarkdown>
    </div>
  )
}

/** react-markdown empties the address of a `javascript:` link; what is left is words. */
function SafeLink({ href, children }: { href?: string | undefined; children?: React.ReactNode }) {
  if (!href) return <span>{children}</span>
  return (
    <a href={href} rel="noreferrer noopener" target="_blank">
      {children}
    </a>
  )
}

/** A heading cell without words is no heading. */
function Heading({
  children,
  style,
}: {
  children?: React.ReactNode
  style?: React.CSSProperties | undefined
}) {
  return children ? <th style={style}>{children}</th> : <td />
}

/** What may be wider than the page scrolls by itself, also by keyboard. */
function Wide({ children }: { children?: React.ReactNode }) {
  return (
    <div tabIndex={0} className="mb-2 overflow-x-auto">
      <table>{children}</table>
    </div>
  )
}

function Verbatim({ children }: { children?: React.ReactNode }) {
  return <pre tabIndex={0}>{children}</pre>
}

interface Node {
  type: string
  value?: string
  children?: Node[]
  position?: { start: { offset?: number }; end: { offset?: number } }
  data?: Record<string, unknown>
}

/** Wraps every span in a mark, cutting text nodes; a formula or code that overlaps is marked whole. */
function markSpans(parent: Node, spans: readonly Span[]): void {
  if (!parent.children) return
  parent.children = parent.children.flatMap((node) => {
    const start = node.position?.start.offset ?? -1
    const end = node.position?.end.offset ?? -1
    const hit = spans.find((span) => span.start < end && span.end > start)
    if (start >= 0 && hit) {
      // Escapes and entities make the value shorter than its source: then offsets do not hold.
      if (node.type === "text" && node.value?.length === end - start) return cutText(node.value, start, hit)
      if (["text", "inlineMath", "math", "inlineCode"].includes(node.type)) return [marked(hit, [node])]
    }
    markSpans(node, spans)
    return [node]
  })
}

function cutText(value: string, start: number, hit: Span): Node[] {
  const from = Math.max(0, hit.start - start)
  const to = Math.min(value.length, hit.end - start)
  const text = (part: string): Node[] => (part ? [{ type: "text", value: part }] : [])
  return [...text(value.slice(0, from)), marked(hit, text(value.slice(from, to))), ...text(value.slice(to))]
}

function marked(span: Span, children: Node[]): Node {
  const properties = { className: [`mark-${span.outcome}`], title: span.message }
  return { type: "marked", children, data: { hName: "mark", hProperties: properties } }
}
