import { expect, test } from "vitest"
import { groupsOf, outcomeOf, practiceOf, rewardsOf } from "@/features/practice/practised"
import { pageOf, type Rollout } from "@/features/practice/queries"

const rollout = (place: number, slot: number, reward: number, rewards: Rollout["rewards"]): Rollout => ({
  round: 0,
  place,
  slot,
  trace_id: `t${place}`,
  problem: `problem ${slot}`,
  answer: "4",
  is_right: reward > 0,
  ended: true,
  tokens: 3,
  logp: -0.1,
  reward,
  rewards,
  advantage: 0,
})

test("only a training by GRPO practises", () => {
  const grpo = { group: 8, iterations: 2 }
  expect(practiceOf({ kind: "train", config: { recipe: { method: "grpo", grpo } } })).toEqual(grpo)
  expect(practiceOf({ kind: "train", config: { recipe: { method: "sft", grpo } } })).toBeNull()
  expect(practiceOf({ kind: "initialise", config: { recipe: { method: "grpo", grpo } } })).toBeNull()
  const config = { recipe: { method: "grpo", grpo }, dry_run: true }
  expect(practiceOf({ kind: "train", config })).toBeNull()
  expect(practiceOf({ kind: "train", config: {} })).toBeNull()
  expect(practiceOf({ kind: "train", config: null })).toBeNull()
})

test("a run that still works knows how it began, and one that ended knows both", () => {
  const before = { problems: 8, greedy: 0.5, sampled: 0.4, entropy: 0.1, varied: 0.6, ended: 1, tokens: 9 }
  const working = outcomeOf({ readiness: before, advice: "It is ready: practise." })
  expect(working).toEqual({
    advice: "It is ready: practise.",
    before,
    after: null,
    stopped: null,
    best: null,
  })

  const after = { ...before, greedy: 0.75 }
  const ended = outcomeOf({ readiness: {}, practised: { before, after, stopped: "It fell.", best_step: 50 } })
  expect(ended).toEqual({ advice: null, before, after, stopped: "It fell.", best: 50 })
  expect(outcomeOf({ practised: { before: { greedy: "much" } } }).before).toBeNull()
})

test("rollouts fall into groups, and a group of equal rewards is flat once all of it is there", () => {
  const groups = groupsOf(
    [
      rollout(0, 0, 1, {}),
      rollout(1, 0, 0, {}),
      rollout(2, 1, 0, {}),
      rollout(3, 1, 0, {}),
      rollout(4, 2, 0, {}),
    ],
    2,
  )
  expect(groups.map(({ problem, right, flat }) => [problem, right, flat])).toEqual([
    ["problem 0", 1, false],
    ["problem 1", 0, true],
    ["problem 2", 0, null],
  ])
})

test("a reward that is all of the reward has no column beside it", () => {
  expect(rewardsOf([rollout(0, 0, 1, { right: 1, answer: 1 })])).toEqual([])
  expect(rewardsOf([rollout(0, 0, 0.5, { right: 1, answer: 1 })])).toEqual(["answer"])
  expect(rewardsOf([rollout(0, 0, 1.2, { right: 1, answer: 1, steps: 0.4 })])).toEqual(["answer", "steps"])
})

test("a page holds whole groups as far as they fit", () => {
  expect([2, 16, 64, 100, 1024].map(pageOf)).toEqual([100, 96, 64, 100, 100])
})
