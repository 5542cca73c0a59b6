import { Link } from "@tanstack/react-router"
import type { Proofs } from "@/features/xray/queries"
import { Badge } from "@/ui/Badge"
import { count, shortId } from "@/ui/words"

interface Props {
  proofs: Proofs
  /** Makes room for the longest row. */
  onFit?: (tokens: number) => void
}

/** What holds for every row, and which rows break what does not. */
export function XrayProofs({ proofs, onFit }: Props) {
  const longest = proofs.numbers.lengths?.longest
  return (
    <ul aria-label="Proofs" className="card divide-y divide-line">
      {proofs.proofs.map((proof) => (
        <li
          key={proof.name}
          className="grid grid-cols-[56px_minmax(0,1fr)] items-start gap-x-3 gap-y-1 px-3 py-1.5"
        >
          <Badge value={proof.ok ? "pass" : "fail"} />
          <span className="min-w-0">
            {proof.says}
            {!proof.ok && (
              <span className="text-sm text-muted">
                {" "}
                · broken by {count(proof.broken)} {proof.broken === 1 ? "row" : "rows"}
              </span>
            )}
          </span>
          {proof.examples.length > 0 && (
            <ul className="col-start-2 text-sm text-muted">
              {proof.examples.slice(0, 3).map((one) => (
                <li key={one.row} className="break-words">
                  <Link to="/traces/$id" params={{ id: one.row }} className="link font-mono">
                    {shortId(one.row)}
                  </Link>{" "}
                  {one.why}
                </li>
              ))}
            </ul>
          )}
          {proof.name === "fits" && !proof.ok && onFit && longest !== undefined && (
            <button
              type="button"
              className="btn col-start-2 justify-self-start"
              onClick={() => onFit(longest)}
            >
              Make room for the longest: {count(longest)} tokens
            </button>
          )}
        </li>
      ))}
    </ul>
  )
}
