/** The frame around every page: menu, keys, command palette. */
import type { QueryClient } from "@tanstack/react-query"
import { createRootRouteWithContext, Outlet, useLocation, useNavigate } from "@tanstack/react-router"
import { lazy, Suspense, useEffect, useRef, useState } from "react"
import { Frame } from "@/features/commands/Frame"
import { useKeys } from "@/ui/keys"
import { useNavEntries } from "@/ui/Nav"
import { toggleTheme } from "@/ui/theme"

const Commands = lazy(() => import("@/features/commands/Commands"))
const KeySheet = lazy(() => import("@/features/commands/KeySheet"))

export const Route = createRootRouteWithContext<{ queries: QueryClient }>()({ component: Root })

function Root() {
  const [open, setOpen] = useState<"palette" | "keys" | null>(null)
  const go = useNavigate()
  const entries = useNavEntries()
  useFocusOnArrival()
  useKeys({
    "mod+k": () => setOpen("palette"),
    "?": () => setOpen("keys"),
    "\\": toggleTheme,
    ...Object.fromEntries(entries.map((entry) => [`g ${entry.key}`, () => void go({ to: entry.to })])),
  })
  const close = (): void => setOpen(null)
  return (
    <Frame onPalette={() => setOpen("palette")} onKeys={() => setOpen("keys")}>
      <Outlet />
      <Suspense fallback={null}>
        {open === "palette" && <Commands onKeys={() => setOpen("keys")} onClose={close} />}
        {open === "keys" && <KeySheet onClose={close} />}
      </Suspense>
    </Frame>
  )
}

/** After a move to another page the focus is on its content, not on a link that is gone. */
function useFocusOnArrival(): void {
  const path = useLocation({ select: (location) => location.pathname })
  const before = useRef(path)
  useEffect(() => {
    if (before.current === path) return
    before.current = path
    document.getElementById("main")?.focus({ preventScroll: true })
  }, [path])
}
