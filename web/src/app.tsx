/** The application: one router, one query cache, and how waiting and failing look. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query"
import { createRouter, Link, type RouterHistory, RouterProvider, useRouter } from "@tanstack/react-router"
import { ApiError } from "@/api/client"
import { routeTree } from "@/routes.gen"
import { Failure } from "@/ui/Failure"
import type { NavEntry } from "@/ui/Nav"
import { Skeleton } from "@/ui/Skeleton"

export function makeRouter(history?: RouterHistory) {
  const queries = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        // What the server refused once it refuses again; a lost connection may come back.
        retry: (failures, error) => failures < 1 && !(error instanceof ApiError),
      },
    },
  })
  return createRouter({
    routeTree,
    context: { queries },
    ...(history ? { history } : {}),
    defaultPreload: "intent",
    defaultPreloadStaleTime: 0,
    defaultPendingMs: 100,
    defaultPendingMinMs: 0,
    scrollRestoration: true,
    defaultPendingComponent: () => <Skeleton />,
    defaultErrorComponent: Broken,
    defaultNotFoundComponent: NotFound,
    Wrap: ({ children }) => <QueryClientProvider client={queries}>{children}</QueryClientProvider>,
  })
}

export function App({ router }: { router: ReturnType<typeof makeRouter> }) {
  return <RouterProvider router={router} />
}

/** A page whose loader or drawing failed. Trying again forgets what is known and loads anew. */
function Broken({ error }: { error: unknown }) {
  const router = useRouter()
  const retry = async (): Promise<void> => {
    router.options.context.queries.removeQueries({ predicate: (query) => query.state.status === "error" })
    await router.invalidate()
  }
  return <Failure page error={error} retry={() => void retry()} />
}

function NotFound() {
  return (
    <div className="p-8">
      <title>Page not found · Tunix RT</title>
      <h1 className="text-xl font-semibold">Page not found</h1>
      <p className="mt-2">
        <Link to="/" className="link">
          Go to the overview
        </Link>
      </p>
    </div>
  )
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>
  }
  interface StaticDataRouteOption {
    nav?: NavEntry
  }
}
