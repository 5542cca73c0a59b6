import { screen, waitFor, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { expect, test } from "vitest"
import { openPage } from "@/testing"

const MOMENT = "2026-01-01T00:00:00Z"
const RUN = "0198a001-0000-7000-8000-0000deadbeef"
const EXAM = {
  name: "gsm-1",
  items: 2,
  kinds: [{ kind: "result", propagated: false, items: 2 }],
  digest: "ab".repeat(32),
  config: { name: "gsm-1", filter: {}, count: 2, kinds: ["result"], propagate: "both", seed: 0 },
  run_id: RUN,
  created_at: MOMENT,
}
const steps = (content: string) => [{ type: "compute", content }]
const ITEM = {
  kind: "result",
  propagated: false,
  step: 0,
  start: 8,
  end: 9,
  before: "5",
  after: "6",
  steps: steps("2 + 3 = 6 <b>eggs</b>"),
  final_answer: "6",
  position: 0,
  trace_id: RUN,
  prompt: "How many eggs?",
  clean: { steps: steps("2 + 3 = 5 <b>eggs</b>"), final_answer: "5" },
}
const share = (count: number, of: number) => ({ count, of, share: count / of, low: 0.2, high: 1 })
const SCORE = {
  exam: "gsm-1",
  verifier: "claims",
  version: "2",
  detected: share(2, 2),
  exact: share(1, 2),
  clean: share(2, 2),
  f1: 0.667,
  warned: share(1, 2),
  clean_warned: share(0, 2),
  kinds: [
    { kind: "result", propagated: false, detected: share(2, 2), exact: share(1, 2), warned: share(1, 2) },
  ],
}
const run = (status: string, error: string | null = null) => ({
  id: RUN,
  kind: "exam",
  name: "exam gsm-1",
  status,
  progress: null,
  error,
})

test("an exam is asked for, watched, and listed when it is there", async () => {
  let made = false
  openPage("/exams", {
    "/api/exams": () => (made ? { data: [EXAM] } : { data: [], run_id: RUN, status: "pending" }),
    "/api/traces/facets": () => ({ total: 7 }),
    [`/api/runs/${RUN}`]: () => {
      made = true
      return run("completed")
    },
  })
  expect(await screen.findByText("No exams yet")).toBeTruthy()
  expect(await screen.findByText("7 traces")).toBeTruthy()

  await userEvent.type(screen.getByLabelText("Name"), "gsm-1")
  await userEvent.click(screen.getByRole("button", { name: "Make the exam" }))

  expect(await screen.findByRole("link", { name: "Show the exam gsm-1" })).toBeTruthy()
  expect(await screen.findByRole("region", { name: "Exams" })).toBeTruthy()
})

test("a query that makes no sense is told so under its box", async () => {
  const refused = () =>
    Response.json({ detail: "'sauce' is no field", hint: "Did you mean source?" }, { status: 422 })
  openPage("/exams", {
    "/api/exams": () => ({ data: [EXAM] }),
    "/api/traces/facets": (query) => (query.get("query") ? refused() : { total: 7 }),
  })
  await screen.findByText("7 traces")

  await userEvent.type(screen.getByLabelText(/Of which traces/), "sauce:x")
  await userEvent.tab()

  expect((await screen.findByText(/'sauce' is no field/)).textContent).toContain("Did you mean source?")
})

test("an exam that fails says so in the run's words", async () => {
  openPage(`/exams?run=${RUN}&made=x`, {
    "/api/exams": () => ({ data: [] }),
    "/api/traces/facets": () => ({ total: 0 }),
    [`/api/runs/${RUN}`]: () => run("failed", "No trace could be used."),
  })
  expect((await screen.findByRole("alert")).textContent).toContain("No trace could be used.")
  expect(screen.queryByRole("link", { name: /Show the exam/ })).toBeNull()
})

test("an item shows what was planted beside what stood there, as text", async () => {
  const asked = openPage("/exams/gsm-1", {
    "/api/exams/gsm-1": () => EXAM,
    "/api/exams/gsm-1/scores": () => ({ data: [SCORE] }),
    "/api/exams/gsm-1/items": () => ({ data: [ITEM], next_cursor: null }),
  })
  const list = await screen.findByRole("list", { name: "Items" })
  await userEvent.click(within(list).getByText("How many eggs?", { selector: "summary *" }))

  const step = within(list).getByText("planted here").closest("li") as HTMLElement
  expect(within(step).getByText("5").tagName).toBe("DEL")
  expect(within(step).getByText("6").tagName).toBe("INS")
  expect(step.textContent).toContain("<b>eggs</b>")
  expect(screen.getByText(/ProcessBench/).textContent).toContain("0.667")
  expect(screen.getByRole("link", { name: "prm800k" }).getAttribute("href")).toContain("format=prm800k")

  await userEvent.click(screen.getByRole("button", { name: "result" }))
  await waitFor(() => expect(asked.some((one) => one.includes("kind=result"))).toBe(true))
})
