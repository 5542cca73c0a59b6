type Tone = "ok" | "bad" | "warn" | "info" | "plain"

/** Every state and verdict the server knows: how it is toned, drawn and said. */
const LOOKS: Record<string, readonly [Tone, string, string]> = {
  right: ["ok", "✓", "Right"],
  wrong: ["bad", "✕", "Wrong"],
  undecided: ["warn", "?", "Undecided"],
  warning: ["warn", "⚑", "Warning"],
  missing: ["bad", "∅", "Missing"],
  none: ["plain", "–", "Not judged"],
  good: ["ok", "▲", "Good"],
  neutral: ["plain", "■", "Neutral"],
  bad: ["bad", "▼", "Bad"],
  pass: ["ok", "✓", "Pass"],
  fail: ["bad", "✕", "Fail"],
  waste: ["warn", "◔", "Waste"],
  drift: ["warn", "≈", "Drift"],
  misled: ["bad", "✕", "Misled"],
  created: ["plain", "○", "Created"],
  pending: ["info", "◌", "Pending"],
  running: ["info", "▸", "Running"],
  completed: ["ok", "✓", "Completed"],
  failed: ["bad", "✕", "Failed"],
  timeout: ["bad", "!", "Timed out"],
  cancel_requested: ["warn", "⊘", "Cancelling"],
  cancelled: ["warn", "⊘", "Cancelled"],
}

const TONES: Record<Tone, string> = {
  ok: "text-ok bg-ok-bg",
  bad: "text-bad bg-bad-bg",
  warn: "text-warn bg-warn-bg",
  info: "text-info bg-info-bg",
  plain: "text-muted bg-hover",
}

/** A state as icon, word and colour; a word we do not know is shown as it is. */
export function Badge({ value }: { value: string | null }) {
  const [tone, icon, word] = look(value)
  return (
    <span
      className={`inline-flex h-5 w-fit items-center gap-1 rounded px-1.5 text-xs font-medium whitespace-nowrap ${TONES[tone]}`}
    >
      <span aria-hidden>{icon}</span>
      {word}
    </span>
  )
}

/** The mark alone, for tight lists; its word is there for those who listen. */
export function Mark({ value }: { value: string | null }) {
  const [tone, icon, word] = look(value)
  return (
    <span className={tone === "plain" ? "text-muted" : `font-semibold ${TONES[tone].split(" ")[0]}`}>
      <span aria-hidden>{icon}</span>
      <span className="sr-only">{word}</span>
    </span>
  )
}

/** The word a state is called by. */
export function wordFor(value: string | null): string {
  return look(value)[2]
}

function look(value: string | null): readonly [Tone, string, string] {
  return LOOKS[value ?? "none"] ?? ["plain", "·", value ?? ""]
}
