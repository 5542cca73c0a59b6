/** Import: traces from a file of this computer, from lines that are pasted, or from a file on the server. */
import { createFileRoute, Link } from "@tanstack/react-router"
import { formats } from "@/features/intake/queries"
import { ServerFile } from "@/features/intake/ServerFile"
import { Upload } from "@/features/intake/Upload"
import { Body, Page } from "@/ui/Page"

interface Search {
  from?: "server"
}

export const Route = createFileRoute("/import")({
  staticData: { nav: { group: "Data", label: "Import", order: 4, key: "i" } },
  validateSearch: (search: Record<string, unknown>): Search =>
    search.from === "server" ? { from: "server" } : {},
  loader: ({ context: { queries } }) => queries.ensureQueryData(formats),
  component: ImportPage,
})

function ImportPage() {
  const { from } = Route.useSearch()
  return (
    <Page title="Import">
      <Body label="Import traces">
        <nav aria-label="Where from" className="mb-4 flex flex-wrap gap-2">
          <Link to="/import" className="btn aria-[current=page]:bg-sel" activeOptions={{ exact: true }}>
            Upload or paste
          </Link>
          <Link to="/import" search={{ from: "server" }} className="btn aria-[current=page]:bg-sel">
            File on the server
          </Link>
        </nav>
        {from === "server" ? <ServerFile /> : <Upload />}
      </Body>
    </Page>
  )
}
