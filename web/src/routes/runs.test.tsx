import { screen, waitFor } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { expect, test } from "vitest"
import { openPage } from "@/testing"

const ID = "0198a001-0000-7000-8000-0000deadbeef"
const BEFORE = "0198a001-0000-7000-8000-0000feedbeef"
const MOMENT = "2026-01-01T00:00:00Z"
const RUN = {
  id: ID,
  kind: "gate",
  name: "new against main",
  status: "cancelled",
  progress: null,
  attempt: 1,
  after: [BEFORE],
  priority: 3,
  device: "gpu:0",
  config: {},
  result: {},
  error: `The run ${BEFORE} that it waited for failed.`,
  inputs: [],
  outputs: [],
  created_at: MOMENT,
  started_at: null,
  completed_at: MOMENT,
}

test("a run that ended early says what it waited for, and is queued again", async () => {
  let status = "cancelled"
  openPage(`/runs/${ID}`, {
    [`/api/runs/${ID}`]: () => ({ ...RUN, status }),
    [`/api/runs/${ID}/metrics`]: () => ({ points: [], total: 0 }),
    [`/api/runs/${ID}/retry`]: () => {
      status = "pending"
      return { run_id: ID, status }
    },
  })

  expect(await screen.findByText("gpu:0")).toBeTruthy()
  expect(screen.getByRole("link", { name: "feedbeef" }).getAttribute("href")).toBe(`/runs/${BEFORE}`)
  await userEvent.click(screen.getByRole("button", { name: "Queue again" }))

  await waitFor(() => expect(screen.getByRole("button", { name: "Stop" })).toBeTruthy())
})

test("why a run cannot be queued again is said", async () => {
  openPage(`/runs/${ID}`, {
    [`/api/runs/${ID}`]: () => RUN,
    [`/api/runs/${ID}/metrics`]: () => ({ points: [], total: 0 }),
    [`/api/runs/${ID}/retry`]: () => Response.json({ detail: "nothing can wait for it" }, { status: 409 }),
  })

  await userEvent.click(await screen.findByRole("button", { name: "Queue again" }))

  expect((await screen.findByRole("alert")).textContent).toContain("nothing can wait for it")
})
