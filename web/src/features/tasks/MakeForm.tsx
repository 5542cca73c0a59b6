import { useMutation } from "@tanstack/react-query"
import { useState } from "react"
import { type Draw, type MakeTasks, makeTasks } from "@/features/tasks/queries"
import { Labelled } from "@/ui/Labelled"
import { Refused } from "@/ui/Refused"

interface Props {
  generator: string
  draw: Draw
  onQueued: (run: string, into: MakeTasks["into"], name: string) => void
}

/** Makes many such tasks: as traces to learn from, or as a suite to measure on. */
export function MakeForm({ generator, draw, onQueued }: Props) {
  const [count, setCount] = useState("200")
  const [name, setName] = useState(`${generator}-${draw.split}`)
  const make = useMutation({
    mutationFn: makeTasks,
    onSuccess: ({ run_id }, asked) => onQueued(run_id, asked.into, asked.name),
  })
  const number = Number(count)
  const ready = name.trim() !== "" && Number.isInteger(number) && number > 0 && !make.isPending
  const button = (into: MakeTasks["into"], words: string) => (
    <button
      type="button"
      className="btn"
      disabled={!ready}
      onClick={() => make.mutate({ ...draw, generator, count: number, into, name: name.trim() })}
    >
      {words}
    </button>
  )
  return (
    <div role="group" aria-label="Make many" className="flex flex-col gap-3">
      <div className="grid grid-cols-2 items-end gap-3">
        <Labelled label="How many">
          <input
            type="number"
            min={1}
            max={1_000_000}
            className="field"
            value={count}
            onChange={(event) => setCount(event.target.value)}
          />
        </Labelled>
        <Labelled label="Name of the suite, or source of the traces">
          <input
            maxLength={128}
            className="field"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </Labelled>
      </div>
      <Refused error={make.error} />
      <p className="flex flex-wrap gap-2">
        {button("traces", "Make traces")}
        {button("suite", "Freeze as suite")}
      </p>
    </div>
  )
}
