import { expect, test } from "vitest"
import { chartsOf } from "@/features/runs/charts"

const point = (step: number, values: Record<string, number>) => ({ step, created_at: "", values })

test("the losses share a chart, every other metric has its own, and gaps stay gaps", () => {
  const charts = chartsOf([
    point(2, { loss: 2, learning_rate: 0.1 }),
    point(1, { loss: 3, learning_rate: 0.2 }),
    point(2, { eval_loss: 2.5 }),
  ])

  expect(charts.map((chart) => chart.title)).toEqual(["Loss", "Learning rate"])
  expect(charts[0]?.steps).toEqual([1, 2])
  expect(charts[0]?.series).toEqual([
    { name: "Loss", values: [3, 2] },
    { name: "Eval loss", values: [null, 2.5] },
  ])
})

test("metrics of one unit share a chart, and what matters most comes first", () => {
  const charts = chartsOf([
    point(1, {
      loss: 0.1,
      gradient_norm: 1,
      seconds_step: 0.6,
      seconds_rollout: 0.2,
      entropy: 0.05,
      kl: 0.01,
    }),
    point(2, {
      reward: 0.5,
      reward_answer: 0.4,
      right: 0.4,
      held_out_greedy: 0.45,
      ended: 1,
      useful_share: 0.7,
    }),
  ])

  const drawn = charts.map(({ title, series }) => [title, series.map(({ name }) => name)])
  expect(drawn).toEqual([
    ["Reward", ["Reward", "Reward answer"]],
    ["Right answers", ["Right", "Held out greedy"]],
    ["Loss", ["Loss"]],
    ["Shares", ["Ended", "Useful share"]],
    ["Kl", ["Kl"]],
    ["Entropy", ["Entropy"]],
    ["Gradient norm", ["Gradient norm"]],
    ["Seconds", ["Seconds step", "Seconds rollout"]],
  ])
})

test("a run without numbers has no charts", () => {
  expect(chartsOf([])).toEqual([])
})
