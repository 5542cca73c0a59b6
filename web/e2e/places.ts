/** Every page there is, with things that the server really has. It must have been through the loop. */
import { type APIRequestContext, expect } from "@playwright/test"

export interface Places {
  trace: string
  run: string
  evaluation: string
  dataset: string
  model: string
}

/** A trace that is wrong in its third step, and that tries everything a hostile text can try. */
const HOSTILE = {
  trace_version: "1.0",
  prompt: 'What is 538 * 229? <img src=x onerror="window.__xss=1">',
  final_answer: "123203 <script>window.__xss=1</script>",
  steps: [
    { i: 0, type: "plan", content: "Multiply 538 by 229, so $538 \\times 229 = ?$" },
    {
      i: 1,
      type: "probe",
      content:
        "[link](javascript:window.__xss=1) ![beacon](https://example.org/p.png) <iframe src=x></iframe>\n" +
        "$\\href{javascript:window.__xss=1}{x}$ <svg onload=window.__xss=1> {{7*7}} \u202eright to left",
    },
    { i: 2, type: "compute", content: "🍎🍎 Then **538 * 229 = 123203**, which is the answer." },
  ],
  meta: { expected_answer: "123202", model: "<b>nobody</b>" },
}

/** Adds the hostile trace, has it judged by the server's own worker, and finds one thing of each kind. */
export async function findPlaces(request: APIRequestContext): Promise<Places> {
  const get = async (path: string) => (await request.get(path)).json()
  const { id: trace } = await (await request.post("/api/traces", { data: HOSTILE })).json()
  const { run_id } = await (await request.post("/api/verify", { data: { filter: { source: "api" } } })).json()
  await expect
    .poll(async () => (await get(`/api/runs/${run_id}`)).status, { timeout: 50_000 })
    .toBe("completed")
  const [runs, leaders, datasets, models] = await Promise.all([
    get("/api/runs?limit=1&kind=train"),
    get("/api/tunix/evaluations?limit=1"),
    get("/api/datasets?limit=1"),
    get("/api/models"),
  ])
  return {
    trace,
    run: runs.data[0].id,
    evaluation: leaders.data[0].evaluation_id,
    dataset: datasets.data[0].dataset_key,
    model: models[0].id,
  }
}

export function addresses(places: Places): Record<string, string> {
  return {
    overview: "/",
    traces: "/traces",
    "traces-wrong": "/traces?verdict=wrong&at=3",
    "traces-nothing": "/traces?q=zzzzzzzz",
    trace: `/traces/${places.trace}?step=1&at=0&verdict=wrong`,
    "trace-rendered": `/traces/${places.trace}?view=rendered`,
    runs: "/runs",
    run: `/runs/${places.run}`,
    datasets: "/datasets",
    dataset: `/datasets/${places.dataset}`,
    models: "/models",
    model: `/models/${places.model}`,
    leaderboard: "/leaderboard",
    evaluation: `/evaluations/${places.evaluation}`,
    "not-found": "/no/such/page",
    "no-trace": "/traces/00000000-0000-7000-8000-ffffffffffff",
  }
}
