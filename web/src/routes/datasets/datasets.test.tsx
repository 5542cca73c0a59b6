import { screen, waitFor, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { expect, test } from "vitest"
import { USUAL } from "@/features/xray/queries"
import { openPage } from "@/testing"

const MOMENT = "2026-01-01T00:00:00Z"
const RUN = "0198a001-0000-7000-8000-0000deadbeef"
const TRACE = "0198a001-0000-7000-8000-0000feedbee1"
const HASH = "ab".repeat(32)
const KEY = "gsm-1"
const shard = (split: string, rows: number) => ({
  name: `${split}-00000.parquet`,
  split,
  rows,
  size_bytes: 1000,
  sha256: HASH,
  ids_sha256: HASH,
  content_sha256: HASH,
})
const VERSION = {
  dataset_key: KEY,
  build_id: RUN,
  dataset_name: "gsm",
  dataset_version: "1",
  dataset_schema_version: "3",
  created_at: MOMENT,
  filters: {},
  selection_strategy: "random",
  seed: 1,
  trace_count: 10,
  stats: {
    trace_count: 10,
    avg_step_count: 2.89,
    min_step_count: 1,
    max_step_count: 7,
    avg_total_chars: 221,
  },
  session_id: null,
  parent_dataset_id: null,
  training_run_id: null,
  provenance: {},
  content_sha256: HASH,
  file_sha256: HASH,
  size_bytes: 2000,
  verdicts: { right: 8, wrong: 0, undecided: 0, unverified: 2 },
  tool_version: "0.2.0",
  recipe: { query: "source:gsm8k" },
  shards: [shard("train", 9), shard("test", 1)],
  splits: [
    { name: "train", rows: 9, content_sha256: HASH },
    { name: "test", rows: 1, content_sha256: HASH },
  ],
  sources: { gsm8k: 10 },
  models: {},
  parts: {},
  curation: null,
  verifiers: [{ subject: "answer", verifier: "number", version: "2", rows: 8 }],
  licences: { MIT: 10 },
  rendering: null,
}
const summary = (dataset_key: string) => ({
  dataset_key,
  dataset_name: dataset_key,
  dataset_version: "1",
  trace_count: 10,
  content_sha256: HASH,
  created_at: MOMENT,
})
const LIST = {
  data: [summary(KEY), summary("gsm-2")],
  pagination: { limit: 50, offset: 0, next_offset: null },
}
const ONE = {
  [`/api/datasets/${KEY}/version`]: () => VERSION,
  "/api/datasets": () => LIST,
  [`/api/lineage/dataset/${KEY}`]: () => ({ inputs: [], outputs: [] }),
}
const done = (result: unknown) => ({
  id: RUN,
  kind: "prove",
  name: "verify gsm-1",
  status: "completed",
  progress: null,
  error: null,
  result,
})

test("a version shows what it is made of, and what is damaged once it was verified", async () => {
  const faults = [{ where: "train-00000.parquet", what: "its bytes have another sha256 <b>" }]
  openPage(`/datasets/${KEY}`, {
    ...ONE,
    [`/api/datasets/${KEY}/verify`]: () => ({ run_id: RUN, status: "pending" }),
    [`/api/runs/${RUN}`]: () => done({ ok: false, rows: 10, shards: 2, faults }),
  })
  const splits = await screen.findByRole("list", { name: "Splits" })
  expect(within(splits).getByText("90.0%")).toBeTruthy()
  expect(screen.getByRole("link", { name: "gsm8k" }).getAttribute("href")).toContain("source%3Agsm8k")
  expect(screen.getByText("source:gsm8k")).toBeTruthy()

  await userEvent.click(screen.getByRole("button", { name: "Verify now" }))

  const found = await screen.findByRole("list", { name: "Faults" })
  expect(found.textContent).toContain("train-00000.parquet: its bytes have another sha256 <b>")
  expect(screen.getByText(/not what it was: 1 fault\./)).toBeTruthy()
})

test("rows come page by page, of one split where it is chosen", async () => {
  const row = (place: number) => ({
    place,
    trace_id: TRACE,
    split: "train",
    weight: 0.25,
    source: "gsm8k",
    model: null,
    group: "g",
    prompt: `How many eggs in nest ${place}?`,
    final_answer: "5",
    step_count: 2,
    verdict: "right",
    first_error: null,
  })
  const asked = openPage(`/datasets/${KEY}?tab=rows`, {
    ...ONE,
    [`/api/datasets/${KEY}/rows`]: (query) => {
      const start = Number(query.get("start"))
      return { data: [row(start)], pagination: { limit: 25, start, next_start: start === 0 ? 4 : null } }
    },
  })
  const rows = await screen.findByRole("list", { name: "Traces" })
  expect(within(rows).getByText("× 0.2500")).toBeTruthy()
  await userEvent.click(screen.getByRole("button", { name: "Show more" }))
  expect(await screen.findByText("How many eggs in nest 4?")).toBeTruthy()

  await userEvent.click(screen.getByRole("button", { name: "test" }))
  await waitFor(() => expect(asked.some((one) => one.includes("split=test"))).toBe(true))
})

test("another version is compared row by row", async () => {
  const changed = {
    kind: "changed",
    trace_id: TRACE,
    prompt: "How many eggs?",
    final_answer: "5",
    changes: { split: ["test", "train"] },
  }
  openPage(`/datasets/${KEY}?tab=diff`, {
    ...ONE,
    [`/api/datasets/${KEY}/diff/gsm-2`]: () => ({
      before: KEY,
      after: "gsm-2",
      same: 9,
      added: 0,
      removed: 0,
      changed: 1,
      rows: [changed],
    }),
  })
  await screen.findByRole("option", { name: "gsm-2" })
  await userEvent.selectOptions(screen.getByRole("combobox", { name: /became of it/ }), "gsm-2")

  const rows = await screen.findByRole("list", { name: "Rows changed" })
  expect(rows.textContent).toContain("split: test → train")
})

test("a version is downloaded in the formats that the server writes, by split", async () => {
  const format = (name: string, kind: string) => ({
    name,
    kind,
    file: "",
    description: `${name} rows`,
    read_by: "TRL",
  })
  openPage(`/datasets/${KEY}?tab=download`, {
    ...ONE,
    "/api/datasets/exports": () => [format("trl", "lines"), format("huggingface", "folder")],
  })
  const link = await screen.findByRole("link", { name: "trl" })
  expect(link.getAttribute("href")).toBe(`/api/datasets/${KEY}/export/trl?split=each`)
  await userEvent.selectOptions(screen.getByRole("combobox", { name: "Of which split" }), "test")

  expect(link.getAttribute("href")).toBe(`/api/datasets/${KEY}/export/trl?split=test`)
  expect(link.getAttribute("download")).toBe(`${KEY}-trl-test.jsonl`)
  expect(screen.getByRole("link", { name: "huggingface" }).getAttribute("download")).toBe(
    `${KEY}-huggingface.zip`,
  )
})

const proof = (name: string, ok: boolean) => ({
  name,
  says: `promise ${name}`,
  ok,
  broken: ok ? 0 : 2,
  examples: ok ? [] : [{ row: TRACE, why: "It has 345 tokens, and 128 fit." }],
})
const XRAY = {
  rendering: {},
  tokenizer: { name: null, size: 96, sha256: HASH, begin: "<bos>", end: "<eos>" },
  rows: [
    {
      id: TRACE,
      split: "train",
      fate: "too_long",
      length: 6,
      trained: 2,
      given: 2,
      ids: [1, 2, 3, 4, 5],
      tokens: ["<bos>", "Hi", "\n", "2+2", "=4"],
      spans: [
        { start: 0, end: 2, kind: "prompt", step: null, step_type: null, weight: 0 },
        { start: 2, end: 3, kind: "frame", step: null, step_type: null, weight: 1 },
        { start: 3, end: 5, kind: "step", step: 0, step_type: "compute", weight: 0.5 },
      ],
      verdict: "right",
      first_error: null,
      step_verdicts: ["right"],
    },
  ],
  complete: true,
  proofs: {
    ok: false,
    proofs: [proof("worded", true), proof("fits", false)],
    numbers: {
      rows: 9,
      trained_rows: 7,
      left_out: 0,
      tokens: 1000,
      trained_tokens: 600,
      kinds: [{ kind: "step", tokens: 800, trained: 600, weight: 600 }],
      step_types: [{ type: "compute", steps: 20, tokens: 800, trained: 600, weight: 600 }],
      lengths: {
        shortest: 100,
        median: 300,
        p95: 500,
        p99: 700,
        longest: 1045,
        mean: 310,
        bins: [
          { low: 100, high: 572, value: 0, rows: 8 },
          { low: 573, high: 1045, value: 0, rows: 1 },
        ],
      },
      cut: { rows: 2, tokens: 400, answers: 2 },
    },
    tokenizer_sha256: HASH,
    first_batch_sha256: null,
  },
}

test("an X-ray says in words what is learned, and makes room where a row is too long", async () => {
  const looks: unknown[] = []
  openPage(`/datasets/${KEY}?tab=xray`, {
    ...ONE,
    [`/api/datasets/${KEY}/xray`]: (_, sent) => {
      looks.push(sent)
      return XRAY
    },
  })
  const rows = await screen.findByRole("list", { name: "Rows" })
  expect(rows.textContent).toContain("prompt · not learned")
  expect(rows.textContent).toContain("step 1 · compute · weight 0.5000")
  expect(within(rows).getByText("2+2=4").className).toBe("taught-less")
  expect(within(rows).getByText("↵").className).toBe("taught-full")
  expect(rows.textContent).toContain("and 1 tokens more")
  expect(screen.getByRole("region", { name: "Types of steps" }).textContent).toContain("75.0%")

  await userEvent.click(screen.getByRole("button", { name: /Make room for the longest/ }))
  await waitFor(() => expect(looks).toHaveLength(2))
  // Nothing was proven when it was frozen, so there is room for any character at first.
  expect(looks[0]).toMatchObject({ rendering: { template: "think", vocab_size: 512 } })
  expect(looks[1]).toMatchObject({ rendering: { vocab_size: 512, max_seq_length: 1045 } })
})

test("an X-ray begins with the rendering that was proven", async () => {
  const looks: unknown[] = []
  const proven = { ...USUAL, template: "r1", vocab_size: 64 }
  openPage(`/datasets/${KEY}?tab=xray`, {
    ...ONE,
    [`/api/datasets/${KEY}/version`]: () => ({ ...VERSION, rendering: { rendering: proven } }),
    [`/api/datasets/${KEY}/xray`]: (_, sent) => {
      looks.push(sent)
      return XRAY
    },
  })
  await screen.findByRole("list", { name: "Rows" })
  expect(looks).toMatchObject([{ rendering: proven }])
})

test("a data card is read as text, whatever stands in it", async () => {
  openPage(`/datasets/${KEY}?tab=card`, {
    ...ONE,
    [`/api/datasets/${KEY}/card.md`]: () =>
      new Response("---\nlicense: mit\n---\n\n# gsm 1\n\n<script>1</script> 10 traces"),
  })
  const card = await screen.findByRole("article", { name: "Data card" })
  expect(await within(card).findByRole("heading", { name: "gsm 1" })).toBeTruthy()
  expect(within(card).getByRole("region", { name: "Metadata for the hub" }).textContent).toBe("license: mit")
  expect(card.querySelector("script")).toBeNull()
})

test("a mixture is put together, frozen and shown", async () => {
  let sent: unknown
  openPage("/datasets/new?source=mixture", {
    "/api/datasets": () => LIST,
    "/api/curations": () => ({ data: [], next_cursor: null }),
    "/api/traces/facets": (query) => ({ total: query.get("query") ? 30 : 1000 }),
    "/api/datasets/builds": (_, body) => {
      sent = body
      return { run_id: RUN, status: "pending" }
    },
    [`/api/runs/${RUN}`]: () => done({}),
  })
  const parts = await screen.findByRole("list", { name: "Parts" })
  await userEvent.type(within(parts).getAllByLabelText(/Its traces/)[1] as HTMLElement, "source:small")
  await userEvent.tab()
  expect(await screen.findByText(/At most 60 rows together: part 2 has no more than 30/)).toBeTruthy()
  await userEvent.type(screen.getByLabelText("Name"), "mixed")
  await userEvent.click(screen.getByRole("button", { name: "Freeze" }))

  expect((await screen.findByRole("link", { name: "mixed-1" })).getAttribute("href")).toBe(
    "/datasets/mixed-1",
  )
  expect(sent).toMatchObject({
    dataset_name: "mixed",
    dataset_version: "1",
    limit: 10_000,
    splits: { train: 0.9, test: 0.1 },
    mixture: [
      { name: "part 1", query: "", share: 50 },
      { name: "part 2", query: "source:small", share: 50 },
    ],
  })
})

test("what a curation kept is frozen, proven for a rendering", async () => {
  let sent: unknown
  const curation = {
    run_id: RUN,
    name: "clean",
    status: "completed",
    progress: null,
    dry_run: false,
    looked_at: 9,
    kept: 3,
    created_at: MOMENT,
  }
  openPage(`/datasets/new?curation=${RUN}`, {
    "/api/datasets": () => LIST,
    "/api/curations": () => ({
      data: [curation, { ...curation, run_id: TRACE, dry_run: true }],
      next_cursor: null,
    }),
    "/api/datasets/builds": (_, body) => {
      sent = body
      return Response.json(
        { detail: "gsm-1 is there already", hint: "Take another version." },
        { status: 409 },
      )
    },
  })
  const choice = await screen.findByRole("combobox", { name: "Curation" })
  expect(within(choice).getAllByRole("option")).toHaveLength(1)
  await userEvent.type(screen.getByLabelText("Name"), "gsm")
  await userEvent.click(screen.getByRole("checkbox", { name: /Prove how it will be rendered/ }))
  await userEvent.click(screen.getByRole("button", { name: "Freeze" }))

  expect((await screen.findByRole("alert")).textContent).toContain(
    "gsm-1 is there already Take another version.",
  )
  expect(sent).toMatchObject({
    curation: RUN,
    rendering: { template: "think", max_seq_length: 128 },
    despite: [],
  })
  expect(sent).not.toHaveProperty("query")
})
