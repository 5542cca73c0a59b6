import { screen, waitFor } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { expect, test } from "vitest"
import { openPage } from "@/testing"

const RUN = "0198a001-0000-7000-8000-0000deadbeef"
const CARDS = {
  name: "cards",
  summary: "Exact odds.",
  version: "1",
  available: true,
  install: null,
  families: [{ name: "duel", worked: true }],
  config_schema: {
    properties: {
      families: {
        type: "array",
        items: { type: "string", enum: ["duel", "kuhn"] },
        default: ["duel", "kuhn"],
      },
      discards: { type: "integer", default: 5 },
    },
  },
}
const GAMES = { ...CARDS, name: "openspiel", available: false, install: "pip install 'tunix-rt[games]'" }
const SAMPLE = {
  key: "cards/0",
  prompt: "Your card is <b>K</b>.",
  expected: "1/2",
  verifier: "number",
  family: "duel",
  steps: [{ type: "compute", content: "24/48 = 1/2" }],
  meta: {},
}
const SUITE = {
  name: "odds/test",
  origin: { generator: "cards", split: "test", seed: 0, config: {}, version: "1" },
  digest: "ab".repeat(32),
  item_count: 1,
  created_at: "2026-01-01T00:00:00Z",
}
const ANSWERS = {
  "/api/tasks/generators": () => ({ data: [CARDS, GAMES] }),
  "/api/tasks/preview": () => ({ data: [SAMPLE] }),
  "/api/suites": () => ({ data: [SUITE] }),
}

test("generators are listed with what they lack, and suites beneath", async () => {
  openPage("/tasks", ANSWERS)
  expect(await screen.findByText("pip install 'tunix-rt[games]'")).toBeTruthy()
  expect(screen.getByRole("link", { name: "odds/test" }).getAttribute("href")).toContain("odds%2Ftest")
})

test("what is chosen stands in the address and is shown at once", async () => {
  const asked = openPage("/tasks/cards", ANSWERS)
  expect(await screen.findByText("Your card is <b>K</b>.")).toBeTruthy()

  await userEvent.click(screen.getByRole("checkbox", { name: "kuhn" }))
  await userEvent.clear(screen.getByLabelText("discards"))
  await userEvent.tab()
  expect((await screen.findByRole("alert")).textContent).toContain("discards is not a number.")
  await userEvent.type(screen.getByLabelText("discards"), "7")
  await userEvent.tab()

  await waitFor(() =>
    expect(asked.map(decodeURIComponent).at(-1)).toContain('config={"families":["duel"],"discards":7}'),
  )
})

test("tasks are made as a suite, and the way to it is shown when it is there", async () => {
  const asked = openPage("/tasks/cards?split=test", {
    ...ANSWERS,
    "/api/tasks/generate": () => ({ run_id: RUN, status: "pending" }),
    [`/api/runs/${RUN}`]: () => ({
      id: RUN,
      name: "tasks",
      status: "completed",
      progress: null,
      error: null,
    }),
  })
  await userEvent.click(await screen.findByRole("button", { name: "Freeze as suite" }))

  const link = await screen.findByRole("link", { name: "Show the suite cards-test" })
  expect(link.getAttribute("href")).toBe("/tasks/suites/cards-test")
  expect(asked).toContain("/api/tasks/generate")
})

test("a generator without its library says what to install", async () => {
  const asked = openPage("/tasks/openspiel", ANSWERS)
  expect(await screen.findByText("pip install 'tunix-rt[games]'")).toBeTruthy()
  expect(asked.some((one) => one.startsWith("/api/tasks/preview"))).toBe(false)
})

test("a suite shows where it is from, and each problem with its answer", async () => {
  openPage("/tasks/suites/odds%2Ftest", {
    ...ANSWERS,
    "/api/suites/odds%2Ftest/items": () => ({
      data: [
        {
          position: 0,
          key: "k",
          family: "duel",
          verifier: "number",
          prompt: "Odds?",
          expected: "1/2",
          data: null,
        },
      ],
      next_after: null,
    }),
  })
  expect((await screen.findAllByText("Odds?")).length).toBeGreaterThan(0)
  expect(screen.getByText("split").nextSibling?.textContent).toBe("test")
})
