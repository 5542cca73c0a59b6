import { fireEvent, screen, waitFor, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { expect, test } from "vitest"
import { type Answers, openPage } from "@/testing"

const ID = "0198a001-0000-7000-8000-0000deadbeef"
const TRACE = "0198a001-0000-7000-8000-0000000000"
const MEASURED = { problems: 256, entropy: 0.05, varied: 0.5, ended: 0.98, tokens: 21.5 }
const RUN = {
  id: ID,
  kind: "train",
  name: "practise",
  status: "running",
  progress: null,
  attempt: 1,
  after: [],
  held_by: [],
  priority: 0,
  device: null,
  config: { recipe: { method: "grpo", grpo: { group: 2, iterations: 2 } }, dataset_key: "sums-1" },
  result: { advice: "It is ready: practise.", readiness: { ...MEASURED, greedy: 0.5, sampled: 0.45 } },
  error: null,
  inputs: [],
  outputs: [],
  created_at: "2026-01-01T00:00:00Z",
  started_at: null,
  completed_at: null,
}
const rollout = (round: number, place: number, more: object) => ({
  round,
  place,
  slot: Math.floor(place / 2),
  trace_id: `${TRACE}${round}${place}`,
  problem: `round ${round}: ${place < 2 ? "What is 2 + 2?" : "What is 3 + 3?"}`,
  answer: "4",
  is_right: false,
  ended: true,
  tokens: 21,
  logp: -0.05,
  reward: 0,
  rewards: { right: 0, answer: 0, steps: 0.25 },
  advantage: 0,
  ...more,
})
const roundOf = (round: number) => [
  rollout(round, 0, {
    is_right: true,
    reward: 1.5,
    rewards: { right: 1, answer: 1, steps: 1 },
    advantage: 0.7,
  }),
  rollout(round, 1, { answer: "", ended: false, advantage: -0.7 }),
  rollout(round, 2, {}),
  rollout(round, 3, {}),
]
const page = (data: object[], total: number) => ({
  data,
  total,
  pagination: { limit: 100, offset: 0, next_offset: null },
})

function practising(rounds: () => number): Answers {
  return {
    [`/api/runs/${ID}`]: () => RUN,
    [`/api/runs/${ID}/metrics`]: () => ({ points: [], total: 0 }),
    [`/api/tunix/runs/${ID}/rollouts`]: (query) => {
      const total = rounds() * 4
      const round = Number(query.get("round") ?? rounds() - 1)
      const rows = rounds() > 0 ? roundOf(round) : []
      const slot = query.get("slot")
      return page(slot === null ? rows : rows.filter((one) => one.slot === Number(slot)), total)
    },
  }
}

test("rollouts are read problem by problem, and the round one reads stays while others come", async () => {
  let rounds = 2
  const asked = openPage(
    `/runs/${ID}?tab=rollouts`,
    practising(() => rounds),
  )

  const table = await screen.findByRole("region", { name: "Answers" })
  const groups = within(table).getAllByRole("rowheader")
  expect(groups.map((one) => one.textContent)).toEqual([
    "round 1: What is 2 + 2?1 of 2 rightOnly this problem: round 1: What is 2 + 2?",
    "round 1: What is 3 + 3?0 of 2 right, rewards all the same: nothing is learned" +
      "Only this problem: round 1: What is 3 + 3?",
  ])
  const lines = within(table).getAllByRole("row")
  expect(lines[2]?.textContent).toBe("✓Right4111.5000+0.700021-0.0500")
  expect(lines[3]?.textContent).toContain("no answercut off")
  expect(within(table).getAllByRole("link")[0]?.getAttribute("href")).toBe(`/traces/${TRACE}10`)
  expect(screen.getByText("of 0 to 1, steps 3 to 4")).toBeTruthy()
  expect(screen.getByRole("link", { name: "All 8 as traces" }).getAttribute("href")).toContain(ID)

  rounds = 4
  await screen.findByText("of 0 to 3, steps 3 to 4")
  await userEvent.click(screen.getByRole("button", { name: "Newest" }))
  await screen.findByText(/^round 3: What is 2/)
  await userEvent.click(screen.getAllByRole("button", { name: /^Only this/ })[1] as HTMLElement)
  await waitFor(() => expect(within(table).getAllByRole("rowheader")).toHaveLength(1))
  expect(asked.at(-1)).toContain("round=3")
  expect(asked.at(-1)).toContain("slot=1")

  fireEvent.change(screen.getByRole("spinbutton", { name: "Round" }), { target: { value: "0" } })
  await screen.findByText(/^round 0: What is 3/)
  expect(screen.queryByRole("button", { name: "Earlier" })).toBeNull()
  fireEvent.change(screen.getByRole("spinbutton", { name: "Round" }), { target: { value: "9" } })
  expect(asked.some((one) => one.includes("round=9"))).toBe(false)
})

test("before the first round there are no rollouts yet", async () => {
  openPage(
    `/runs/${ID}?tab=rollouts`,
    practising(() => 0),
  )
  expect(await screen.findByText("The first rollouts come with the first round.")).toBeTruthy()
})

test("the doctor says what looks wrong, shows rollouts of it, and what practice brought", async () => {
  const share = (value: number) => ({
    greedy: value,
    sampled: value - 0.1,
    greedy_low: value - 0.05,
    greedy_high: value + 0.05,
    sampled_low: value - 0.15,
    sampled_high: value - 0.05,
  })
  const practised = {
    before: { ...MEASURED, ...share(0.5) },
    after: { ...MEASURED, ...share(0.75) },
    stopped: "Held-out greedy accuracy fell from 0.760 at step 50 to 0.600 at step 75.",
    best_step: 50,
  }
  openPage(`/runs/${ID}?tab=doctor`, {
    ...practising(() => 1),
    [`/api/runs/${ID}`]: () => ({ ...RUN, status: "completed", result: { advice: "Ready.", practised } }),
    [`/api/tunix/runs/${ID}/doctor`]: () => ({
      run_id: ID,
      rounds: 40,
      rollouts: 160,
      findings: [
        {
          sign: "wrong_rewarded",
          text: "30 of 40 rollouts are wrong and did better than a right one.",
          first_round: 30,
          last_round: 39,
          trace_ids: [`${TRACE}01`],
        },
      ],
    }),
  })

  const found = await screen.findByRole("list", { name: "Findings" })
  expect(found.textContent).toContain("Misled30 of 40 rollouts are wrong")
  expect(within(found).getByRole("link", { name: "rounds 30 to 39" }).getAttribute("href")).toBe(
    `/runs/${ID}?tab=rollouts&round=39`,
  )
  expect(within(found).getByRole("link", { name: "00000001" }).getAttribute("href")).toBe(
    `/traces/${TRACE}01`,
  )
  expect(screen.getByText(/The weights are those of step 50/)).toBeTruthy()
  const greedy = screen.getByRole("row", { name: /Right greedily/ })
  expect(greedy.textContent).toContain("50.0%")
  expect(within(greedy).getByRole("img", { name: "95% interval from 70.0% to 80.0%" })).toBeTruthy()
})

test("without findings it is said that this proves nothing", async () => {
  openPage(`/runs/${ID}?tab=doctor`, {
    ...practising(() => 1),
    [`/api/tunix/runs/${ID}/doctor`]: () => ({ run_id: ID, rounds: 1, rollouts: 4, findings: [] }),
  })
  expect(await screen.findByText(/That is a good sign, and no proof/)).toBeTruthy()
  expect(screen.getByText("It is ready: practise.")).toBeTruthy()
  expect(screen.queryByRole("columnheader", { name: "After" })).toBeNull()
})

test("a training that does not practise has no rollouts to look at", async () => {
  const asked = openPage(`/runs/${ID}?tab=rollouts`, {
    ...practising(() => 1),
    [`/api/runs/${ID}`]: () => ({ ...RUN, config: { recipe: { method: "sft" } } }),
  })
  expect(await screen.findByRole("heading", { name: "Config" })).toBeTruthy()
  expect(screen.queryByRole("navigation", { name: "Sides of the run" })).toBeNull()
  expect(asked.some((one) => one.includes("rollouts"))).toBe(false)
})
