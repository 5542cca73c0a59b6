/** One dataset version: what it is made of, its rows, how they are trained, and whether it is intact. */
import { useSuspenseQuery } from "@tanstack/react-query"
import { createFileRoute, Link } from "@tanstack/react-router"
import { lazy, Suspense } from "react"
import { Funnel } from "@/features/curate/Funnel"
import { frozenFunnel } from "@/features/curate/frozen"
import { Composition } from "@/features/datasets/Composition"
import { Diff } from "@/features/datasets/Diff"
import { Downloads } from "@/features/datasets/Downloads"
import { datasets, type Version } from "@/features/datasets/queries"
import { Rows } from "@/features/datasets/Rows"
import { Shards } from "@/features/datasets/Shards"
import { VerifyVersion } from "@/features/datasets/VerifyVersion"
import { VersionFacts } from "@/features/datasets/VersionFacts"
import { LineageList } from "@/features/lineage/LineageList"
import { readSaid, type Said } from "@/features/xray/queries"
import { XrayPanel } from "@/features/xray/XrayPanel"
import { XrayProofs } from "@/features/xray/XrayProofs"
import { Crumbs } from "@/ui/Crumbs"
import { Short } from "@/ui/Facts"
import { Body, Page, Section } from "@/ui/Page"
import { Skeleton } from "@/ui/Skeleton"
import { count, shortId } from "@/ui/words"

const DataCard = lazy(() =>
  import("@/features/datasets/DataCard").then((module) => ({ default: module.DataCard })),
)

const TABS = {
  about: "About",
  rows: "Rows",
  xray: "X-ray",
  diff: "Compare",
  card: "Data card",
  download: "Download",
} as const
type Tab = keyof typeof TABS

interface Search {
  tab?: Tab
  split?: string
  /** The version it is compared with. */
  with?: string
  /** The run that proves it. */
  run?: string
  /** How the X-ray renders it, and how many rows it shows. */
  look?: Said
  shown?: number
}

export const Route = createFileRoute("/datasets/$key")({
  validateSearch: ({ tab, split, with: other, run, look, shown }: Record<string, unknown>): Search => ({
    ...(typeof tab === "string" && tab in TABS && tab !== "about" ? { tab: tab as Tab } : {}),
    ...(split ? { split: String(split) } : {}),
    ...(other ? { with: String(other) } : {}),
    ...(run ? { run: String(run) } : {}),
    ...(look ? { look: readSaid(look) } : {}),
    ...(typeof shown === "number" && shown > 0 ? { shown: Math.min(MOST, Math.floor(shown)) } : {}),
  }),
  loader: ({ context, params }) => context.queries.ensureQueryData(datasets.one(params.key)),
  component: DatasetPage,
})

const MOST = 100

function DatasetPage() {
  const { key } = Route.useParams()
  const asked = Route.useSearch().tab ?? "about"
  const tab = asked in TABS ? asked : "about" // the router keeps what it did not understand
  const { data: version } = useSuspenseQuery(datasets.one(key))
  const list = (
    <Link to="/datasets" className="hover:underline">
      Datasets
    </Link>
  )
  const train = (
    <Link to="/runs/new" search={{ dataset: key }} className="btn">
      Train on this
    </Link>
  )
  return (
    <Page title={key} heading={<Crumbs list={list}>{key}</Crumbs>} actions={train}>
      <nav
        aria-label="Sides of the dataset"
        className="flex flex-wrap gap-1 border-b border-line px-4 py-1.5"
      >
        {(Object.keys(TABS) as Tab[]).map((one) => (
          <Link
            key={one}
            to="/datasets/$key"
            params={{ key }}
            search={one === "about" ? {} : { tab: one }}
            className="btn aria-[current=page]:border-accent aria-[current=page]:bg-sel"
            activeOptions={{ exact: true, includeSearch: true }}
            aria-current={tab === one ? "page" : undefined}
          >
            {TABS[one]}
            {one === "rows" && <span className="text-muted tabular-nums">{count(version.trace_count)}</span>}
          </Link>
        ))}
      </nav>
      <Body label={TABS[tab]}>
        {tab === "about" && <About />}
        {tab === "rows" && <RowsTab />}
        {tab === "xray" && <XrayTab />}
        {tab === "diff" && <DiffTab />}
        {tab === "download" && <Downloads version={version} />}
        {tab === "card" && (
          <Suspense fallback={<Skeleton />}>
            <DataCard dataset={key} />
          </Suspense>
        )}
      </Body>
    </Page>
  )
}

function About() {
  const { key } = Route.useParams()
  const { run } = Route.useSearch()
  const navigate = Route.useNavigate()
  const { data: version } = useSuspenseQuery(datasets.one(key))
  return (
    <>
      <Section title="What it is made of">
        <Composition version={version} />
      </Section>
      <Section title="How it was frozen">
        <VersionFacts version={version} />
      </Section>
      {version.curation && (
        <Section title="How its rows were chosen">
          <Chosen curation={version.curation} />
        </Section>
      )}
      {version.rendering && (
        <Section title="Proven when it was frozen" note={`template ${version.rendering.rendering.template}`}>
          <XrayProofs proofs={version.rendering.proofs} />
        </Section>
      )}
      <Section title="Files">
        {version.shards.length > 0 && <Shards shards={version.shards} />}
        <VerifyVersion
          dataset={key}
          run={run}
          onQueued={(id) => void navigate({ search: { run: id }, replace: true, resetScroll: false })}
        />
      </Section>
      <Section title="Lineage">
        <LineageList kind="dataset" ids={[key]} />
      </Section>
    </>
  )
}

function Chosen({ curation }: { curation: NonNullable<Version["curation"]> }) {
  const funnel = frozenFunnel(curation.funnel)
  return (
    <>
      <p className="mb-2 text-sm text-muted">
        By the curation{" "}
        <Link to="/curate/$id" params={{ id: curation.run_id }} className="link">
          {String(curation.pipeline.name ?? shortId(curation.run_id))}
        </Link>
        , selection <Short>{curation.selection_sha256}</Short>
      </p>
      {funnel.length > 0 && <Funnel funnel={funnel} from={funnel[0]?.came ?? 0} />}
    </>
  )
}

function RowsTab() {
  const { key } = Route.useParams()
  const { split } = Route.useSearch()
  const navigate = Route.useNavigate()
  const { data: version } = useSuspenseQuery(datasets.one(key))
  return (
    <Rows
      version={version}
      split={split}
      onSplit={(one) => void navigate({ search: { tab: "rows", ...(one ? { split: one } : {}) } })}
    />
  )
}

function DiffTab() {
  const { key } = Route.useParams()
  const search = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <Diff
      dataset={key}
      other={search.with}
      onOther={(other) => void navigate({ search: { tab: "diff", ...(other ? { with: other } : {}) } })}
    />
  )
}

function XrayTab() {
  const { key } = Route.useParams()
  const { look = {}, shown } = Route.useSearch()
  const navigate = Route.useNavigate()
  const { data: version } = useSuspenseQuery(datasets.one(key))
  return (
    <XrayPanel
      dataset={key}
      usual={version.rendering?.rendering}
      look={look}
      shown={shown}
      onLook={(next, rows) =>
        void navigate({
          search: {
            tab: "xray",
            ...(Object.keys(next).length > 0 ? { look: next } : {}),
            ...(rows ? { shown: rows } : {}),
          },
          resetScroll: false,
        })
      }
    />
  )
}
