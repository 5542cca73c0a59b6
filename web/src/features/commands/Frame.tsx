import { useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { type ReactNode, useState } from "react"
import { server } from "@/features/commands/queries"
import { Nav } from "@/ui/Nav"
import { setTheme, type Theme, useTheme } from "@/ui/theme"

interface Props {
  onPalette: () => void
  onKeys: () => void
  children: ReactNode
}

/** Menu at the side, page beside it. On a narrow screen the menu folds into a bar on top. */
export function Frame({ onPalette, onKeys, children }: Props) {
  const [unfolded, setUnfolded] = useState(false)
  const folded = unfolded ? "flex" : "hidden md:flex"
  return (
    <div className="flex h-dvh flex-col md:grid md:grid-cols-[208px_minmax(0,1fr)] md:grid-rows-[minmax(0,1fr)]">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:m-2 focus:bg-raised focus:p-2"
      >
        Skip to content
      </a>
      <aside
        aria-label="Menu"
        className="flex max-h-full flex-col overflow-y-auto border-b border-line bg-sunken p-2 md:border-r md:border-b-0"
      >
        <div className="flex h-9 items-center gap-2 px-2">
          <Link to="/" className="flex items-center gap-2 text-md font-semibold">
            <img src="/icon.svg" alt="" width="20" height="20" />
            Tunix RT
          </Link>
          <button
            type="button"
            className="btn ml-auto md:hidden"
            aria-expanded={unfolded}
            onClick={() => setUnfolded(!unfolded)}
          >
            Menu
          </button>
        </div>
        <div className={`${folded} min-h-0 flex-1 flex-col`}>
          <button
            type="button"
            onClick={onPalette}
            className="my-2 flex min-h-8 items-center justify-between gap-2 rounded-md border border-edge bg-bg px-2 whitespace-nowrap text-muted hover:bg-hover"
          >
            <span className="truncate">Search or jump</span>
            <kbd className="kbd">Ctrl K</kbd>
          </button>
          <Nav onGo={() => setUnfolded(false)} />
          <Foot onKeys={onKeys} />
        </div>
      </aside>
      <main id="main" tabIndex={-1} className="flex min-h-0 min-w-0 flex-1 flex-col outline-none">
        {children}
      </main>
    </div>
  )
}

function Foot({ onKeys }: { onKeys: () => void }) {
  const { theme } = useTheme()
  const health = useQuery(server.health)
  const version = useQuery(server.version)
  const answers = !health.isError
  return (
    <div className="mt-auto flex flex-col gap-2 px-2 pt-4 pb-1 text-sm text-muted">
      <p role="status" className="flex items-center gap-1.5">
        <span aria-hidden className={`size-2 rounded-full ${answers ? "bg-ok" : "bg-bad"}`} />
        {answers ? `Server ${version.data?.version ?? ""}` : "The server does not answer"}
      </p>
      <div className="flex items-center gap-2">
        <select
          aria-label="Theme"
          className="field min-w-0 flex-1"
          value={theme}
          onChange={(event) => setTheme(event.target.value as Theme)}
        >
          <option value="system">Theme: system</option>
          <option value="light">Light</option>
          <option value="dark">Dark</option>
        </select>
        <button type="button" className="btn bg-bg" aria-label="Keyboard shortcuts" onClick={onKeys}>
          ?
        </button>
      </div>
    </div>
  )
}
