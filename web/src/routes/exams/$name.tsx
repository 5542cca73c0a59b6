/** One exam: what it is made of, how checkers did on it, every planted error. */
import { useInfiniteQuery, useSuspenseQuery } from "@tanstack/react-query"
import { createFileRoute, Link } from "@tanstack/react-router"
import { Exports } from "@/features/exams/Exports"
import { Items } from "@/features/exams/Items"
import { Kinds } from "@/features/exams/Kinds"
import { isKind, kindWords } from "@/features/exams/kinds"
import { exams, type Kind } from "@/features/exams/queries"
import { Scores } from "@/features/exams/Scores"
import { SitExam } from "@/features/exams/SitExam"
import { Crumbs } from "@/ui/Crumbs"
import { Facts, Short } from "@/ui/Facts"
import { Failure } from "@/ui/Failure"
import { More } from "@/ui/More"
import { NodeLink } from "@/ui/NodeLink"
import { Body, Page, Section } from "@/ui/Page"
import { QueuedRun } from "@/ui/QueuedRun"
import { Skeleton } from "@/ui/Skeleton"
import { count, moment } from "@/ui/words"

interface Search {
  kind?: Kind
  /** The run in which a verifier sits the exam. */
  run?: string
}

export const Route = createFileRoute("/exams/$name")({
  validateSearch: ({ kind, run }: Record<string, unknown>): Search => ({
    ...(isKind(kind) ? { kind } : {}),
    ...(run ? { run: String(run) } : {}),
  }),
  loader: ({ context: { queries }, params: { name } }) =>
    Promise.all([queries.ensureQueryData(exams.one(name)), queries.ensureQueryData(exams.scores(name))]),
  component: ExamPage,
})

function ExamPage() {
  const { name } = Route.useParams()
  const { run } = Route.useSearch()
  const navigate = Route.useNavigate()
  const exam = useSuspenseQuery(exams.one(name)).data
  const scores = useSuspenseQuery(exams.scores(name)).data.data
  const list = (
    <Link to="/exams" className="hover:underline">
      Exams
    </Link>
  )
  return (
    <Page title={name} heading={<Crumbs list={list}>{name}</Crumbs>}>
      <Body label="Exam">
        <Section title="What it is made of" note={`${count(exam.items)} items, each with its clean twin`}>
          <div className="grid gap-x-10 gap-y-3 lg:grid-cols-[minmax(0,1fr)_320px]">
            <Kinds exam={exam} />
            <Facts
              facts={[
                ["Digest", <Short key="digest">{exam.digest}</Short>],
                ["Seed", exam.config.seed],
                ["Made", moment(exam.created_at)],
                [
                  "By",
                  exam.run_id && <NodeLink key="run" node={{ kind: "run", id: exam.run_id, label: "" }} />,
                ],
              ]}
            />
          </div>
        </Section>
        <Section title="Scores">
          {scores.length > 0 ? (
            <Scores scores={scores} />
          ) : (
            <p className="mb-2 text-muted">Nobody has sat it yet.</p>
          )}
          <div className="mt-3">
            <SitExam
              name={name}
              onQueued={(id) =>
                void navigate({
                  search: (before) => ({ ...before, run: id }),
                  replace: true,
                  resetScroll: false,
                })
              }
            />
          </div>
          {run && <QueuedRun id={run} changes={["exams", "scores", name]} />}
        </Section>
        <Section title="Download">
          <Exports name={name} />
        </Section>
        <Listed />
      </Body>
    </Page>
  )
}

function Listed() {
  const { name } = Route.useParams()
  const { kind } = Route.useSearch()
  const navigate = Route.useNavigate()
  const exam = useSuspenseQuery(exams.one(name)).data
  const items = useInfiniteQuery(exams.items(name, kind))
  const rows = items.data?.pages.flatMap((page) => page.data) ?? []
  const kinds = [...new Set(exam.kinds.map((one) => one.kind))]
  return (
    <Section title="Items">
      <fieldset className="mb-2 flex flex-wrap gap-1">
        <legend className="sr-only">Kind of error</legend>
        {[undefined, ...kinds].map((one) => (
          <button
            key={one ?? "all"}
            type="button"
            className="btn"
            aria-pressed={kind === one}
            onClick={() =>
              void navigate({
                search: ({ kind: _, ...rest }) => ({ ...rest, ...(one ? { kind: one } : {}) }),
                resetScroll: false,
              })
            }
          >
            {one ? kindWords(one) : "All"}
          </button>
        ))}
      </fieldset>
      {items.error && <Failure error={items.error} retry={() => void items.refetch()} />}
      {items.isPending && <Skeleton />}
      {rows.length > 0 && (
        <>
          <Items items={rows} />
          <More
            shown={rows.length}
            busy={items.isFetchingNextPage}
            onMore={items.hasNextPage ? () => void items.fetchNextPage() : null}
          />
        </>
      )}
    </Section>
  )
}
