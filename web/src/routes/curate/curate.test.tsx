import { screen, waitFor, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { expect, test } from "vitest"
import { openPage } from "@/testing"

const MOMENT = "2026-01-01T00:00:00Z"
const RUN = "0198a001-0000-7000-8000-0000deadbeef"
const ONE = "0198a001-0000-7000-8000-0000feedbee1"
const TWO = "0198a001-0000-7000-8000-0000feedbee2"
const FACETS = { total: 7, sources: [], models: [], verdicts: [], labels: [], types: [] }
const SUMMARY = {
  run_id: RUN,
  name: "clean",
  status: "completed",
  progress: null,
  dry_run: false,
  looked_at: 10,
  kept: 4,
  created_at: MOMENT,
}
const CURATION = {
  ...SUMMARY,
  pipeline: {
    name: "clean",
    filter: { source: "gsm8k", meta: [], deleted: false, q: null },
    stages: [{ stage: "near-dedup", options: { jaccard: 0.7 } }],
    seed: 3,
    limit: null,
  },
  sample: null,
  funnel: [
    {
      place: 0,
      stage: "near-dedup",
      came: 10,
      kept: 4,
      reasons: [{ reason: "near duplicate", traces: 6, examples: [ONE] }],
    },
  ],
  selection_sha256: "ab".repeat(32),
  pipeline_sha256: "cd".repeat(32),
  versions: { "near-dedup": "1" },
  error: null,
}
const number = (most: number) => ({ anyOf: [{ type: "number", maximum: most }, { type: "null" }] })
const STAGES = [
  {
    name: "decontaminate",
    version: "1",
    summary: "Drop what holds an item.",
    options: {
      properties: {
        suites: { type: "array", items: { type: "string" }, default: [] },
      },
    },
  },
  {
    name: "near-dedup",
    version: "1",
    summary: "Keep the best of equals.",
    options: {
      properties: {
        jaccard: { ...number(1), default: 0.8, description: "Of the text as it is." },
        masked: { ...number(1), default: null },
      },
    },
  },
  {
    name: "verified",
    version: "1",
    summary: "Keep what is right.",
    options: {
      properties: {
        keep: { type: "array", items: { type: "string", enum: ["right", "none"] }, default: ["right"] },
      },
    },
  },
]
const LIST = {
  "/api/curations": () => ({ data: [SUMMARY], next_cursor: null }),
  "/api/curate/stages": () => ({ data: STAGES }),
  "/api/suites": () => ({ data: [{ name: "gsm8k-test" }], pagination: { next_offset: null } }),
  "/api/traces/facets": () => FACETS,
}
const decision = (trace_id: string, more: object = {}) => ({
  trace_id,
  kept: false,
  place: null,
  weight: null,
  part: null,
  stage_place: 0,
  stage: "near-dedup",
  reason: "near duplicate",
  evidence: { similarity: 0.9, text: "raw" },
  twin_id: TWO,
  prompt: "How many <b>eggs</b>?",
  final_answer: "5",
  ...more,
})
const nothing = { [`/api/curations/${RUN}/decisions`]: () => ({ data: [], next_cursor: null }) }

test("a pipeline is put together by buttons, and tried without anything being frozen", async () => {
  let sent: unknown
  openPage("/curate?query=source:gsm8k", {
    ...LIST,
    "/api/curations": (_, body) => {
      if (!body) return { data: [SUMMARY], next_cursor: null }
      sent = body
      return { run_id: RUN, status: "pending" }
    },
    [`/api/curations/${RUN}`]: () => CURATION,
    ...nothing,
  })
  expect((await screen.findByRole("region", { name: "Curations" })).textContent).toContain("4 of 10")

  const add = async (stage: string) => {
    await userEvent.selectOptions(screen.getByRole("combobox", { name: "Stage to add" }), stage)
    await userEvent.click(screen.getByRole("button", { name: "Add" }))
  }
  await add("near-dedup")
  await add("decontaminate")
  await userEvent.click(screen.getByRole("button", { name: "Move stage 3, decontaminate up" }))
  await userEvent.click(screen.getByRole("button", { name: "Take stage 1, verified out" }))
  const [first, second] = within(screen.getByRole("list", { name: "Stages" })).getAllByRole("listitem")
  await userEvent.click(within(first as HTMLElement).getByRole("checkbox", { name: /gsm8k-test/ }))
  expect((second as HTMLElement).textContent).toContain("Of the text as it is.")
  await userEvent.clear(within(second as HTMLElement).getByLabelText(/jaccard/))
  await userEvent.type(within(second as HTMLElement).getByLabelText(/masked/), "0.9")
  await userEvent.click(screen.getByRole("button", { name: "Try it" }))

  expect(await screen.findByRole("heading", { name: /clean/ })).toBeTruthy()
  expect(sent).toEqual({
    pipeline: {
      name: "curation",
      filter: "source:gsm8k",
      stages: [
        { stage: "decontaminate", options: { suites: ["gsm8k-test"] } },
        { stage: "near-dedup", options: { jaccard: null, masked: 0.9 } },
      ],
      seed: 0,
      limit: null,
    },
    dry_run: true,
    sample: null,
  })
})

test("the pipeline of an earlier curation is begun with", async () => {
  openPage(`/curate?from=${RUN}`, { ...LIST, [`/api/curations/${RUN}`]: () => CURATION })

  expect((await screen.findByLabelText("Name")).getAttribute("value")).toBe("clean")
  expect(screen.getByRole("list", { name: "Stages" }).textContent).toContain("jaccard = 0.7")
})

test("a funnel says how many were dropped and why, and shows which", async () => {
  const asked = openPage(`/curate/${RUN}`, {
    [`/api/curations/${RUN}`]: () => CURATION,
    [`/api/curations/${RUN}/decisions`]: () => ({ data: [decision(ONE)], next_cursor: null }),
  })
  const funnel = await screen.findByRole("list", { name: "Funnel" })
  expect(funnel.textContent).toContain("4 of 10 kept, 6 dropped")
  await userEvent.click(within(funnel).getByRole("button", { name: "near duplicate 6" }))

  await waitFor(() =>
    expect(asked.some((one) => one.includes("stage=near-dedup&reason=near%20duplicate"))).toBe(true),
  )
  const rows = await screen.findByRole("list", { name: "Decisions" })
  expect(rows.textContent).toContain("How many <b>eggs</b>?")
  expect(rows.textContent).toContain("similarity 0.9000, text raw")
  expect(within(rows).getByRole("link", { name: "side by side" }).getAttribute("href")).toContain(TWO)
  expect(screen.getByText("source:gsm8k")).toBeTruthy()
  expect(screen.getByRole("link", { name: "Freeze this" }).getAttribute("href")).toContain(RUN)
})

test("a contaminated trace stands beside the item, with what they share marked", async () => {
  const quoted = (text: string) => ({ text, start: 2, end: 6 })
  const hit = {
    trace_id: ONE,
    suite: "gsm8k-test",
    item: "gsm8k/test/0",
    rule: "any-gram",
    text: "masked",
    share: 1,
    part: "prompt",
    trace: quoted("🍎 eggs <i>"),
    original: quoted("& eggs too"),
  }
  openPage(`/curate/${RUN}?side=hits`, {
    [`/api/curations/${RUN}`]: () => CURATION,
    [`/api/curations/${RUN}/hits`]: () => ({
      data: [hit, { ...hit, trace_id: TWO, suite: "", original: null }],
      next_cursor: null,
    }),
  })
  const hits = await screen.findByRole("list", { name: "Hits" })
  expect(
    within(hits)
      .getAllByText("eggs")
      .map((one) => one.tagName),
  ).toEqual(["MARK", "MARK", "MARK"])
  expect(hits.textContent).toContain("with digits masked")
  expect(within(hits).getByText("Its text is not stored any more.")).toBeTruthy()
})

test("a dry run keeps nothing to freeze, and clusters show who was kept", async () => {
  openPage(`/curate/${RUN}?side=clusters`, {
    [`/api/curations/${RUN}`]: () => ({ ...CURATION, dry_run: true }),
    [`/api/curations/${RUN}/clusters`]: () => ({
      data: [{ trace_id: TWO, prompt: "The best one", size: 4, members: [decision(ONE)] }],
      next_cursor: null,
    }),
  })
  const clusters = await screen.findByRole("list", { name: "Clusters" })
  expect(clusters.textContent).toContain("The best one")
  expect(clusters.textContent).toContain("and 2 more")
  expect(screen.queryByRole("link", { name: "Freeze this" })).toBeNull()
})
