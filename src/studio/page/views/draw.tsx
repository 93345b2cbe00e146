/** Draw a digit or drop an image, and see what the network of a run makes of it. */
import { useSignal, type Signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { RunRow } from '../../../report/run/runsTable.ts'
import type { ExplainedPrediction } from '../../../tasks/predict/explainPrediction.ts'
import { Classes, Layers } from '../draw/activations.tsx'
import { Canvas } from '../draw/canvas.tsx'
import { isTrial } from '../isTrial.ts'
import { messageOf } from '../messageOf.ts'
import type { Session } from '../session.ts'
import { trainingOf } from '../training.ts'
import { NoRuns } from '../noRuns.tsx'
import { Notice } from '../notice.tsx'
import type { ViewProps } from '../viewProps.ts'

export function DrawView({ session }: ViewProps) {
  const state: DrawState = {
    rows: useSignal(undefined),
    run: useSignal(undefined),
    image: useSignal(undefined),
    isInverted: useSignal(false),
    prediction: useSignal(undefined),
    problem: useSignal(undefined),
  }
  const { status } = trainingOf(session).value
  useRuns(session, state, status)
  usePrediction(session, state, status)
  const { rows, image, prediction, problem } = state
  if (rows.value?.length === 0)
    return <NoRuns session={session} text="There is no run yet: train a spec first, then draw for it." />
  return (
    <div
      class="view draw-view"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault()
        image.value = event.dataTransfer?.files[0] ?? image.value
      }}
    >
      <Controls state={state} />
      <Notice problem={problem} />
      <div class="draw-panes">
        <div>
          <Canvas onDrawing={(drawn) => (image.value = drawn)} />
          <p class="quiet">Draw, or drop an image anywhere here.</p>
        </div>
        <div class="seen">
          {prediction.value && (
            <figure>
              <img src={prediction.value.input.url} width="84" height="84" alt="The image as the network sees it" />
              <figcaption class="quiet">as the network sees it</figcaption>
            </figure>
          )}
        </div>
        <div class="classes">
          {prediction.value?.outputs.map((output) => (
            <Classes key={output.output} output={output} />
          ))}
        </div>
      </div>
      {prediction.value && <Layers prediction={prediction.value} />}
    </div>
  )
}

interface DrawState {
  /** The runs that can predict; undefined until they are listed. */
  readonly rows: Signal<readonly RunRow[] | undefined>
  /** The folder of the run that predicts. */
  readonly run: Signal<string | undefined>
  readonly image: Signal<Blob | undefined>
  readonly isInverted: Signal<boolean>
  readonly prediction: Signal<ExplainedPrediction | undefined>
  readonly problem: Signal<string | undefined>
}

/** Lists the runs when the view opens and when a training starts or ends, and chooses the newest that is not a trial. */
function useRuns({ backend: { runs } }: Session, { rows, run, problem }: DrawState, status: string): void {
  useEffect(() => {
    runs.list({}).then(
      (found) => {
        const trained = found.rows.filter(({ trials, epochs }) => trials === undefined && epochs > 0)
        rows.value = trained
        run.value ??= (trained.findLast(({ folder }) => !isTrial(folder)) ?? trained.at(-1))?.folder
      },
      (error: unknown) => (problem.value = messageOf(error)),
    )
  }, [runs, status])
}

/** Predicts the image, and again when the run or the colours change. */
function usePrediction({ backend: { runs } }: Session, state: DrawState, status: string): void {
  const { run, image, isInverted, prediction, problem } = state
  useEffect(() => {
    const [shown, folder] = [image.value, run.value]
    if (shown === undefined || folder === undefined) return void (prediction.value = undefined)
    let isOld = false
    toBase64(shown)
      .then((bytes) => runs.predict({ run: folder, image: bytes, invert: isInverted.value }))
      .then(
        (found) => {
          if (isOld) return
          prediction.value = found
          problem.value = undefined
        },
        (error: unknown) => {
          if (isOld) return
          prediction.value = undefined
          problem.value = messageOf(error)
        },
      )
    return () => void (isOld = true)
  }, [runs, image.value, run.value, isInverted.value, status])
}

function Controls({ state: { rows, run, image, isInverted } }: { readonly state: DrawState }) {
  return (
    <div class="controls">
      <label class="field-row">
        Run
        <select value={run.value} onChange={(event) => (run.value = event.currentTarget.value)}>
          {rows.value?.toReversed().map(({ folder }) => (
            <option key={folder} value={folder}>
              {folder}
            </option>
          ))}
        </select>
      </label>
      <label class="file-button">
        Choose an image
        <input
          type="file"
          accept="image/*"
          class="visually-hidden"
          onChange={(event) => (image.value = event.currentTarget.files?.[0] ?? image.value)}
        />
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={isInverted.value}
          onChange={(event) => (isInverted.value = event.currentTarget.checked)}
        />
        Invert colours
      </label>
    </div>
  )
}

async function toBase64(blob: Blob): Promise<string> {
  const url = await new Promise<string>((done, fail) => {
    const reader = new FileReader()
    reader.addEventListener('load', () => done(String(reader.result)))
    reader.addEventListener('error', () => fail(new Error('The image could not be read.')))
    reader.readAsDataURL(blob)
  })
  return url.slice(url.indexOf(',') + 1)
}
