import { fireEvent, screen, waitFor, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { expect, test } from "vitest"
import { openPage } from "@/testing"

const ID = "0198a001-0000-7000-8000-0000deadbeef"
const SCHEMA = {
  properties: {
    name: { type: "string", default: "recipe" },
    method: {
      type: "string",
      enum: ["sft", "lora"],
      default: "sft",
      description: "`sft` trains every weight,\n`lora` small matrices.",
    },
    batch_size: { type: "integer", default: 32, minimum: 1, maximum: 65536 },
    optimizer: { $ref: "#/$defs/Optimizer", default: { learning_rate: 0.012 } },
    lora: { $ref: "#/$defs/Lora", default: { rank: 8 } },
    steps: { default: null },
    epochs: { default: null },
  },
  $defs: {
    Optimizer: { properties: { learning_rate: { type: "number", default: 0.012 } } },
    Lora: { properties: { rank: { type: "integer", default: 8, minimum: 1 } } },
  },
}
const SMALL = { name: "small", method: "sft", batch_size: 16, steps: 20, optimizer: { learning_rate: 0.02 } }
const EARLIER = { ...SMALL, name: "earlier", batch_size: 4 }
const dataset = (dataset_key: string, trace_count: number) => ({ dataset_key, trace_count })
const run = (config: object) => ({
  id: ID,
  kind: "train",
  name: "train earlier on sums-1",
  status: "completed",
  progress: null,
  attempt: 1,
  after: [],
  held_by: [],
  priority: 0,
  device: null,
  config,
  result: {},
  error: null,
  inputs: [],
  outputs: [],
  created_at: "2026-01-01T00:00:00Z",
  started_at: null,
  completed_at: null,
})
const CHOICES = {
  "/api/tunix/status": () => ({ available: true, version: "1", runtime_required: true, message: "" }),
  "/api/tunix/recipe-schema": () => SCHEMA,
  "/api/tunix/recipes": () => ({ data: [{ name: "small", description: "Some sums.", recipe: SMALL }] }),
  "/api/datasets": () => ({
    data: [dataset("other-1", 1), dataset("sums-1", 4000)],
    pagination: { limit: 100, offset: 0, next_offset: null },
  }),
  "/api/suites": () => ({ data: [{ name: "sums" }] }),
  "/api/models": () => [
    { name: "kept", latest_version: "v2" },
    { name: "empty", latest_version: null },
  ],
  "/api/runs": (query: URLSearchParams) => ({
    data: query.get("status") === "running" ? [{ id: ID, name: "one at work" }] : [],
    pagination: { limit: 100, offset: 0, next_offset: null },
  }),
  [`/api/runs/${ID}`]: () => run({ recipe: EARLIER, dataset_key: "sums-1" }),
  [`/api/runs/${ID}/metrics`]: () => ({ points: [], total: 0 }),
  [`/api/tunix/runs/${ID}/artifacts`]: () => ({ artifacts: [] }),
}
const text = async () => (await screen.findByLabelText(/All of the recipe/)) as HTMLTextAreaElement
const recipe = async () => JSON.parse((await text()).value)

test("fields and text are one recipe, and a training leads to its run", async () => {
  const sent: unknown[] = []
  openPage("/runs/new?dataset=sums-1", {
    ...CHOICES,
    "/api/tunix/train": (_query, body) => {
      sent.push(body)
      return Response.json({ run_id: ID, status: "pending", evaluation_run_id: null }, { status: 202 })
    },
  })
  expect(await recipe()).toEqual(SMALL)
  expect(screen.getByText("Some sums.")).toBeTruthy()
  expect(screen.getByRole("option", { name: "sums-1, 4,000 rows" })).toHaveProperty("selected", true)

  const size = screen.getByLabelText(/^batch_size/)
  fireEvent.change(size, { target: { value: "" } })
  expect((await screen.findByRole("alert")).textContent).toContain("batch_size is not a number.")
  expect(screen.getByRole("button", { name: "Train" })).toHaveProperty("disabled", true)
  fireEvent.change(size, { target: { value: "8" } })
  expect((await recipe()).batch_size).toBe(8)

  await userEvent.selectOptions(screen.getByRole("combobox", { name: /^method/ }), "lora")
  fireEvent.change(screen.getByLabelText("lora.rank"), { target: { value: "4" } })
  await userEvent.selectOptions(screen.getByRole("combobox", { name: "Counted in" }), "epochs")
  const written = { ...(await recipe()), seed: 7, optimizer: { learning_rate: 0.5 } }
  fireEvent.change(await text(), { target: { value: JSON.stringify(written) } })
  expect(screen.getByLabelText("optimizer.learning_rate")).toHaveProperty("value", "0.5")

  await userEvent.selectOptions(screen.getByRole("combobox", { name: /Measure/ }), "sums")
  await userEvent.click(screen.getByRole("button", { name: "Train" }))

  expect(await screen.findByRole("link", { name: "Train again" })).toBeTruthy()
  expect(sent).toEqual([
    {
      recipe: {
        ...SMALL,
        method: "lora",
        batch_size: 8,
        steps: null,
        epochs: 1,
        lora: { rank: 4 },
        seed: 7,
        optimizer: { learning_rate: 0.5 },
      },
      dataset_key: "sums-1",
      evaluate: "sums",
      dry_run: false,
      priority: 0,
      after: [],
    },
  ])
})

test("what the schema says stands under its field, with values as code", async () => {
  openPage("/runs/new?dataset=sums-1", CHOICES)

  const label = (await screen.findByRole("combobox", { name: /^method/ })).closest("label")
  expect(label?.textContent).toContain("sft trains every weight, lora small matrices.")
  expect([...(label?.querySelectorAll("code") ?? [])].map((one) => one.textContent)).toEqual(["sft", "lora"])
})

test("a training begins as an earlier one, and why it is refused is said", async () => {
  openPage(`/runs/new?from=${ID}`, {
    ...CHOICES,
    "/api/tunix/train": () =>
      Response.json(
        { detail: "A recipe has no key 'stepz'.", hint: "Did you mean 'steps'?" },
        { status: 422 },
      ),
  })
  expect(await recipe()).toEqual(EARLIER)
  expect(screen.getByRole("option", { name: /^sums-1/ })).toHaveProperty("selected", true)

  await userEvent.click(screen.getByRole("button", { name: "Train" }))

  const alert = await screen.findByRole("alert")
  expect(alert.textContent).toBe("A recipe has no key 'stepz'. Did you mean 'steps'?")
  await userEvent.selectOptions(screen.getByRole("combobox", { name: "Begin with" }), "small")
  expect(await recipe()).toEqual(SMALL)
})

test("a dry run trains nothing, and nothing is measured after it", async () => {
  const sent: unknown[] = []
  openPage(`/runs/new?from=${ID}`, {
    ...CHOICES,
    "/api/tunix/train": (_query, body) => {
      sent.push(body)
      return Response.json({ detail: "The queue is full." }, { status: 422 })
    },
  })
  await recipe()
  await userEvent.selectOptions(screen.getByRole("combobox", { name: "Measure the model on" }), "sums")

  await userEvent.click(screen.getByRole("button", { name: "Dry run" }))
  await screen.findByText(/The queue is full/)
  await userEvent.click(screen.getByRole("button", { name: "Train" }))

  await waitFor(() => expect(sent).toHaveLength(2))
  expect(sent).toMatchObject([
    { recipe: EARLIER, dry_run: true, evaluate: null },
    { recipe: EARLIER, dry_run: false, evaluate: "sums" },
  ])
})

test("a training is forked from a checkpoint of another", async () => {
  const sent: unknown[] = []
  openPage(`/runs/${ID}`, {
    ...CHOICES,
    [`/api/runs/${ID}`]: () => ({
      ...run({ recipe: EARLIER, dataset_key: "sums-1" }),
      status: "cancelled",
    }),
    [`/api/runs/${ID}/checkpoints`]: () => ({
      data: [
        { step: 50, bytes: 2_000_000, created_at: "2026-01-01T00:00:00Z", best: true, resumable: false },
        { step: 100, bytes: 3_000_000, created_at: "2026-01-01T00:01:00Z", best: false, resumable: true },
      ],
    }),
    "/api/tunix/train": (_query, body) => {
      sent.push(body)
      return Response.json({ detail: "The tokenizer is another." }, { status: 422 })
    },
  })
  const kept = await screen.findByRole("region", { name: "Checkpoints" })
  const [, latest, best] = within(kept).getAllByRole("row") as [HTMLElement, HTMLElement, HTMLElement]
  expect(within(latest).getByRole("button", { name: "Go on from here" })).toBeTruthy()
  expect(latest.textContent).toContain("100 3.0 MB")
  expect(best.textContent).toContain("50 ★ best")
  expect(within(best).queryByRole("button")).toBeNull()

  await userEvent.click(within(best).getByRole("link", { name: /^Fork.*step 50$/ }))
  expect(await screen.findByText(/had after step 50/)).toBeTruthy()
  expect(await recipe()).toEqual(EARLIER)
  await userEvent.click(screen.getByRole("button", { name: "Train" }))
  await screen.findByText(/The tokenizer is another/)
  expect(sent).toMatchObject([{ recipe: EARLIER, fork: { run_id: ID, step: 50 } }])
})

test("a text that is no JSON is not sent, and a run without a recipe is said to have none", async () => {
  openPage(`/runs/new?from=${ID}`, { ...CHOICES, [`/api/runs/${ID}`]: () => run({}) })
  expect((await screen.findByRole("alert")).textContent).toContain("has no recipe")

  fireEvent.change(await text(), { target: { value: "{" } })

  await waitFor(() => expect(screen.getByText(/The recipe is not JSON/)).toBeTruthy())
  expect(screen.getByRole("button", { name: "Train" })).toHaveProperty("disabled", true)
})

test("a run that waits for its device leads to the one that has it", async () => {
  const other = "0198a001-0000-7000-8000-0000feedface"
  const waiting = { ...run({}), status: "pending", device: "gpu:0", held_by: [other] }
  openPage(`/runs/${ID}`, { ...CHOICES, [`/api/runs/${ID}`]: () => waiting })

  const taken = await screen.findByRole("link", { name: "feedface" })
  expect(taken.getAttribute("href")).toBe(`/runs/${other}`)
  expect(screen.getByText("Taken by")).toBeTruthy()
})

test("a training waits for a run, and goes on from a model of the registry", async () => {
  const sent: { after?: string[]; recipe?: { model?: object } }[] = []
  openPage("/runs/new?dataset=sums-1", {
    ...CHOICES,
    "/api/tunix/train": (_query, body) => {
      sent.push(body as object)
      return Response.json({ run_id: ID, status: "pending", evaluation_run_id: null }, { status: 202 })
    },
  })
  const user = userEvent.setup()
  await user.selectOptions(await screen.findByRole("combobox", { name: "model" }), "folder")
  const path = screen.getByLabelText("model.path") as HTMLInputElement
  expect([...(path.list?.options ?? [])].map(({ value }) => value)).toEqual(["registry:kept@v2"])
  fireEvent.change(path, { target: { value: "registry:kept@v2" } })
  await user.selectOptions(screen.getByRole("combobox", { name: /^Not before/ }), "one at work")
  await user.click(screen.getByRole("button", { name: "Train" }))
  await waitFor(() => expect(sent).toHaveLength(1))
  expect(sent[0]).toMatchObject({ after: [ID], recipe: { model: { path: "registry:kept@v2" } } })
})

test("what a dry run found stands on its page, first what speaks against the training", async () => {
  const found = {
    complete: true,
    numbers: {
      rows: 1500,
      trained_rows: 1499,
      tokens: 80000,
      trained_tokens: 60000,
      lengths: { median: 51, p95: 61, longest: 63 },
      cut: { rows: 1, answers: 1 },
    },
    proofs: [
      { name: "one-bos", ok: true, says: "every row begins once", broken: 0 },
      { name: "eos-trained", ok: false, says: "no end is learned", broken: 1500 },
    ],
    parameters: 200832,
    trained_parameters: 200832,
    layout: "buckets",
    shapes: [{ lines: 32, width: 64 }],
    steps: 300,
    tokens: 90000,
    useful_share: 0.9,
    memory: {
      weights: 4e9,
      gradients: 2e9,
      optimizer: 4e9,
      activations: 6e9,
      cache: 0,
      total: 16e9,
      compiled: 20e9,
      room: 10e9,
      fits: false,
      advice: "accumulate = 4 would fit and teach the same.",
    },
    tried: {
      lines: 32,
      width: 64,
      loss: 3.2,
      compile_seconds: 7,
      step_seconds: 0.0377,
      checkpoint_bytes: 1.8e6,
      restored: true,
      device: "cpu: cpu",
    },
    tried_round: null,
    seconds: 75,
    practice: null,
    warnings: ["Small steps are lost."],
    left_out: ["The held-out loss was not measured."],
  }
  const dry = { ...run({ recipe: EARLIER, dry_run: true }), result: { dry_run: found } }
  openPage(`/runs/${ID}`, { ...CHOICES, [`/api/runs/${ID}`]: () => dry })

  expect(await screen.findByRole("heading", { name: /^What it would be/ })).toBeTruthy()
  expect(screen.getAllByRole("alert").map(({ textContent }) => textContent)).toEqual([
    "It does not fit into the memory there is. accumulate = 4 would fit and teach the same.",
    "Small steps are lost.",
    "eos-trained: no end is learned; 1,500 rows",
  ])
  for (const said of [
    "All of it would take about 1 min 15 s.",
    "Memory: 20.0 GB of 10.0 GB",
    "buckets, 32 × 64; 90.0% of it is no padding",
    "37.7 ms, loss 3.2000",
    "Left out: The held-out loss was not measured.",
  ])
    expect(screen.getByText(said)).toBeTruthy()
  expect(screen.getByRole("list", { name: "Parts of the memory" }).textContent).not.toContain("keys")
})
