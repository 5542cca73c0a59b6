import { screen } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { expect, test } from "vitest"
import { openPage } from "@/testing"

const MOMENT = "2026-01-01T00:00:00Z"
const RUN = "0198a001-0000-7000-8000-0000deadbeef"
const MODEL = {
  id: "0198a001-0000-7000-8000-0000feedbee1",
  name: "gemma",
  description: null,
  task_type: null,
  created_at: MOMENT,
  updated_at: MOMENT,
  latest_version: "v1",
}
const VERSION = {
  id: "0198a001-0000-7000-8000-0000feedbee2",
  artifact_id: MODEL.id,
  version: "v1",
  source_run_id: RUN,
  status: "available",
  metrics_json: {},
  config_json: {},
  provenance_json: {},
  storage_uri: "",
  sha256: "ab".repeat(32),
  size_bytes: 1000,
  created_at: MOMENT,
}
const queued = () => Response.json({ run_id: RUN, status: "pending" }, { status: 202 })
const STARTED = {
  [`/api/runs/${RUN}`]: () => ({
    id: RUN,
    kind: "import-model",
    name: "the run that was asked for",
    status: "pending",
    progress: null,
    attempt: 1,
    after: [],
    held_by: [],
    priority: 0,
    device: null,
    config: {},
    result: {},
    error: null,
    inputs: [],
    outputs: [],
    created_at: MOMENT,
    started_at: null,
    completed_at: null,
  }),
  [`/api/runs/${RUN}/metrics`]: () => ({ points: [], total: 0 }),
}

test("a checkpoint is imported under a name, in a run", async () => {
  const sent: unknown[] = []
  openPage("/models", {
    "/api/models": () => [MODEL],
    "/api/models/import": (_query, body) => {
      sent.push(body)
      return queued()
    },
    ...STARTED,
  })

  await userEvent.type(await screen.findByLabelText(/^Folder of the server/), "google/gemma-3-270m")
  await userEvent.type(screen.getByLabelText(/^Name/), "gemma")
  await userEvent.click(screen.getByRole("button", { name: "Import" }))

  expect(await screen.findByRole("heading", { name: /the run that was asked for/ })).toBeTruthy()
  expect(sent).toEqual([
    { source: "google/gemma-3-270m", parity: true, name: "gemma", version_label: null, description: null },
  ])
})

test("a checkpoint is only checked, and why a folder is refused is said", async () => {
  const sent: unknown[] = []
  openPage("/models", {
    "/api/models": () => [],
    "/api/models/check": (_query, body) => {
      sent.push(body)
      return Response.json({ detail: "It lies outside.", hint: "Name another." }, { status: 403 })
    },
  })

  await userEvent.type(await screen.findByLabelText(/^Folder of the server/), "/etc")
  await userEvent.click(screen.getByRole("radio", { name: "Only check it" }))
  await userEvent.click(screen.getByRole("checkbox", { name: /Compare its logits/ }))
  await userEvent.click(screen.getByRole("button", { name: "Check" }))

  expect((await screen.findByRole("alert")).textContent).toBe("It lies outside. Name another.")
  expect(sent).toEqual([{ source: "/etc", parity: false }])
})

test("a version is exported as one file, in a run", async () => {
  const sent: unknown[] = []
  openPage(`/models/${MODEL.id}`, {
    [`/api/models/${MODEL.id}`]: () => ({ ...MODEL, versions: [VERSION] }),
    [`/api/lineage/model/${MODEL.id}`]: () => ({ inputs: [], outputs: [] }),
    [`/api/models/versions/${VERSION.id}/export`]: (_query, body) => {
      sent.push(body)
      return queued()
    },
    ...STARTED,
  })

  await userEvent.click(await screen.findByText("Export v1"))
  await userEvent.selectOptions(screen.getByRole("combobox", { name: "Format" }), "gguf")
  await userEvent.selectOptions(screen.getByRole("combobox", { name: "Numbers" }), "q8_0")
  await userEvent.click(screen.getByRole("button", { name: "Write it" }))

  expect(await screen.findByRole("heading", { name: /the run that was asked for/ })).toBeTruthy()
  expect(sent).toEqual([{ format: "gguf", max_shard_size: "5GB", outtype: "q8_0", folder: null }])
})
