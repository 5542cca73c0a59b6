/** Models: what was trained and registered, and a form that brings in what others made. */
import { useSuspenseQuery } from "@tanstack/react-query"
import { createFileRoute } from "@tanstack/react-router"
import { BringForm } from "@/features/registry/BringForm"
import { ModelTable } from "@/features/registry/ModelTable"
import { models } from "@/features/registry/queries"
import { Command, Empty } from "@/ui/Empty"
import { Body, Page, Section } from "@/ui/Page"

export const Route = createFileRoute("/models/")({
  staticData: { nav: { group: "Train", label: "Models", order: 7, key: "m" } },
  loader: ({ context }) => context.queries.ensureQueryData(models.list),
  component: ModelsPage,
})

function ModelsPage() {
  const { data } = useSuspenseQuery(models.list)
  const navigate = Route.useNavigate()
  return (
    <Page title="Models">
      <Body label="Models list">
        {data.length > 0 ? (
          <ModelTable rows={data} />
        ) : (
          <Empty title="No models yet">
            A finished training can be registered here, with all it was made from.
            <Command>tunix-rt registry --help</Command>
          </Empty>
        )}
        <Section title="Bring a model in">
          <BringForm
            names={data.map((model) => model.name)}
            onQueued={(run) => void navigate({ to: "/runs/$id", params: { id: run } })}
          />
        </Section>
      </Body>
    </Page>
  )
}
