import type { Piece } from "@/features/traces/align"

/** One side of a comparison: the words that the other side does not have are marked. */
export function Changed({ pieces, side }: { pieces: readonly Piece[]; side: "a" | "b" }) {
  return (
    <p className="text-md break-words whitespace-pre-wrap">
      {pieces.map((piece, index) =>
        piece.changed ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: a piece is its place
          <mark key={index} className={`mark-${side}`}>
            {piece.text}
          </mark>
        ) : (
          piece.text
        ),
      )}
    </p>
  )
}
