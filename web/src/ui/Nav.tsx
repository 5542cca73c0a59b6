import { Link, useRouter } from "@tanstack/react-router"

const GROUPS = ["Data", "Verify", "Train", "Evaluate"] as const

export interface NavEntry {
  group: (typeof GROUPS)[number]
  label: string
  order: number
  /** The second key of the shortcut `g …`. */
  key: string
}

/** The menu's entries. Pages put themselves here with `staticData.nav`. */
export function useNavEntries(): (NavEntry & { to: string })[] {
  const router = useRouter()
  return Object.values(router.routesById)
    .flatMap((route) =>
      route.options.staticData?.nav ? [{ to: route.fullPath, ...route.options.staticData.nav }] : [],
    )
    .sort((one, other) => one.order - other.order)
}

/** The menu. */
export function Nav({ onGo }: { onGo: () => void }) {
  const entries = useNavEntries()
  return (
    <nav aria-label="Main" className="flex flex-col gap-3">
      {GROUPS.map((group) => (
        <div key={group}>
          <p className="px-2 pb-1 text-xs font-medium text-muted">{group}</p>
          <ul>
            {entries
              .filter((entry) => entry.group === group)
              .map((entry) => (
                <li key={entry.to}>
                  <Link
                    to={entry.to}
                    activeOptions={{ exact: entry.to === "/", includeSearch: false }}
                    onClick={onGo}
                    className="group flex h-8 items-center justify-between rounded-md px-2 hover:bg-hover aria-[current=page]:bg-sel aria-[current=page]:font-medium md:h-7"
                  >
                    {entry.label}
                    <kbd className="kbd hidden bg-bg group-hover:inline">g {entry.key}</kbd>
                  </Link>
                </li>
              ))}
          </ul>
        </div>
      ))}
    </nav>
  )
}
