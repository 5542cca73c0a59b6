/** One curation: how traces came through its stages, what was dropped and why, and freezing the rest. */
import { useSuspenseQuery } from "@tanstack/react-query"
import { createFileRoute, Link } from "@tanstack/react-router"
import { Choices, type Shown } from "@/features/curate/Choices"
import { CurationFacts } from "@/features/curate/CurationFacts"
import { Funnel } from "@/features/curate/Funnel"
import { curations, isOpen } from "@/features/curate/queries"
import { keptWords } from "@/features/curate/words"
import { CancelRun } from "@/features/runs/CancelRun"
import { Progress } from "@/features/runs/Progress"
import { Badge } from "@/ui/Badge"
import { Crumbs } from "@/ui/Crumbs"
import { Body, Page, Section } from "@/ui/Page"

const CHOICES = "choices"
const SIDES = ["kept", "clusters", "hits"] as const

export const Route = createFileRoute("/curate/$id")({
  validateSearch: ({ side, stage, reason }: Record<string, unknown>): Shown => {
    const known = SIDES.find((one) => one === side)
    return {
      ...(known ? { side: known } : {}),
      ...(stage ? { stage: String(stage) } : {}),
      ...(reason ? { reason: String(reason) } : {}),
    }
  },
  loader: ({ context, params }) => context.queries.ensureQueryData(curations.one(params.id)),
  component: CurationPage,
})

function CurationPage() {
  const { id } = Route.useParams()
  const shown = Route.useSearch()
  const navigate = Route.useNavigate()
  const { data: curation } = useSuspenseQuery(curations.one(id))
  const open = isOpen(curation.status)
  const show = (next: Shown): void => void navigate({ search: next, replace: true, resetScroll: false })
  const list = (
    <Link to="/curate" className="hover:underline">
      Curate
    </Link>
  )
  const heading = (
    <Crumbs list={list}>
      <span className="mr-2">{curation.name}</span> <Badge value={curation.status} />
      {curation.dry_run && <span className="ml-2 font-normal text-muted">dry run</span>}
    </Crumbs>
  )
  const actions = (
    <>
      {open && <CancelRun id={id} />}
      {curation.status === "completed" && !curation.dry_run && curation.kept > 0 && (
        <Link to="/datasets/new" search={{ curation: id }} className="btn">
          Freeze this
        </Link>
      )}
      <Link to="/curate" search={{ from: id }} className="btn">
        Use this pipeline again
      </Link>
      <Link to="/runs/$id" params={{ id }} className="btn">
        Run
      </Link>
    </>
  )
  return (
    <Page title={curation.name} heading={heading} actions={actions}>
      <Body label="Curation">
        {open && (
          <p role="status" className="mb-4 flex items-center gap-3">
            <Progress run={{ ...curation, kind: "curate" }} /> {curation.progress?.text}
          </p>
        )}
        {curation.error && (
          <p role="alert" className="mb-4 break-words text-bad">
            {curation.error}
          </p>
        )}
        <Section title="Funnel" note={keptWords(curation.kept, curation.looked_at)}>
          {curation.funnel.length > 0 ? (
            <Funnel
              funnel={curation.funnel}
              from={curation.looked_at}
              chosen={shown}
              onReason={(reason) => {
                show(reason)
                document.getElementById(CHOICES)?.scrollIntoView()
              }}
            />
          ) : (
            <p className="text-muted">{open ? "Nothing has come through yet." : "It has no stages."}</p>
          )}
        </Section>
        <Section title="How it was chosen">
          <CurationFacts curation={curation} />
        </Section>
        <section id={CHOICES} className="mt-6">
          <h2 className="mb-2 font-semibold">Traces</h2>
          <Choices curation={curation} shown={shown} onShown={show} />
        </section>
      </Body>
    </Page>
  )
}
