import { useMutation, useQueryClient } from "@tanstack/react-query"
import { type FormEvent, type ReactNode, useState } from "react"
import { type Choices, type NewTraining, train } from "@/features/train/queries"
import { RecipeFields } from "@/features/train/RecipeFields"
import { fieldsFor, type Recipe, read, unfinished, usualRecipe, write } from "@/features/train/recipe"
import { Labelled } from "@/ui/Labelled"
import { NodeLink } from "@/ui/NodeLink"
import { Refused } from "@/ui/Refused"
import { count } from "@/ui/words"

interface Props {
  choices: Choices
  /** The dataset that is chosen at first. */
  dataset: string | undefined
  /** The recipe of an earlier run, to begin with. */
  before: { name: string; recipe: Recipe } | undefined
  /** A step of that run whose weights it begins with, instead of the recipe's model. */
  fork: NewTraining["fork"] | undefined
  onStarted: (run: string) => void
}

const EARLIER = "earlier"
const USUAL = "usual"

/** A training: on which dataset, by which recipe, measured on what. */
export function TrainForm({ choices, dataset, before, fork, onStarted }: Props) {
  const { schema, recipes, datasets, suites, bases, others } = choices
  const begins = new Map<string, { says: string; recipe: Recipe; about?: string }>([
    ...(before ? [[EARLIER, { says: before.name, recipe: before.recipe }] as const] : []),
    ...recipes.map(
      (one) => [`@${one.name}`, { says: one.name, recipe: one.recipe, about: one.description }] as const,
    ),
    [USUAL, { says: "the default of every key", recipe: usualRecipe(schema) }],
  ])
  const [first] = begins.keys()
  const [begun, setBegun] = useState(first ?? USUAL)
  const [written, setWritten] = useState(() => write(begins.get(begun)?.recipe ?? {}))
  const recipe = read(written.text)
  const isBroken = typeof recipe === "string"
  const open = isBroken ? "" : unfinished(fieldsFor(schema, recipe), written.typed)
  const queries = useQueryClient()
  const start = useMutation({
    mutationFn: train,
    onSuccess: async ({ run_id }) => {
      await queries.invalidateQueries({ queryKey: ["runs"] })
      onStarted(run_id)
    },
  })
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    if (!isBroken && !open) {
      const pressed = (event.nativeEvent as SubmitEvent).submitter
      const training = trainingOf(new FormData(event.currentTarget, pressed), recipe)
      start.mutate(fork ? { ...training, fork } : training)
    }
  }
  return (
    <form onSubmit={submit} aria-label="New training" className="flex max-w-6xl flex-col gap-6">
      <Part title="What it learns from">
        <div className="grid items-start gap-x-6 gap-y-3 lg:grid-cols-2">
          <Labelled label="Dataset">
            <select name="dataset_key" required className="field" defaultValue={dataset}>
              {dataset && !datasets.some(({ key }) => key === dataset) && <option>{dataset}</option>}
              {datasets.map(({ key, rows }) => (
                <option key={key} value={key}>
                  {key}, {count(rows)} {rows === 1 ? "row" : "rows"}
                </option>
              ))}
            </select>
          </Labelled>
          {fork && (
            <p className="lg:self-end lg:pb-1">
              It begins with the weights that{" "}
              <NodeLink node={{ kind: "run", id: fork.run_id, label: before?.name ?? "" }} /> had after step{" "}
              {count(fork.step ?? 0)}; the optimizer begins anew, and steps count from 0.
            </p>
          )}
        </div>
      </Part>
      <Part title="Recipe">
        <div className="grid items-start gap-x-6 gap-y-3 lg:grid-cols-2">
          <Labelled label="Begin with">
            <select
              className="field"
              value={begun}
              onChange={({ target }) => {
                setBegun(target.value)
                setWritten(write(begins.get(target.value)?.recipe ?? {}))
              }}
            >
              {[...begins].map(([key, { says }]) => (
                <option key={key} value={key}>
                  {key === EARLIER ? `as in: ${says}` : says}
                </option>
              ))}
            </select>
          </Labelled>
          <p className="text-muted lg:self-end lg:pb-1">{begins.get(begun)?.about}</p>
        </div>
        <div className="grid gap-x-6 gap-y-3 lg:grid-cols-2">
          <fieldset disabled={isBroken} className="min-w-0">
            <legend className="sr-only">Keys that are often changed</legend>
            <RecipeFields
              schema={schema}
              recipe={isBroken ? {} : recipe}
              written={written}
              onWritten={setWritten}
              bases={bases}
            />
          </fieldset>
          <div className="flex flex-col gap-1">
            <label className="flex grow flex-col gap-1">
              <span className="text-sm text-muted">All of the recipe, as JSON</span>
              <textarea
                rows={20}
                spellCheck={false}
                aria-invalid={isBroken}
                className="field grow py-1 font-mono text-sm"
                value={written.text}
                onChange={({ target }) => setWritten({ text: target.value, typed: {} })}
              />
            </label>
            <Refused error={isBroken ? recipe : null} />
          </div>
        </div>
      </Part>
      <Part title="Afterwards, and when">
        <div className="grid grid-cols-2 gap-3 sm:max-w-4xl sm:grid-cols-3">
          <Labelled label="Measure the model on">
            <select name="evaluate" className="field">
              <option value="">nothing</option>
              {suites.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </Labelled>
          <Labelled label="Not before this run is completed">
            <select name="after" className="field">
              <option value="">at once</option>
              {others.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </Labelled>
          <Labelled label="Priority: higher is sooner">
            <input
              name="priority"
              type="number"
              required
              min={-1000}
              max={1000}
              defaultValue={0}
              className="field"
            />
          </Labelled>
        </div>
      </Part>
      <Refused error={open || start.error} />
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <button type="submit" className="btn" disabled={start.isPending || isBroken || Boolean(open)}>
          Train
        </button>
        <button
          type="submit"
          name="dry_run"
          value="true"
          className="btn"
          disabled={start.isPending || isBroken || Boolean(open)}
        >
          Dry run
        </button>
        <span className="text-sm text-muted">
          A dry run trains nothing: it says which rows are learned, what memory and time it takes, and tries
          one step.
        </span>
      </div>
    </form>
  )
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className="flex min-w-0 flex-col gap-3">
      <legend className="pb-2 font-semibold">{title}</legend>
      {children}
    </fieldset>
  )
}

function trainingOf(form: FormData, recipe: Recipe): NewTraining {
  const text = (name: string): string => String(form.get(name) ?? "").trim()
  const dry = form.get("dry_run") !== null
  return {
    recipe,
    dataset_key: text("dataset_key"),
    evaluate: dry ? null : text("evaluate") || null,
    dry_run: dry,
    priority: Number(text("priority")),
    after: text("after") ? [text("after")] : [],
  }
}
