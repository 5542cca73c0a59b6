import "katex/dist/katex.min.css"
import rehypeKatex from "rehype-katex"
import remarkMath from "remark-math"
import { Md } from "@/ui/Md"
import type { Span } from "@/ui/spans"

const KATEX = {
  trust: false,
  strict: "ignore",
  throwOnError: false,
  maxExpand: 200,
  maxSize: 20,
  errorColor: "inherit",
} as const

/** Markdown with formulas; a chunk of its own, because KaTeX is larger than the rest of the page. */
export default function MathMd({ text, spans }: { text: string; spans: readonly Span[] }) {
  // Models write \( \), which remark-math does not read; `$$` is as long, so offsets hold.
  const source = text.replace(/\\[()[\]]/g, "$$$$")
  return <Md text={source} spans={spans} remark={[remarkMath]} rehype={[[rehypeKatex, KATEX]]} />
}
