import { screen, waitFor, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { expect, test } from "vitest"
import { openPage } from "@/testing"

const ID = "0198a001-0000-7000-8000-0000deadbeef"
const ROW = {
  id: ID,
  created_at: "2026-01-01T00:00:00Z",
  trace_version: "1.0",
  source: "gsm8k",
  model: null,
  prompt: "How many apples?",
  final_answer: "4",
  step_count: 2,
  total_chars: 20,
  verdict: "wrong",
  first_error_step: 1,
  task: null,
  label: "good",
  score: 0.5,
  group: null,
  deleted_at: null,
}
const FACETS = {
  total: 1,
  sources: [{ value: "gsm8k", count: 1 }],
  models: [],
  verdicts: [{ value: "wrong", count: 1 }],
  labels: [{ value: "good", count: 1 }],
  types: [{ value: "plan", count: 1 }],
}
const NOTHING = { total: 0, sources: [], models: [], verdicts: [], labels: [], types: [] }
const page = (data: unknown[]) => ({
  data,
  pagination: { limit: 100, offset: 0, next_offset: null, next_cursor: null },
  unindexed: 0,
})

test("a trace is listed with its verdict, and the page is in the menu", async () => {
  openPage("/traces", { "/api/traces": () => page([ROW]), "/api/traces/facets": () => FACETS })

  const row = (await screen.findByText("How many apples?")).closest("[role=row]") as HTMLElement

  expect(within(row).getByText("Wrong")).toBeTruthy()
  expect(within(row).getByText("step 2")).toBeTruthy()
  expect(screen.getByRole("link", { name: /Traces/ }).getAttribute("aria-current")).toBe("page")
})

test("the query in the address is the query of the request, also in an old address", async () => {
  const asked = openPage("/traces?verdict=wrong&q=12", {
    "/api/traces": () => page([]),
    "/api/traces/facets": () => NOTHING,
  })

  expect(await screen.findByText("No trace matches")).toBeTruthy()
  expect(asked.map(decodeURIComponent)).toContain("/api/traces/facets?query=verdict:wrong 12")
})

test("choosing a verdict asks again", async () => {
  const asked = openPage("/traces", { "/api/traces": () => page([ROW]), "/api/traces/facets": () => FACETS })
  await screen.findByText("How many apples?")

  await userEvent.click(screen.getByRole("button", { name: /^Wrong/ }))

  await waitFor(() =>
    expect(asked.some((one) => one.startsWith("/api/traces?query=verdict%3Awrong"))).toBe(true),
  )
})

test("nothing yet is not the same as nothing found", async () => {
  openPage("/traces", { "/api/traces": () => page([]), "/api/traces/facets": () => NOTHING })
  expect(await screen.findByText("No traces yet")).toBeTruthy()
})

test("a failure is shown in the server's own words, inside the frame", async () => {
  const broken = () =>
    Response.json({ detail: "The disk is full.", hint: "Make room and try again." }, { status: 503 })
  openPage("/traces", { "/api/traces": broken, "/api/traces/facets": broken })

  const alert = await screen.findByRole("alert")

  expect(alert.textContent).toContain("The disk is full.")
  expect(alert.textContent).toContain("Make room and try again.")
  expect(screen.getByRole("navigation", { name: "Main" })).toBeTruthy()
})

const TRACE = {
  id: ID,
  created_at: "2026-01-01T00:00:00Z",
  trace_version: "1.0",
  source: "gsm8k",
  model: null,
  content_hash: "ab",
  group: null,
  verdict: "wrong",
  first_error_step: 1,
  label: null,
  score: null,
  deleted_at: null,
  format: null,
  datasets: [],
  payload: {
    trace_version: "1.0",
    prompt: "How many apples? <script>1</script>",
    final_answer: "5",
    steps: [
      { i: 0, type: "plan", content: "Count them." },
      { i: 1, type: "compute", content: "🍎 2 + 2 = 5 so five." },
    ],
    meta: { expected_answer: "4" },
  },
}
const claim = { step: 1, start: 2, end: 11, text: "2 + 2 = 5", outcome: "wrong", message: "2 + 2 is 4" }
const judgement = {
  outcome: "wrong",
  method: "number",
  version: "1",
  reason: "said 5, expected 4",
  label: null,
}

test("a trace shows its steps, the wrong characters and why they are wrong", async () => {
  openPage(`/traces/${ID}`, {
    [`/api/traces/${ID}`]: () => TRACE,
    [`/api/traces/${ID}/verdicts`]: () => ({
      trace_id: ID,
      answer: judgement,
      steps: { ...judgement, first_error: null, claims: [claim], claim_count: 1 },
    }),
    [`/api/lineage/trace/${ID}`]: () => ({ node: {}, inputs: [], outputs: [] }),
  })

  await screen.findByRole("button", { name: "Step 2" })
  await waitFor(() => expect(document.querySelector("mark")?.textContent).toBe("2 + 2 = 5"))

  expect(screen.getAllByText("2 + 2 is 4").length).toBeGreaterThan(0)
  expect(screen.getByText("Expected").textContent).toContain("4")
  expect(screen.getByText(/<script>1<\/script>/)).toBeTruthy()
})

test("the keys walk through the steps and jump to the wrong one", async () => {
  openPage(`/traces/${ID}`, {
    [`/api/traces/${ID}`]: () => TRACE,
    [`/api/traces/${ID}/verdicts`]: () => ({
      trace_id: ID,
      answer: null,
      steps: { ...judgement, first_error: claim, claims: [claim], claim_count: 1 },
    }),
  })
  await screen.findByRole("button", { name: /First wrong step: 2/ })

  await userEvent.keyboard("j")
  await waitFor(() => expect(document.querySelector("#step-0[data-current]")).toBeTruthy())
  await userEvent.keyboard("e")
  await waitFor(() => expect(document.querySelector("#step-1[data-current]")).toBeTruthy())
})

test("the leaderboard says what its intervals allow", async () => {
  const leader = (model_id: string, score: number) => ({
    run_id: ID,
    evaluation_id: model_id,
    model_id,
    dataset_key: null,
    suite: "countdown",
    config_path: null,
    score: score * 100,
    verdict: "pass",
    metrics: { answer_correctness: score, ci_low: score - 0.02, ci_high: score + 0.02 },
    evaluated_at: "2026-01-01T00:00:00Z",
    primary_score: score,
    scorecard: { n_items: 400, n_scored: 400, n_skipped: 0, primary_score: score, stddev: 0.4 },
  })
  openPage("/leaderboard", {
    "/api/tunix/evaluations": () => page([leader("small", 0.4), leader("big", 0.7)]),
  })

  expect(
    await screen.findByText("big is 30.0 points ahead of small: their 95% intervals do not touch."),
  ).toBeTruthy()
  expect(screen.getByRole("img", { name: "95% interval from 68.0% to 72.0%" })).toBeTruthy()
})

test("an empty house says how to begin", async () => {
  openPage("/", {
    "/api/traces/facets": () => NOTHING,
    "/api/runs": () => page([]),
    "/api/tunix/evaluations": () => page([]),
  })
  expect(await screen.findByText("tunix-rt demo")).toBeTruthy()
})
