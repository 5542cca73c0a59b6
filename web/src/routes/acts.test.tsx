import { screen, waitFor, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { expect, test } from "vitest"
import { openPage } from "@/testing"

const ID = "0198a001-0000-7000-8000-0000deadbeef"
const OTHER = "0198a001-0000-7000-8000-0000feedbeef"
const MOMENT = "2026-01-01T00:00:00Z"
const page = (data: unknown[]) => ({
  data,
  pagination: { limit: 100, offset: 0, next_offset: null, next_cursor: null },
  unindexed: 7,
})
const FACETS = { total: 2, sources: [], models: [], verdicts: [], labels: [], types: [] }
const row = (id: string, prompt: string) => ({
  id,
  created_at: MOMENT,
  trace_version: "1.0",
  source: "api",
  model: null,
  prompt,
  final_answer: "4",
  step_count: 1,
  total_chars: 9,
  verdict: null,
  first_error_step: null,
  task: null,
  label: null,
  score: null,
  group: null,
  deleted_at: null,
})
const ROWS = page([row(ID, "apples"), row(OTHER, "pears")])

test("a refused query is marked where it goes wrong, and what can be asked is told", async () => {
  const refused = () =>
    Response.json(
      { detail: "'sauce' is no field (at character 5)", hint: "Did you mean source?" },
      { status: 422 },
    )
  openPage("/traces?query=pie+sauce:x", { "/api/traces": refused, "/api/traces/facets": refused })

  const alert = await screen.findByRole("alert")

  expect(alert.querySelector("mark")?.textContent).toBe("sauce:x")
  expect(alert.textContent).toContain("Did you mean source?")
  expect(screen.getByRole("region", { name: "How to ask" })).toBeTruthy()
})

test("what the search index does not know yet is said", async () => {
  openPage("/traces?query=apples", { "/api/traces": () => ROWS, "/api/traces/facets": () => FACETS })
  expect(await screen.findByText(/The 7 newest traces are not in the search index yet/)).toBeTruthy()
})

test("what the search index comes to know is found without asking again", async () => {
  let known = false
  openPage("/traces?query=apples", {
    "/api/traces": () => (known ? { ...ROWS, unindexed: 0 } : page([])),
    "/api/traces/facets": () => (known ? FACETS : { ...FACETS, total: 0 }),
  })
  expect(await screen.findByText("No trace matches")).toBeTruthy()
  known = true
  expect(await screen.findByRole("link", { name: "apples" })).toBeTruthy()
  expect(screen.queryByText(/not in the search index/)).toBeNull()
})

test("picked traces are deleted together, and undone together", async () => {
  const done: string[] = []
  const act = (name: string) => () => {
    done.push(name)
    return { changed: 2 }
  }
  openPage("/traces", {
    "/api/traces": () => ROWS,
    "/api/traces/facets": () => FACETS,
    "/api/traces/delete": act("delete"),
    "/api/traces/restore": act("restore"),
  })
  await screen.findByText("apples")

  await userEvent.keyboard("x")
  await userEvent.keyboard("j")
  await userEvent.keyboard("x")
  const bar = screen.getByRole("region", { name: "Picked traces" })
  expect(within(bar).getByRole("link", { name: "Compare" }).getAttribute("href")).toContain(
    `a=${ID}&b=${OTHER}`,
  )
  await userEvent.click(within(bar).getByRole("button", { name: "Delete" }))
  await userEvent.click(await screen.findByRole("button", { name: /Undo/ }))

  await waitFor(() => expect(screen.queryByText("2 traces deleted.")).toBeNull())
  expect(done).toEqual(["delete", "restore"])
})

test("a run against a baseline is told in a sentence", async () => {
  const baseline = {
    id: ID,
    name: "release",
    run_id: ID,
    metric: "primary_score",
    lower_is_better: false,
    eval_set: null,
    dataset_key: null,
    created_at: MOMENT,
  }
  openPage(`/gates?baseline=release&run=${OTHER}`, {
    "/api/regression/baselines": () => [baseline],
    "/api/tunix/evaluations": () => page([]),
    "/api/regression/check": () => ({
      run_id: OTHER,
      baseline_name: "release",
      baseline_run_id: ID,
      metric_name: "primary_score",
      baseline_value: 0.5,
      current_value: 0.4,
      delta: -0.1,
      delta_percent: -20,
      verdict: "fail",
      details: "primary_score went from 0.5 to 0.4, worse by 20 %.",
    }),
  })

  expect(await screen.findByText(/went from 0.5 to 0.4, worse by 20 %/)).toBeTruthy()
  expect(screen.getByText("Fail")).toBeTruthy()
  expect(screen.getByText("-0.1000 (-20.0 %)")).toBeTruthy()
})

test("a tuning job names its best trial, and links every trial to its run", async () => {
  const trial = (number: number, metric_value: number) => ({
    id: `t${number}`,
    tuning_job_id: ID,
    number,
    run_id: OTHER,
    evaluation_run_id: null,
    params_json: { learning_rate: 0.01 * (number + 1) },
    metric_value,
    status: "completed",
    error: null,
    created_at: MOMENT,
    completed_at: MOMENT,
  })
  openPage(`/tuning/${ID}`, {
    [`/api/tuning/jobs/${ID}`]: () => ({
      id: ID,
      name: "rates",
      status: "completed",
      dataset_key: "d",
      base_model_id: "nano",
      mode: "local",
      suite: null,
      metric_name: "loss",
      metric_mode: "min",
      num_samples: 1,
      max_concurrent_trials: 1,
      search_space_json: { learning_rate: { type: "uniform", min: 0, max: 1 } },
      seed: 0,
      run_id: null,
      best_run_id: OTHER,
      best_params_json: null,
      created_at: MOMENT,
      started_at: MOMENT,
      completed_at: MOMENT,
      trials: [trial(0, 0.9)],
    }),
  })

  expect(await screen.findByText("★ best")).toBeTruthy()
  expect(screen.getByText(/Trial 0 reached/).textContent).toContain("loss with learning_rate 0.01")
  expect(screen.getByRole("link", { name: "training" }).getAttribute("href")).toBe(`/runs/${OTHER}`)
})
