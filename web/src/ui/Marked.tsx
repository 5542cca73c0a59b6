import { memo } from "react"
import { cut, type Span } from "@/ui/spans"

/** A text exactly as it was stored, with its judged spans marked. The source of truth on a page. */
export const Marked = memo(function Marked({ text, spans }: { text: string; spans: readonly Span[] }) {
  return (
    <p className="text-md break-words whitespace-pre-wrap">
      {cut(text, spans).map((piece) =>
        piece.span ? (
          <mark
            key={piece.at}
            className={`mark-${piece.span.outcome}`}
            title={piece.span.message}
            data-outcome={piece.span.outcome}
          >
            {piece.text}
          </mark>
        ) : (
          piece.text
        ),
      )}
    </p>
  )
})
