import { screen, waitFor, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { expect, test } from "vitest"
import { type Answers, openPage } from "@/testing"

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
  held_by: [],
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

test("a run with numbers is exported to what the server knows, and the run that does it is shown", async () => {
  const EXPORTING = "0198a001-0000-7000-8000-00000000e0e0"
  const FILE = "tensorboard/events.out.tfevents.1.here"
  let sent: unknown
  const answers: Answers = {
    [`/api/runs/${ID}`]: () => ({ ...RUN, kind: "train", status: "completed", last_metrics: { loss: 1 } }),
    [`/api/runs/${ID}/metrics`]: () => ({ points: [], total: 0 }),
    [`/api/runs/${ID}/export`]: (_, body) => {
      sent = body
      return body ? { run_id: EXPORTING, status: "pending" } : { to: ["tensorboard", "mlflow"] }
    },
    [`/api/runs/${EXPORTING}`]: () => ({
      ...RUN,
      ...{ id: EXPORTING, kind: "export-run", name: "new to TensorBoard", status: "completed" },
    }),
    [`/api/runs/${EXPORTING}/metrics`]: () => ({ points: [], total: 0 }),
    [`/api/tunix/runs/${EXPORTING}/artifacts`]: () => ({ artifacts: [{ name: FILE, size: 9, path: "" }] }),
  }
  openPage(`/runs/${ID}`, answers)

  const open = await screen.findByRole("button", { name: "Export" })
  expect(open.getAttribute("aria-expanded")).toBe("false")
  await userEvent.click(open)
  const choices = await screen.findByRole("group", { name: "Export to" })
  await within(choices).findByRole("button", { name: "MLflow" })
  await userEvent.click(within(choices).getByRole("button", { name: "TensorBoard" }))

  const file = await screen.findByRole("link", { name: FILE })
  expect(file.getAttribute("href")).toContain(`${EXPORTING}/artifacts/tensorboard%2Fevents`)
  expect(sent).toEqual({ to: "tensorboard", experiment: "tunix-rt" })
  expect(screen.queryByRole("button", { name: "Export" })).toBeNull()
})

test("why a run cannot be exported is said, and without a tracker MLflow is not offered", async () => {
  openPage(`/runs/${ID}`, {
    [`/api/runs/${ID}`]: () => ({ ...RUN, last_metrics: { loss: 1 } }),
    [`/api/runs/${ID}/metrics`]: () => ({ points: [], total: 0 }),
    [`/api/runs/${ID}/export`]: (_, body) =>
      body ? Response.json({ detail: "The disk is full." }, { status: 503 }) : { to: ["tensorboard"] },
  })

  await userEvent.click(await screen.findByRole("button", { name: "Export" }))
  await userEvent.click(await screen.findByRole("button", { name: "TensorBoard" }))

  expect((await screen.findByRole("alert")).textContent).toContain("The disk is full.")
  expect(screen.queryByRole("button", { name: "MLflow" })).toBeNull()
})
