/** One model: its versions, and the way back to the traces it learned from. */
import { useSuspenseQuery } from "@tanstack/react-query"
import { createFileRoute, Link } from "@tanstack/react-router"
import { LineageList } from "@/features/lineage/LineageList"
import { models } from "@/features/registry/queries"
import { VersionList } from "@/features/registry/VersionList"
import { Crumbs } from "@/ui/Crumbs"
import { Empty } from "@/ui/Empty"
import { Body, Page, Section } from "@/ui/Page"

export const Route = createFileRoute("/models/$id")({
  loader: ({ context, params }) => context.queries.ensureQueryData(models.one(params.id)),
  component: ModelPage,
})

function ModelPage() {
  const { id } = Route.useParams()
  const navigate = Route.useNavigate()
  const { data: model } = useSuspenseQuery(models.one(id))
  const list = (
    <Link to="/models" className="hover:underline">
      Models
    </Link>
  )
  return (
    <Page title={model.name} heading={<Crumbs list={list}>{model.name}</Crumbs>}>
      <Body label="Model">
        {model.description && <p className="mb-4 max-w-prose">{model.description}</p>}
        <Section title="Versions" note={String(model.versions.length)}>
          {model.versions.length > 0 ? (
            <VersionList
              versions={model.versions}
              onQueued={(run) => void navigate({ to: "/runs/$id", params: { id: run } })}
            />
          ) : (
            <Empty title="No version yet" />
          )}
        </Section>
        <Section title="Lineage">
          <LineageList kind="model" ids={[id]} />
        </Section>
      </Body>
    </Page>
  )
}
