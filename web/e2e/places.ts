/** Every page there is, with things that the server really has. It must have been through the loop. */
import { type APIRequestContext, expect } from "@playwright/test"

export interface Places {
  trace: string
  run: string
  /** A training that practised. */
  practice: string
  evaluation: string
  dataset: string
  model: string
  /** A baseline, and a run that was measured on the same suite. */
  baseline: string
  measured: string
  /** A tuning job that nobody has started. */
  job: string
  /** A court that was held. */
  court: string
  /** Two answers to one prompt. */
  pair: [string, string]
  suite: string
  /** A curation that found contaminated traces and near duplicates. */
  curation: string
  /** Another dataset than the one that was trained on. */
  other: string
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
  const post = async (path: string, data: unknown) => (await request.post(path, { data })).json()
  const { id: trace } = await post("/api/traces", HOSTILE)
  const { run_id } = await post("/api/verify", { filter: { source: "api" } })
  await expect
    .poll(async () => (await get(`/api/runs/${run_id}`)).status, { timeout: 50_000 })
    .toBe("completed")
  const [runs, leaders, models, courts] = await Promise.all([
    get("/api/runs?limit=100&kind=train"),
    get("/api/tunix/evaluations?limit=1"),
    get("/api/models"),
    get("/api/court?limit=1"),
  ])
  const leader = leaders.data[0]
  const practises = ({ name }: { name: string }): boolean => name.startsWith("practice on ")
  const run = runs.data.find((one: { name: string }) => !practises(one))
  const dataset = run.dataset_key
  const baseline = "what the best reached"
  await post("/api/regression/baselines", { name: baseline, run_id: leader.run_id })
  const { id: job } = await post("/api/tuning/jobs", {
    name: "which learning rate",
    dataset_key: dataset,
    base_model_id: "nano",
    metric_name: "final_loss",
    metric_mode: "min",
    num_samples: 3,
    search_space: { learning_rate: { type: "loguniform", min: 0.0001, max: 0.01 } },
  })
  await judged(request)
  const chosen = await curated(request)
  const suites = await get("/api/suites?limit=1")
  const { id: other } = await post("/api/traces", {
    ...HOSTILE,
    final_answer: "123202",
    steps: [
      HOSTILE.steps[0],
      { i: 2, type: "compute", content: "🍎🍎 Then **538 * 229 = 123202**, at last." },
    ],
  })
  return {
    baseline,
    measured: leader.run_id,
    job,
    court: courts.data[0].run_id,
    pair: [trace, other],
    trace,
    run: run.id,
    practice: runs.data.find(practises).id,
    evaluation: leader.evaluation_id,
    dataset,
    model: models[0].id,
    suite: suites.data[0].name,
    ...chosen,
  }
}

/** An exam of planted errors, and an observer that sat an exam and ranked traces; made once. */
async function judged(request: APIRequestContext): Promise<void> {
  const done = async (path: string, data: object): Promise<void> => {
    const answer = await request.post(path, { data })
    if (answer.status() === 409) return
    const { run_id } = await answer.json()
    const status = async () => (await (await request.get(`/api/runs/${run_id}`)).json()).status
    await expect.poll(status, { timeout: 50_000 }).toBe("completed")
  }
  if ((await request.get("/api/observers/first")).ok()) return
  await done("/api/exams", { name: "planted", filter: "verdict:right", count: 12 })
  await done("/api/observers", { name: "first", limit: 600 })
  await done("/api/observers/first/exams", { coverage: 0.2, precision: 0.5 })
  await done("/api/observers/first/ranking", { filter: "verdict:wrong steps:>5" })
}

/** A curation with something of everything, and a small dataset with splits; made once. */
async function curated(request: APIRequestContext): Promise<Pick<Places, "curation" | "other">> {
  const get = async (path: string) => (await request.get(path)).json()
  const known = async () =>
    (await get("/api/curations?limit=100")).data.find((one: { name: string }) => one.name === "looked at")
  if (!(await known())) {
    const stages = [
      { stage: "verified" },
      { stage: "near-dedup", options: { of: "prompt" } },
      { stage: "decontaminate", options: { suites: ["gsm8k-test"] } },
    ]
    const data = { pipeline: { name: "looked at", filter: "", stages } }
    expect((await request.post("/api/curations", { data })).status()).toBe(202)
  }
  await expect.poll(async () => (await known()).status, { timeout: 50_000 }).toBe("completed")
  const build = { dataset_name: "right", dataset_version: "1", query: "verdict:right steps:>2", limit: 60 }
  await request.post("/api/datasets/build", {
    data: { ...build, seed: 1, splits: { train: 0.8, test: 0.2 }, licence: "MIT" },
  })
  return { curation: (await known()).run_id, other: "right-1" }
}

export function addresses(places: Places): Record<string, string> {
  return {
    overview: "/",
    traces: "/traces",
    "traces-wrong": "/traces?query=verdict:wrong&at=3",
    "traces-nothing": "/traces?query=zzzzzzzz",
    "traces-refused": "/traces?query=pie%20sauce:x",
    "traces-deleted": "/traces?query=is:deleted",
    trace: `/traces/${places.trace}?step=1&at=0&query=verdict:wrong`,
    "trace-rendered": `/traces/${places.trace}?view=rendered`,
    compare: `/traces/compare?a=${places.pair[0]}&b=${places.pair[1]}`,
    "compare-which": "/traces/compare",
    import: "/import",
    "import-server": "/import?from=server",
    verify: "/verify?query=source:api",
    courts: "/court",
    court: `/court/${places.court}?which=audit`,
    judges: "/judges",
    gates: `/gates?baseline=${encodeURIComponent(places.baseline)}&run=${places.measured}`,
    tuning: "/tuning",
    "tuning-job": `/tuning/${places.job}`,
    "tuning-new": "/tuning/new",
    runs: "/runs",
    "run-new": `/runs/new?dataset=${encodeURIComponent(places.dataset)}`,
    "run-again": `/runs/new?from=${places.run}`,
    run: `/runs/${places.run}`,
    practice: `/runs/${places.practice}`,
    "practice-rollouts": `/runs/${places.practice}?tab=rollouts&round=1`,
    "practice-doctor": `/runs/${places.practice}?tab=doctor`,
    datasets: "/datasets",
    dataset: `/datasets/${places.dataset}`,
    "dataset-rows": `/datasets/${places.other}?tab=rows`,
    "dataset-xray": `/datasets/${places.other}?tab=xray`,
    "dataset-diff": `/datasets/${places.dataset}?tab=diff&with=${places.other}`,
    "dataset-card": `/datasets/${places.other}?tab=card`,
    "dataset-download": `/datasets/${places.other}?tab=download`,
    "dataset-new": "/datasets/new",
    "dataset-new-mixture": "/datasets/new?source=mixture",
    curations: "/curate",
    "curation-again": `/curate?from=${places.curation}`,
    curation: `/curate/${places.curation}`,
    "curation-clusters": `/curate/${places.curation}?side=clusters`,
    "curation-hits": `/curate/${places.curation}?side=hits`,
    models: "/models",
    model: `/models/${places.model}`,
    leaderboard: "/leaderboard",
    evaluation: `/evaluations/${places.evaluation}`,
    tasks: "/tasks",
    "tasks-cards": "/tasks/cards?split=test",
    "tasks-many": "/tasks/reasoning-gym",
    suite: `/tasks/suites/${encodeURIComponent(places.suite)}`,
    exams: "/exams",
    exam: "/exams/planted",
    observers: "/observers",
    observer: "/observers/first",
    "not-found": "/no/such/page",
    "no-trace": "/traces/00000000-0000-7000-8000-ffffffffffff",
  }
}
