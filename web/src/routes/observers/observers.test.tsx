import { screen } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { expect, test } from "vitest"
import { openPage } from "@/testing"

const MOMENT = "2026-01-01T00:00:00Z"
const ID = "0198a001-0000-7000-8000-0000deadbeef"
const SAT = {
  id: ID,
  observer: "first",
  coverage: 0.1,
  required: 0.9,
  marked: 10,
  traces: 100,
  left_out: 3,
  wrong: 10,
  precision: 1,
  low: 0.787,
  threshold: 0.8,
  passed: false,
  truth: "verdict",
  created_at: MOMENT,
}
const OBSERVER = {
  name: "first",
  config: { name: "first", filter: {}, truth: "verdict", folds: 5, limit: 50000, seed: 0 },
  digest: "ab".repeat(32),
  quality: {
    traces: 1000,
    problems: 400,
    wrong: 250,
    auc: 0.8,
    auc_low: 0.75,
    auc_high: 0.85,
    brier: 0.14,
    brier_of_share: 0.1875,
    recall_at_90: 0.1,
  },
  coefficients: [
    { feature: "prompt_coverage", weight: -0.8 },
    { feature: "has_false_claim", weight: 0.4 },
    { feature: "warns_loop", weight: 0 },
  ],
  licence: null,
  exams: [SAT],
  ranked: 1,
  created_at: MOMENT,
}
const RANKED = {
  trace_id: ID,
  probability: 0.93,
  prompt: "How many <i>apples</i>?",
  final_answer: "4",
  verdict: null,
}
const answers = (observer: object) => ({
  "/api/observers/first": () => observer,
  "/api/observers/first/ranking": () => ({ data: [RANKED], next_cursor: null }),
  "/api/traces/facets": () => ({ total: 7 }),
})

test("an observer without a licence says why its labels stay, and ranks all the same", async () => {
  openPage("/observers/first", answers(OBSERVER))

  expect(await screen.findByText(/its newest exam is not passed/)).toBeTruthy()
  expect(screen.getByRole("button", { name: "Export labels" })).toHaveProperty("disabled", true)
  expect(screen.getByText(/at least 78.7%; 90.0% was asked/)).toBeTruthy()
  expect(screen.getByText(/AUC 0.800/)).toBeTruthy()
  expect(screen.getByText("−0.80")).toBeTruthy()
  expect(screen.queryByText("warns loop")).toBeNull()
  const trace = await screen.findByRole("link", { name: "How many <i>apples</i>?" })
  expect(trace.getAttribute("href")).toBe(`/traces/${ID}`)
})

test("a licensed observer gives its labels", async () => {
  openPage("/observers/first", answers({ ...OBSERVER, licence: { ...SAT, passed: true } }))
  const labels = await screen.findByRole("link", { name: "Export labels" })
  expect(labels.getAttribute("href")).toBe("/api/observers/first/labels.jsonl")
})

test("a name that is taken is refused where it was asked for", async () => {
  let asked = 0
  const taken = () =>
    Response.json({ detail: "The observer first exists already.", hint: "Choose another." }, { status: 409 })
  openPage("/observers", {
    "/api/observers": () => (asked++ === 0 ? { data: [] } : taken()),
    "/api/traces/facets": () => ({ total: 7 }),
  })
  expect(await screen.findByText("No observers yet")).toBeTruthy()

  await userEvent.type(screen.getByLabelText("Name"), "first")
  await userEvent.click(screen.getByRole("button", { name: "Fit the observer" }))

  expect((await screen.findByRole("alert")).textContent).toContain("exists already. Choose another.")
})
