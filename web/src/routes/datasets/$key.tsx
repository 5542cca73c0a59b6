/** One dataset version: its manifest, its traces, and what was made with it. */
import { useSuspenseQuery } from "@tanstack/react-query"
import { createFileRoute, Link } from "@tanstack/react-router"
import { ManifestFacts } from "@/features/datasets/ManifestFacts"
import { datasets } from "@/features/datasets/queries"
import { LineageList } from "@/features/lineage/LineageList"
import { TracesById } from "@/features/traces/TracesById"
import { Crumbs } from "@/ui/Crumbs"
import { Body, Page, Section } from "@/ui/Page"
import { count } from "@/ui/words"

export const Route = createFileRoute("/datasets/$key")({
  loader: ({ context, params }) => context.queries.ensureQueryData(datasets.one(params.key)),
  component: DatasetPage,
})

function DatasetPage() {
  const { key } = Route.useParams()
  const { data: manifest } = useSuspenseQuery(datasets.one(key))
  const list = (
    <Link to="/datasets" className="hover:underline">
      Datasets
    </Link>
  )
  const download = (
    <a
      className="btn"
      href={`/api/datasets/${encodeURIComponent(key)}/export.jsonl`}
      download={`${key}.jsonl`}
    >
      Download JSONL
    </a>
  )
  return (
    <Page title={key} heading={<Crumbs list={list}>{key}</Crumbs>} actions={download}>
      <Body label="Dataset">
        <Section title="Manifest">
          <ManifestFacts manifest={manifest} />
        </Section>
        <Section title="Lineage">
          <LineageList kind="dataset" ids={[key]} />
        </Section>
        <Section title="Traces" note={count(manifest.trace_count)}>
          <TracesById ids={manifest.trace_ids} />
        </Section>
      </Body>
    </Page>
  )
}
