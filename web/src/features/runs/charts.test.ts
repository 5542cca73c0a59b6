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

test("a run without numbers has no charts", () => {
  expect(chartsOf([])).toEqual([])
})
