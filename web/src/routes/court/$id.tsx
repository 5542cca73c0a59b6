/** One court: what two witnesses said, how often each is wrong, and the cases to rule on. */
import { keepPreviousData, useInfiniteQuery, useQueryClient, useSuspenseQuery } from "@tanstack/react-query"
import { createFileRoute, Link } from "@tanstack/react-router"
import { AdoptCourt } from "@/features/court/AdoptCourt"
import { CaseQueue } from "@/features/court/CaseQueue"
import { Confusion } from "@/features/court/Confusion"
import { ErrorRates } from "@/features/court/ErrorRates"
import { ImpactTables } from "@/features/court/ImpactTables"
import { QueueTabs } from "@/features/court/QueueTabs"
import {
  courts,
  isOpen,
  noteRuling,
  QUEUES,
  type Report,
  type Which,
  WORDS,
  type Word,
} from "@/features/court/queries"
import { agreed } from "@/features/court/words"
import { useRule } from "@/features/rulings/queries"
import { CancelRun } from "@/features/runs/CancelRun"
import { Progress } from "@/features/runs/Progress"
import { author } from "@/features/traces/marks"
import { Badge } from "@/ui/Badge"
import { Crumbs } from "@/ui/Crumbs"
import { Failure } from "@/ui/Failure"
import { More } from "@/ui/More"
import { NodeLink } from "@/ui/NodeLink"
import { Body, Page, Section } from "@/ui/Page"
import { Skeleton } from "@/ui/Skeleton"

type Search = Which & { at?: string }

const CASES = "cases"

export const Route = createFileRoute("/court/$id")({
  validateSearch: (search: Record<string, unknown>): Search => {
    const which = QUEUES.find((known) => known === search.which)
    const first = WORDS.find((known) => known === search.first)
    const second = WORDS.find((known) => known === search.second)
    return {
      ...(which ? { which } : {}),
      ...(first ? { first } : {}),
      ...(second ? { second } : {}),
      ...(typeof search.at === "string" && search.at ? { at: search.at } : {}),
    }
  },
  loader: ({ context, params }) => context.queries.ensureQueryData(courts.report(params.id)),
  component: CourtPage,
})

function CourtPage() {
  const { id } = Route.useParams()
  const search = Route.useSearch()
  const navigate = Route.useNavigate()
  const { data: report } = useSuspenseQuery(courts.report(id))
  const open = isOpen(report.status)
  const title = `${report.first} against ${report.second}`
  const list = (
    <Link to="/court" className="hover:underline">
      Court
    </Link>
  )
  const heading = (
    <Crumbs list={list}>
      {title} <span className="font-normal text-muted">on {report.subject}</span>{" "}
      <Badge value={report.status} />
    </Crumbs>
  )
  const show = (which: Search): void => void navigate({ search: which, replace: true })
  const look = (which: Search): void => {
    show(which)
    document.getElementById(CASES)?.scrollIntoView()
  }
  const chooseCell = (first: Word, second: Word): void =>
    search.first === first && search.second === second ? show({}) : look({ which: "all", first, second })
  const toRun = (run: string): void => void navigate({ to: "/runs/$id", params: { id: run } })
  const actions = (
    <>
      {open && <CancelRun id={id} />}
      {report.impact && report.status === "completed" && <AdoptCourt id={id} onQueued={toRun} />}
      <Link to="/runs/$id" params={{ id }} className="btn">
        Run
      </Link>
    </>
  )
  return (
    <Page title={title} heading={heading} actions={actions}>
      <Body label="Court">
        {open && (
          <p role="status" className="mb-4 flex items-center gap-3">
            <Progress run={{ ...report, name: "the court", kind: "court" }} /> {report.progress?.text}
          </p>
        )}
        {!open && report.status !== "completed" && (
          <p role="alert" className="mb-4">
            The court did not come to its end; <NodeLink node={{ kind: "run", id, label: "its run" }} /> says
            why. What was heard is shown.
          </p>
        )}
        {report.cases === 0 && report.status === "completed" && (
          <p className="text-muted">No trace matched: nothing was heard.</p>
        )}
        {report.cases > 0 && (
          <>
            <Section title="What they said">
              <p className="mb-3">{agreed(report)}</p>
              <Confusion report={report} chosen={search} onChoose={chooseCell} />
            </Section>
            <Section title="How often each is wrong" note="measured by what people ruled">
              <ErrorRates report={report} onAudit={() => look({ which: "audit" })} />
            </Section>
            {report.impact && <ImpactTables impact={report.impact} />}
            <section id={CASES} className="mt-6">
              <h2 className="mb-2 font-semibold">Cases</h2>
              <QueueTabs which={search} first={report.first} second={report.second} onWhich={show} />
              <Cases report={report} search={search} onAt={(at) => show({ ...search, at })} />
            </section>
          </>
        )}
      </Body>
    </Page>
  )
}

const NOTHING = {
  disagreements: "Nothing is left that they disagree about and nobody has ruled on.",
  audit: "Nothing is left that they agree about and nobody has ruled on.",
  ruled: "Nobody has ruled on a case yet. Rule on some of the disagreements.",
  all: "There is no such case.",
}

interface CasesProps {
  report: Report
  search: Search
  onAt: (trace: string) => void
}

function Cases({ report, search: { at, ...which }, onAt }: CasesProps) {
  const queries = useQueryClient()
  const list = useInfiniteQuery({
    ...courts.cases(report.run_id, which, isOpen(report.status)),
    placeholderData: keepPreviousData,
  })
  const rule = useRule((ruled) => noteRuling(queries, report.run_id, ruled.trace_id, ruled.outcome))
  if (list.error) return <Failure error={list.error} retry={() => void list.refetch()} />
  if (!list.data) return <Skeleton rows={6} />
  const cases = list.data.pages.flatMap((page) => page.data)
  if (cases.length === 0) return <p className="text-muted">{NOTHING[which.which ?? "disagreements"]}</p>
  const onMore = list.hasNextPage ? () => void list.fetchNextPage() : null
  return (
    <>
      <CaseQueue
        cases={cases}
        subject={report.subject}
        first={report.first}
        second={report.second}
        at={at}
        onAt={onAt}
        onRule={(trace, outcome, note) =>
          rule.mutate({ trace, subject: report.subject, outcome, note, author: author() })
        }
        busy={rule.isPending}
        error={rule.error}
        onMore={list.isFetchingNextPage ? null : onMore}
      />
      <More shown={cases.length} busy={list.isFetchingNextPage} onMore={onMore} />
    </>
  )
}
