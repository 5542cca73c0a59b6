import { lazy, memo, Suspense } from "react"
import { Marked } from "@/ui/Marked"
import { inUnits, type Span } from "@/ui/spans"

const Md = lazy(() => import("@/ui/Md").then((module) => ({ default: module.Md })))
const MathMd = lazy(() => import("@/ui/MathMd"))
const FORMULA = /\$|\\\(|\\\[/

/** A text drawn as markdown with formulas; until that is loaded, the text as it was stored. */
export const Rendered = memo(function Rendered({ text, spans }: { text: string; spans: readonly Span[] }) {
  const Reader = FORMULA.test(text) ? MathMd : Md
  return (
    <Suspense fallback={<Marked text={text} spans={spans} />}>
      <Reader text={text} spans={inUnits(text, spans)} />
    </Suspense>
  )
})
