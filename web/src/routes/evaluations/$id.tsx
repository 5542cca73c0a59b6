/** One evaluation: its score with the interval, by family, down to every item. */
import { useInfiniteQuery, useSuspenseQuery } from "@tanstack/react-query"
import { createFileRoute, Link } from "@tanstack/react-router"
import { Families } from "@/features/evaluate/Families"
import { ItemList } from "@/features/evaluate/ItemList"
import { evaluations, type ItemFilter, OUTCOMES } from "@/features/evaluate/queries"
import { LineageList } from "@/features/lineage/LineageList"
import { Badge, wordFor } from "@/ui/Badge"
import { Crumbs } from "@/ui/Crumbs"
import { Empty } from "@/ui/Empty"
import { Facts } from "@/ui/Facts"
import { Failure } from "@/ui/Failure"
import { Interval } from "@/ui/Interval"
import { More } from "@/ui/More"
import { NodeLink } from "@/ui/NodeLink"
import { Body, Page, Section } from "@/ui/Page"
import { Skeleton } from "@/ui/Skeleton"
import { count, moment, percent } from "@/ui/words"

type Search = ItemFilter & { item?: string }

export const Route = createFileRoute("/evaluations/$id")({
  validateSearch: (search: Record<string, unknown>): Search => {
    const outcome = OUTCOMES.find((known) => known === search.outcome)
    return {
      ...(outcome ? { outcome } : {}),
      ...(search.family ? { family: String(search.family) } : {}),
      ...(search.item ? { item: String(search.item) } : {}),
    }
  },
  loader: ({ context, params }) => context.queries.ensureQueryData(evaluations.one(params.id)),
  component: EvaluationPage,
})

function EvaluationPage() {
  const { id } = Route.useParams()
  const { data: found } = useSuspenseQuery(evaluations.one(id))
  const list = (
    <Link to="/leaderboard" className="hover:underline">
      Leaderboard
    </Link>
  )
  const heading = (
    <Crumbs list={list}>
      {found.model_id} <span className="font-normal text-muted">on {found.suite}</span>
    </Crumbs>
  )
  return (
    <Page
      title={`${found.model_id} on ${found.suite}`}
      heading={heading}
      actions={<Badge value={found.status} />}
    >
      <Body label="Evaluation">
        <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_320px]">
          <div className="min-w-0">
            <p className="text-xl font-semibold tabular-nums">{percent(found.accuracy)} right</p>
            <p className="text-muted">
              {count(found.n_correct)} of {count(found.n_items)} items; 95% interval {percent(found.ci_low)}{" "}
              to {percent(found.ci_high)}
              {found.n_missing > 0 && `; ${count(found.n_missing)} missing count as wrong`}
            </p>
            <Interval value={found.accuracy} low={found.ci_low} high={found.ci_high} />
          </div>
          <div>
            <Facts
              facts={[
                ["Suite", found.suite],
                [
                  "Dataset",
                  found.dataset_key && (
                    <NodeLink key="dataset" node={{ kind: "dataset", id: found.dataset_key, label: "" }} />
                  ),
                ],
                ["Measured", moment(found.created_at)],
                [
                  "Run",
                  <Link key="run" to="/runs/$id" params={{ id: found.run_id }} className="link">
                    {found.run_id.slice(-8)}
                  </Link>,
                ],
              ]}
            />
          </div>
        </div>
        <Items />
        <Section title="Lineage">
          <LineageList kind="evaluation" ids={[id]} />
        </Section>
      </Body>
    </Page>
  )
}

function Items() {
  const { id } = Route.useParams()
  const { item, ...filter } = Route.useSearch()
  const navigate = Route.useNavigate()
  const { data: found } = useSuspenseQuery(evaluations.one(id))
  const items = useInfiniteQuery(evaluations.items(id, filter))
  const rows = items.data?.pages.flatMap((page) => page.data) ?? []
  const set = (change: { outcome?: ItemFilter["outcome"]; family?: string | undefined }): void => {
    const { outcome, family } = { ...filter, ...change }
    void navigate({
      search: { ...(outcome ? { outcome } : {}), ...(family ? { family } : {}) },
      resetScroll: false,
    })
  }
  return (
    <>
      {found.families.length > 0 && (
        <Section title="By family">
          <Families families={found.families} chosen={filter.family} onChoose={(family) => set({ family })} />
        </Section>
      )}
      <Section title="Items" note={filter.family}>
        <fieldset className="mb-2 flex flex-wrap gap-1">
          <legend className="sr-only">Outcome</legend>
          {[undefined, ...OUTCOMES].map((outcome) => (
            <button
              key={outcome ?? "all"}
              type="button"
              className="btn"
              aria-pressed={filter.outcome === outcome}
              onClick={() => set({ outcome })}
            >
              {outcome ? wordFor(outcome) : "All"}
            </button>
          ))}
        </fieldset>
        {items.error && <Failure error={items.error} retry={() => void items.refetch()} />}
        {items.isPending && <Skeleton />}
        {items.data && rows.length === 0 && <Empty title="No item matches" />}
        {rows.length > 0 && (
          <>
            <ItemList
              items={rows}
              opened={item}
              onOpen={(key) =>
                void navigate({
                  search: { ...filter, ...(key ? { item: key } : {}) },
                  replace: true,
                  resetScroll: false,
                })
              }
            />
            <More
              shown={rows.length}
              busy={items.isFetchingNextPage}
              onMore={items.hasNextPage ? () => void items.fetchNextPage() : null}
            />
          </>
        )}
      </Section>
    </>
  )
}
