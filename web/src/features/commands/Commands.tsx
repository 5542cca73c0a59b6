import { useQuery } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import Palette, { type Command } from "@/features/commands/Palette"
import { server } from "@/features/commands/queries"
import { wordFor } from "@/ui/Badge"
import { useNavEntries } from "@/ui/Nav"
import { words } from "@/ui/query"
import { setTheme } from "@/ui/theme"

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** What the palette can do: go to pages, show usual questions, open runs, and find by words or id. */
export default function Commands({ onKeys, onClose }: { onKeys: () => void; onClose: () => void }) {
  const navigate = useNavigate()
  const entries = useNavEntries()
  const runs = useQuery(server.lately)
  const go = (to: string, search: object = {}) => void navigate({ to, search } as never)
  const commands: Command[] = [
    ...entries.map((entry) => ({
      label: `Go to ${entry.label}`,
      note: `g ${entry.key}`,
      act: () => go(entry.to),
    })),
    { label: "Show wrong traces", act: () => go("/traces", { query: "verdict:wrong" }) },
    { label: "Show undecided traces", act: () => go("/traces", { query: "verdict:undecided" }) },
    { label: "Show running runs", act: () => go("/runs", { status: "running" }) },
    { label: "Show failed runs", act: () => go("/runs", { status: "failed" }) },
    { label: "Theme: light", act: () => setTheme("light") },
    { label: "Theme: dark", act: () => setTheme("dark") },
    { label: "Theme: as the system", act: () => setTheme("system") },
    { label: "Keyboard shortcuts", note: "?", act: onKeys },
    ...(runs.data?.data ?? []).map((run) => ({
      label: run.name || run.kind,
      note: `run · ${wordFor(run.status)} · ${run.id.slice(-8)}`,
      act: () => go(`/runs/${run.id}`),
    })),
  ]
  const forText = (text: string): Command[] => {
    if (!text) return []
    if (UUID.test(text))
      return ["trace", "run", "evaluation", "model"].map((kind) => ({
        label: `Open ${kind} ${text}`,
        act: () => go(`/${kind}s/${text}`),
      }))
    return [{ label: `Find traces with “${text}”`, act: () => go("/traces", { query: words(text) }) }]
  }
  return <Palette commands={commands} forText={forText} onClose={onClose} />
}
