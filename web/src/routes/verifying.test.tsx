import { screen, waitFor, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { expect, test } from "vitest"
import { openPage } from "@/testing"

const COURT = "0198a001-0000-7000-8000-0000deadbeef"
const ONE = "0198a001-0000-7000-8000-0000feedbee1"
const TWO = "0198a001-0000-7000-8000-0000feedbee2"
const MOMENT = "2026-01-01T00:00:00Z"
const FACETS = { total: 10, sources: [], models: [], verdicts: [], labels: [], types: [] }
const tally = (right: number, wrong: number, undecided: number) => ({ right, wrong, undecided })
const group = (source: string | null, traces: number) => ({
  source,
  model: null,
  traces,
  answers: tally(4, 2, 1),
  steps: tally(1, 1, 0),
  labels: { agree: 6, labelled: 7 },
})
const SUMMARY = { total: group(null, 10), groups: [group("gsm8k", 6), group("math", 4)] }
const VERIFIERS = {
  data: [
    { subject: "answer", name: "number", version: "2", summary: "The number is the number." },
    { subject: "steps", name: "claims", version: "2-ab", summary: "Claims are computed." },
    { subject: "warning", name: "loop", version: "1", summary: "Says the same again." },
  ],
}
const RUN = {
  id: COURT,
  kind: "verify",
  name: "verify source gsm8k",
  status: "completed",
  progress: null,
  attempt: 1,
  after: [],
  held_by: [],
  config: {},
  result: {},
  error: null,
  inputs: [],
  outputs: [],
  created_at: MOMENT,
  started_at: null,
  completed_at: null,
}
const run = (id: string) => ({
  [`/api/runs/${id}`]: () => ({ ...RUN, id }),
  [`/api/runs/${id}/metrics`]: () => ({ points: [], total: 0 }),
})

test("what nobody has judged is said, and verifying asks for the same query and shows its run", async () => {
  let sent: unknown
  openPage("/verify?query=source:gsm8k", {
    "/api/verify/summary": () => SUMMARY,
    "/api/verify/verifiers": () => VERIFIERS,
    "/api/traces/facets": () => FACETS,
    "/api/verify": (_, body) => {
      sent = body
      return { run_id: COURT, status: "pending" }
    },
    ...run(COURT),
  })

  expect((await screen.findByText(/none on their steps/)).textContent).toContain(
    "3 have no verdict on their answer and 8 none on their steps",
  )
  expect(screen.getByRole("link", { name: "math" }).getAttribute("href")).toContain("source%3Amath")
  expect(screen.getByText("Says the same again.")).toBeTruthy()
  await userEvent.click(screen.getByRole("button", { name: "Verify" }))

  expect(await screen.findByRole("heading", { name: /verify source gsm8k/ })).toBeTruthy()
  expect(sent).toMatchObject({ filter: "source:gsm8k", answers: true, steps: true })
})

const testimony = (outcome: string, reason = "") => ({ outcome, reason, step: null })
const sitting = (trace_id: string, prompt: string, ruling: string | null = null) => ({
  trace_id,
  prompt,
  final_answer: "$18 <script>1</script>",
  expected: "18",
  first: testimony("wrong", "'$18' was given, '18' is expected."),
  second: testimony("right", "18 is 18."),
  ruling,
})
const cell = (first: string, second: string, cases: number, ruled_right = 0) => ({
  first,
  second,
  cases,
  ruled_right,
  ruled_wrong: 0,
  ruled_undecided: 0,
})
const UNKNOWN = { estimate: null, low: null, high: null, rulings: 0, unseen: 90 }
const REPORT = {
  run_id: COURT,
  status: "completed",
  progress: null,
  subject: "answer",
  first: "exact",
  second: "number",
  cases: 92,
  disagreements: 2,
  created_at: MOMENT,
  agreement: { share: 0.978, low: 0.924, high: 0.994, kappa: 0.95 },
  cells: [cell("right", "right", 90), cell("wrong", "right", 2, 1)],
  witnesses: [
    {
      name: "exact",
      version: "2",
      false_positive: UNKNOWN,
      false_negative: { estimate: 1, low: 0.2, high: 1, rulings: 1, unseen: 90 },
    },
    { name: "number", version: "2", false_positive: UNKNOWN, false_negative: UNKNOWN },
  ],
  impact: null,
}
const cases = {
  data: [sitting(ONE, "How many dollars?"), sitting(TWO, "How many pears?")],
  next_cursor: null,
}

test("a court tells its rates, what they are silent of, and a cell chooses its cases", async () => {
  const asked = openPage(`/court/${COURT}`, {
    [`/api/court/${COURT}`]: () => REPORT,
    [`/api/court/${COURT}/cases`]: () => cases,
  })

  expect(await screen.findByText(/They say the same of 97.8% of 92 cases/)).toBeTruthy()
  expect(screen.getByText(/90 cases lie where nobody ruled/)).toBeTruthy()
  expect(screen.getByRole("img", { name: "95% interval from 20.0% to 100.0%" })).toBeTruthy()
  expect(screen.queryByRole("button", { name: "Adopt" })).toBeNull()
  await userEvent.click(screen.getByRole("button", { name: /exact says wrong, number says right/ }))

  await waitFor(() =>
    expect(asked.some((one) => one.includes("which=all&first=wrong&second=right"))).toBe(true),
  )
})

test("a court that still hears says how far it is, and can be stopped", async () => {
  openPage(`/court/${COURT}`, {
    [`/api/court/${COURT}`]: () => ({
      ...REPORT,
      status: "running",
      progress: { done: 92, total: 400, text: "92 heard, 9 traces/s" },
    }),
    [`/api/court/${COURT}/cases`]: () => cases,
  })

  expect(await screen.findByText(/92 heard, 9 traces/)).toBeTruthy()
  expect(screen.getByRole("button", { name: "Stop" })).toBeTruthy()
})

test("cases are ruled on by key, with a note, one after the other", async () => {
  const ruled: string[] = []
  const rule = (trace: string) => () => {
    ruled.push(trace)
    return {
      id: "r",
      trace_id: trace,
      subject: "answer",
      outcome: "wrong",
      note: "",
      author: "",
      created_at: MOMENT,
    }
  }
  openPage(`/court/${COURT}`, {
    [`/api/court/${COURT}`]: () => REPORT,
    [`/api/court/${COURT}/cases`]: () => cases,
    [`/api/traces/${ONE}/rulings`]: rule(ONE),
    [`/api/traces/${TWO}/rulings`]: rule(TWO),
  })
  const list = await screen.findByRole("list", { name: "Cases" })

  expect(within(list).getAllByText(/<script>1<\/script>/).length).toBe(2)
  await userEvent.keyboard("2")
  await waitFor(() =>
    expect(screen.getByRole("button", { name: /^Wrong/ }).getAttribute("aria-pressed")).toBe("true"),
  )
  await userEvent.keyboard("j")
  await waitFor(() =>
    expect(document.querySelector("[data-current]")?.textContent).toContain("How many pears?"),
  )
  await userEvent.keyboard("n")
  await userEvent.keyboard("12 are too many")
  expect(ruled).toEqual([ONE])
  await userEvent.keyboard("{Escape}1")
  await waitFor(() => expect(ruled).toEqual([ONE, TWO]))
})

test("what a regrade would change is shown, and adopted only when it is said twice", async () => {
  const asked = openPage(`/court/${COURT}`, {
    [`/api/court/${COURT}`]: () => ({
      ...REPORT,
      impact: {
        sources: [
          { source: "gsm8k", model: null, traces: 92, changed: 2, reward_before: 0.5, reward_after: 0.75 },
        ],
        datasets: [{ key: "gold-1", traces: 9, changed: 1, right_before: 8, right_after: 9 }],
        evaluations: [],
      },
    }),
    [`/api/court/${COURT}/cases`]: () => cases,
    [`/api/court/${COURT}/adopt`]: () => ({ run_id: TWO, status: "pending" }),
    ...run(TWO),
  })

  expect(await screen.findByText("0.5000 → 0.7500")).toBeTruthy()
  expect(screen.getByRole("link", { name: "gold-1" }).getAttribute("href")).toBe("/datasets/gold-1")
  expect(screen.getByText("No evaluation would change.")).toBeTruthy()
  await userEvent.click(screen.getByRole("button", { name: "Adopt" }))
  expect(asked).not.toContain(`/api/court/${COURT}/adopt`)
  await userEvent.click(screen.getByRole("button", { name: "Adopt the verdicts" }))

  await waitFor(() => expect(asked).toContain(`/api/runs/${TWO}`))
})

test("a court that cannot be held says so in the server's words, beside its form", async () => {
  openPage("/court?first=exact&second=exact", {
    "/api/court": () => ({ data: [] }),
    "/api/court/witnesses": () => ({
      data: [
        { name: "stored", summary: "The verdict that is stored on the trace." },
        { name: "exact", summary: "The text equals the text." },
      ],
    }),
    "/api/traces/facets": () => FACETS,
  })

  expect(await screen.findByText("No court was held yet")).toBeTruthy()
  expect(screen.getAllByText("The text equals the text.").length).toBe(2)
  globalThis.fetch = (async () =>
    Response.json({ detail: "Both witnesses are the same." }, { status: 422 })) as typeof fetch
  await userEvent.click(screen.getByRole("button", { name: "Hold court" }))

  expect((await screen.findByRole("alert")).textContent).toContain("Both witnesses are the same.")
})

const JUDGE = {
  id: "plan@1a2b3c4d",
  rubric: { name: "plan", subject: "steps", question: "Is each step justified?", show_expected: false },
  provider: "openai",
  provider_config: { model: "tiny" },
  temperature: 0.7,
  seed: 0,
  max_new_tokens: 512,
  traces: 3,
  votes: tally(5, 3, 1),
  created_at: MOMENT,
}

test("a judge shows its rubric and its votes, and can be called before a court", async () => {
  const asked = openPage("/judges", {
    "/api/judges": () => ({ data: [JUDGE] }),
    "/api/traces/facets": () => FACETS,
  })

  expect(await screen.findByText("Is each step justified?")).toBeTruthy()
  expect(screen.getByText("tiny by openai")).toBeTruthy()
  expect(
    decodeURIComponent(screen.getByRole("link", { name: "Hold a court" }).getAttribute("href") ?? ""),
  ).toContain("first=judge:plan@1a2b3c4d")
  await userEvent.type(screen.getByLabelText(/^Name of the rubric/), "plan")
  await userEvent.type(screen.getByLabelText(/^Question/), "Is the plan sound?")
  await userEvent.type(screen.getByLabelText(/^More of the provider/), "no json")
  const before = asked.length
  await userEvent.click(screen.getByRole("button", { name: "Ask" }))

  expect((await screen.findByRole("alert")).textContent).toContain("is no JSON")
  expect(asked.length).toBe(before)
})

const TRACE = {
  id: ONE,
  created_at: MOMENT,
  trace_version: "1.0",
  source: "gsm8k",
  model: null,
  content_hash: "ab",
  group: null,
  verdict: "right",
  first_error_step: null,
  label: null,
  score: null,
  deleted_at: null,
  format: null,
  datasets: [],
  payload: {
    trace_version: "1.0",
    prompt: "How many?",
    final_answer: "5",
    steps: [
      { i: 0, type: "plan", content: "Count them." },
      { i: 1, type: "compute", content: "So 7 of them." },
    ],
    meta: null,
  },
}
const judged = { outcome: "right", method: "claims", version: "2", reason: "1 claim holds.", label: null }
const warning = (kind: string, step: number | null, start: number | null) => ({
  kind,
  step,
  start,
  end: start === null ? null : start + 1,
  message: `${kind} said something`,
})

test("warnings, judges and rulings stand on the trace, and none of them is a verdict", async () => {
  const ruling = {
    id: "r1",
    trace_id: ONE,
    subject: "answer",
    outcome: "wrong",
    note: "same set <b>",
    author: "ann",
    created_at: MOMENT,
  }
  const asked = openPage(`/traces/${ONE}`, {
    [`/api/traces/${ONE}`]: () => TRACE,
    [`/api/traces/${ONE}/verdicts`]: () => ({
      trace_id: ONE,
      answer: null,
      steps: {
        ...judged,
        first_error: null,
        claims: [],
        claim_count: 0,
        warnings: [warning("provenance", 1, 3), warning("final_unsupported", null, null)],
      },
    }),
    [`/api/traces/${ONE}/judgements`]: () => ({
      judgements: [
        {
          judge: "plan@1a2b3c4d",
          subject: "steps",
          outcome: "wrong",
          step: 0,
          reason: "No <i>plan</i>.",
          votes: [{ vote: 0, outcome: "wrong", step: 0, reason: "", said: "{...}" }],
        },
      ],
    }),
    [`/api/traces/${ONE}/rulings`]: () => ({ rulings: [ruling], ...ruling }),
  })

  const step = await screen.findByRole("list", { name: "Warnings of step 2" })
  expect(step.textContent).toContain("provenance said something")
  expect(document.querySelector("mark.mark-warning")?.textContent).toBe("7")
  const outline = screen.getByRole("navigation", { name: "Steps" })
  expect(within(outline).getAllByText("Warning").length).toBe(1)
  expect(screen.getByRole("list", { name: "Warnings of the trace" }).textContent).toContain(
    "final unsupported",
  )
  const judges = await screen.findByRole("region", { name: "Judges" })
  expect(judges.textContent).toContain("No <i>plan</i>.")
  const rulings = screen.getByRole("region", { name: "Rulings" })
  expect(await within(rulings).findByText("same set <b>")).toBeTruthy()
  expect(within(rulings).getByRole("button", { name: "Wrong" }).getAttribute("aria-pressed")).toBe("true")
  const before = asked.length
  await userEvent.click(within(rulings).getByRole("button", { name: "Right" }))
  await waitFor(() => expect(asked.length).toBeGreaterThan(before + 1))
  await userEvent.keyboard("w")
  await waitFor(() => expect(document.querySelector("#step-1[data-current]")).toBeTruthy())
})
