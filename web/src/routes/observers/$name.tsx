/** One observer: how good it is, what counts, the exams it sat, and the queue it makes. */
import { useSuspenseQuery } from "@tanstack/react-query"
import { createFileRoute, Link } from "@tanstack/react-router"
import { Coefficients } from "@/features/observers/Coefficients"
import { ExamForm } from "@/features/observers/ExamForm"
import { Exams } from "@/features/observers/Exams"
import { Queue } from "@/features/observers/Queue"
import { type Observer, observers, TRUTHS } from "@/features/observers/queries"
import { RankForm } from "@/features/observers/RankForm"
import { learned, quality, refusal } from "@/features/observers/telling"
import { Crumbs } from "@/ui/Crumbs"
import { Facts, Short } from "@/ui/Facts"
import { Body, Page, Section } from "@/ui/Page"
import { QueuedRun } from "@/ui/QueuedRun"
import { moment } from "@/ui/words"

interface Search {
  /** The runs that were asked for here. */
  exam?: string
  ranking?: string
}

export const Route = createFileRoute("/observers/$name")({
  validateSearch: ({ exam, ranking }: Record<string, unknown>): Search => ({
    ...(exam ? { exam: String(exam) } : {}),
    ...(ranking ? { ranking: String(ranking) } : {}),
  }),
  loader: ({ context: { queries }, params: { name } }) => queries.ensureQueryData(observers.one(name)),
  component: ObserverPage,
})

function ObserverPage() {
  const { name } = Route.useParams()
  const { exam, ranking } = Route.useSearch()
  const navigate = Route.useNavigate()
  const observer = useSuspenseQuery(observers.one(name)).data
  const go = (change: Search): void =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true, resetScroll: false })
  const list = (
    <Link to="/observers" className="hover:underline">
      Observers
    </Link>
  )
  return (
    <Page title={name} heading={<Crumbs list={list}>{name}</Crumbs>} actions={<Export observer={observer} />}>
      <Body label="Observer">
        <Section title="How good it is" note="on problems it had not seen">
          <Told observer={observer} />
        </Section>
        <Section title="Look at these first" note="the likeliest wrong; no verdicts">
          <RankForm name={name} onQueued={(run) => go({ ranking: run })} />
          {ranking && <QueuedRun id={ranking} changes={["observers"]} />}
          <div className="mt-3">
            <Queue name={name} total={observer.ranked} />
          </div>
        </Section>
        <Section title="Exams" note="its labels leave the house only with the newest one passed">
          {observer.exams.length > 0 && <Exams rows={observer.exams} />}
          <div className="mt-3">
            <ExamForm name={name} onQueued={(run) => go({ exam: run })} />
          </div>
          {exam && <QueuedRun id={exam} changes={["observers"]} />}
        </Section>
        <Section title="What counts" note="log-odds of being wrong per standard deviation">
          <Coefficients rows={observer.coefficients} />
        </Section>
      </Body>
    </Page>
  )
}

function Told({ observer }: { observer: Observer }) {
  return (
    <div className="grid gap-x-10 gap-y-3 lg:grid-cols-[minmax(0,1fr)_280px]">
      <div className="flex max-w-3xl flex-col gap-2">
        {quality(observer.quality).map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
        <p className="text-muted">{learned(observer.quality)}</p>
      </div>
      <Facts
        facts={[
          ["Truth", TRUTHS[observer.config.truth]],
          ["Digest", <Short key="digest">{observer.digest}</Short>],
          ["Seed", observer.config.seed],
          ["Fitted", moment(observer.created_at)],
        ]}
      />
    </div>
  )
}

function Export({ observer }: { observer: Observer }) {
  if (!observer.licence)
    return (
      <>
        <span className="text-sm text-muted">{refusal(observer)}</span>
        <button type="button" className="btn" disabled>
          Export labels
        </button>
      </>
    )
  return (
    <a
      className="btn"
      href={`/api/observers/${encodeURIComponent(observer.name)}/labels.jsonl`}
      download={`${observer.name}-labels.jsonl`}
    >
      Export labels
    </a>
  )
}
