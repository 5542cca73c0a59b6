import { percent } from "@/ui/words"

export interface SplitDraft {
  id: number
  name: string
  /** In percent, as it is typed. */
  share: string
}

interface Props {
  splits: readonly SplitDraft[]
  onSplits: (splits: SplitDraft[]) => void
}

const NAMES = ["test", "validation"]
const MOST = 7

/** What is held out; the rest is trained on. */
export function SplitFields({ splits, onSplits }: Props) {
  const change = (id: number, next: Partial<SplitDraft>): void =>
    onSplits(splits.map((one) => (one.id === id ? { ...one, ...next } : one)))
  const add = (): void => {
    const id = Math.max(-1, ...splits.map((one) => one.id)) + 1
    const name = NAMES.find((known) => splits.every((one) => one.name !== known)) ?? `split_${id + 1}`
    onSplits([...splits, { id, name, share: "10" }])
  }
  return (
    <ul aria-label="Splits" className="flex flex-col gap-2">
      {splits.map((one) => (
        <li key={one.id} className="flex flex-wrap items-center gap-2">
          <input
            aria-label="Name of the split"
            required
            pattern="[a-z][a-z0-9_]{0,31}"
            title="lower-case letters, digits and _"
            className="field w-36"
            value={one.name}
            onChange={({ target }) => change(one.id, { name: target.value })}
          />
          <input
            aria-label={`Percent of ${one.name}`}
            type="number"
            required
            min={0.01}
            max={99}
            step="any"
            className="field w-20"
            value={one.share}
            onChange={({ target }) => change(one.id, { share: target.value })}
          />
          <span className="text-sm text-muted">% of the prompts</span>
          <button
            type="button"
            className="btn"
            aria-label={`Take ${one.name} out`}
            onClick={() => onSplits(splits.filter((other) => other.id !== one.id))}
          >
            ✕
          </button>
        </li>
      ))}
      <li className="flex flex-wrap items-center gap-3 text-sm">
        <button type="button" className="btn" disabled={splits.length >= MOST} onClick={add}>
          Hold out another
        </button>
        <span role="status" className="text-muted tabular-nums">
          train gets {percent(Math.max(0, trainShare(splits)))}
        </span>
      </li>
    </ul>
  )
}

/** What is left to train on, as a share of 1. */
export function trainShare(splits: readonly SplitDraft[]): number {
  return 1 - splits.reduce((sum, one) => sum + (Number(one.share) || 0) / 100, 0)
}
