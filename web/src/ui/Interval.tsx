import { percent } from "@/ui/words"

interface Props {
  value: number
  low?: number | undefined
  high?: number | undefined
}

/** A share with its 95% interval: dot and whisker on an axis from 0 to 100%. */
export function Interval({ value, low, high }: Props) {
  const known = low !== undefined && high !== undefined
  const words = known ? `95% interval from ${percent(low)} to ${percent(high)}` : "No interval"
  const x = (share: number): number => 2 + Math.min(1, Math.max(0, share)) * 156
  return (
    <svg viewBox="0 0 160 20" role="img" aria-label={words} className="block w-24 shrink-0 md:w-40">
      <title>{words}</title>
      {[0, 0.25, 0.5, 0.75, 1].map((tick) => (
        <line key={tick} x1={x(tick)} x2={x(tick)} y1="2" y2="18" className="stroke-line" />
      ))}
      {known && (
        <path
          d={`M${x(low)} 10H${x(high)}M${x(low)} 6V14M${x(high)} 6V14`}
          className="stroke-accent"
          strokeWidth="1.5"
          fill="none"
        />
      )}
      <circle cx={x(value)} cy="10" r="3.5" className="fill-accent" />
    </svg>
  )
}
