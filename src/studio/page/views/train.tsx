/** Training of the open spec: start, pause and stop it, and watch its loss, metrics and confusion matrix. */
import { useSignal, type ReadonlySignal, type Signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { formatCount } from '../../../diagnostics/formatCount.ts'
import { formatMetric, formatSeconds, metricLabel } from '../../../report/run/numbers.ts'
import type { TrainingBackend } from '../../backend.ts'
import type { TrainingState } from '../../calls.ts'
import { isActive } from '../../trainingState.ts'
import { Chart } from '../chart.tsx'
import { Confusion } from '../confusion.tsx'
import { Figure } from '../figure.tsx'
import { linesOf, metricsOf, secondsLeftOf } from '../trainingFigures.ts'
import { trainingOf } from '../training.ts'
import { messageOf } from '../messageOf.ts'
import { Notice } from '../notice.tsx'
import type { ViewProps } from '../viewProps.ts'

export function TrainView({ session }: ViewProps) {
  const state = trainingOf(session)
  const problem = useSignal<string | undefined>(undefined)
  const attempt = async (action: () => Promise<unknown>) => {
    try {
      await action()
      problem.value = undefined
    } catch (error) {
      problem.value = messageOf(error)
    }
  }
  return (
    <div class="view train-view">
      <Controls session={session} state={state} attempt={attempt} />
      <Notice problem={problem} />
      <Course session={session} state={state.value} />
    </div>
  )
}

interface ControlsProps extends ViewProps {
  readonly state: ReadonlySignal<TrainingState>
  attempt(action: () => Promise<unknown>): Promise<void>
}

function Controls({ session, state, attempt }: ControlsProps) {
  const epochs = useSignal('')
  const training = session.backend.training
  const engine = useSignal(training.engines[0]!)
  const { status, run, spec } = state.value
  const options = () => ({
    spec: session.file.value,
    engine: engine.value,
    ...(epochs.value !== '' && { epochs: Number(epochs.value) }),
  })
  const start = (resumed?: string) =>
    attempt(async () => {
      if (session.isDirty.value) await session.save()
      if (session.isDirty.value) return
      const question = { ...options(), ...(resumed !== undefined && { resume: resumed }) }
      await training.start(question, session.text.value)
    })
  if (isActive(state.value)) {
    return (
      <div class="controls">
        {status === 'paused' ? (
          <button type="button" class="primary" onClick={() => void attempt(() => training.proceed())}>
            Continue
          </button>
        ) : (
          <button type="button" disabled={status !== 'training'} onClick={() => void attempt(() => training.pause())}>
            Pause
          </button>
        )}
        <button type="button" disabled={status === 'stopping'} onClick={() => void attempt(() => training.stop())}>
          Stop and save
        </button>
        <Status state={state.value} />
      </div>
    )
  }
  const hasErrors = session.checked.value?.diagnostics.some(({ severity }) => severity === 'error') === true
  return (
    <div class="controls">
      <button type="button" class="primary" disabled={hasErrors} onClick={() => void start()}>
        {session.isDirty.value ? 'Save and train' : 'Train'}
      </button>
      {status === 'stopped' && run !== undefined && spec === session.file.value && (
        <button type="button" disabled={hasErrors} onClick={() => void start(run)}>
          Resume
        </button>
      )}
      <label class="field-row">
        Epochs
        <input
          type="number"
          min="1"
          step="1"
          placeholder="as in the spec"
          value={epochs.value}
          onInput={(event) => (epochs.value = event.currentTarget.value)}
        />
      </label>
      {training.engines.length > 1 && <EngineChoice training={training} engine={engine} />}
      {hasErrors && <span class="quiet">Fix the errors of the spec first.</span>}
      <Status state={state.value} />
    </div>
  )
}

interface EngineChoiceProps {
  readonly training: TrainingBackend
  readonly engine: Signal<string>
}

function EngineChoice({ training, engine }: EngineChoiceProps) {
  const obstacles = useSignal<Readonly<Record<string, string>>>({})
  useEffect(() => {
    for (const one of training.engines) {
      void training.findObstacle?.(one).then((found) => {
        if (found !== undefined) obstacles.value = { ...obstacles.value, [one]: found }
      })
    }
  }, [training])
  return (
    <>
      <label class="field-row">
        Engine
        <select value={engine.value} onChange={(event) => (engine.value = event.currentTarget.value)}>
          {training.engines.map((one) => (
            <option key={one} disabled={obstacles.value[one] !== undefined}>
              {one}
            </option>
          ))}
        </select>
      </label>
      {Object.entries(obstacles.value).map(([one, text]) => (
        <span class="quiet" key={one}>
          {one}: {text}
        </span>
      ))}
    </>
  )
}

const statusTexts: Readonly<Record<TrainingState['status'], string>> = {
  idle: '',
  starting: 'Starting: reading data …',
  training: 'Training',
  paused: 'Paused: it holds at this step and keeps its memory',
  evaluating: 'Evaluating on the test samples …',
  stopping: 'Saving the run …',
  finished: 'Finished',
  stopped: 'Stopped and saved',
  failed: 'Failed',
}

function Status({ state }: { readonly state: TrainingState }) {
  return (
    <span class="status" role="status" data-status={state.status}>
      {statusTexts[state.status]}
    </span>
  )
}

function Course({ session, state }: ViewProps & { readonly state: TrainingState }) {
  const { status, spec, plan, progress, epochs, problem, notes, confusion } = state
  if (status === 'idle')
    return <p class="empty">Training saves a run in the folder runs. Its loss and metrics are drawn here meanwhile.</p>
  return (
    <>
      {spec !== session.file.value && <p class="quiet">This is the training of {spec}.</p>}
      {problem && (
        <div class="notice" role="alert">
          <pre>{problem.message}</pre>
          <p>{problem.help}</p>
        </div>
      )}
      {plan && progress && (
        <progress
          aria-label="Steps of all epochs"
          max={plan.epochs * progress.steps}
          value={(progress.epoch - 1) * progress.steps + progress.step}
        />
      )}
      <Figures state={state} />
      {plan && (
        <div class="charts">
          {metricsOf(state).map((metric) => (
            <Chart
              key={metric}
              metric={metric}
              title={metricLabel(metric)}
              lines={linesOf(state, metric)}
              epochs={plan.epochs}
            />
          ))}
        </div>
      )}
      {confusion && <Confusion confusion={confusion} />}
      {epochs.length > 0 && <Epochs state={state} />}
      {notes.length > 0 && (
        <ul class="notes">
          {notes.map((note, index) => (
            <li key={index}>{note}</li>
          ))}
        </ul>
      )}
    </>
  )
}

function Figures({ state }: { readonly state: TrainingState }) {
  const { plan, progress, epochs, engine, test, run } = state
  const left = secondsLeftOf(state)
  const last = epochs.at(-1)
  const rate = progress?.imagesPerSecond ?? last?.imagesPerSecond
  return (
    <dl class="figures">
      {plan && progress && <Figure label="Epoch" value={`${progress.epoch} of ${plan.epochs}`} />}
      {progress && <Figure label="Step" value={`${formatCount(progress.step)} of ${formatCount(progress.steps)}`} />}
      {Object.entries(progress?.logs ?? {}).map(([name, value]) => (
        <Figure key={name} label={`${metricLabel(name)}, this epoch`} value={formatMetric(name, value)} />
      ))}
      {rate !== undefined && <Figure label="Samples a second" value={formatCount(Math.round(rate))} />}
      {left !== undefined && <Figure label="Time left" value={formatSeconds(left)} />}
      {Object.entries(test ?? {}).map(([name, value]) => (
        <Figure key={name} label={`Test ${metricLabel(name)}`} value={formatMetric(name, value)} />
      ))}
      {engine !== undefined && <Figure label="Engine" value={engine.split(',')[0]!} />}
      {run !== undefined && <Figure label="Saved in" value={run} />}
    </dl>
  )
}

function Epochs({ state }: { readonly state: TrainingState }) {
  const hidden = new Set(['epoch', 'seconds', 'imagesPerSecond'])
  const keys = [...new Set(state.epochs.flatMap((logs) => Object.keys(logs)))].filter((key) => !hidden.has(key))
  return (
    <section>
      <h2>Epochs</h2>
      <div class="scroll">
        <table class="numbers">
          <thead>
            <tr>
              <th scope="col">Epoch</th>
              {keys.map((key) => (
                <th scope="col" key={key}>
                  {metricLabel(key.replace(/^val_/, 'validation '))}
                </th>
              ))}
              <th scope="col">Time</th>
            </tr>
          </thead>
          <tbody>
            {state.epochs.map((logs) => (
              <tr key={logs.epoch}>
                <th scope="row">{logs.epoch}</th>
                {keys.map((key) => (
                  <td key={key}>{logs[key] === undefined ? '' : formatMetric(key, logs[key])}</td>
                ))}
                <td>{formatSeconds(logs.seconds)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
