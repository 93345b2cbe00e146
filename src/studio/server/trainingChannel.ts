/** The side of the training process: reports the course of training to the studio that started it, and obeys its orders. */
import type { RunObserver } from '../../tasks/train/observeRun.ts'
import type { EngineInfo, TrainingListener } from '../../tasks/train/trainRun.ts'
import type { TrainingEvent, TrainingPoint } from '../calls.ts'

/** An order of the studio to the training process. */
export type TrainingOrder = 'pause' | 'proceed' | 'stop'

export interface TrainingChannel {
  readonly listener: TrainingListener
  readonly observer: RunObserver
  /** Aborted to stop training after the current step: by order, or because the studio has ended. */
  readonly signal: AbortSignal
  reportEngine(engine: EngineInfo): void
  reportTest(logs: Readonly<Record<string, number>>): void
  obey(order: TrainingOrder): void
}

/** The channel of a process, which can end once it is closed. */
export interface ProcessChannel extends TrainingChannel {
  close(): void
}

type Logs = Readonly<Record<string, number>>

/** The environment variable by which the studio says that it reads the channel; another parent may have a channel of its own. */
export const channelSetting = { name: 'SHAPEWRIGHT_STUDIO', value: 'training' } as const

/** Opens the channel to the studio, or returns undefined if something else started this process. */
export function openTrainingChannel(process: NodeJS.Process): ProcessChannel | undefined {
  if (process.env[channelSetting.name] !== channelSetting.value) return undefined
  const channel = createTrainingChannel((event) => {
    if (process.connected) process.send?.(event, undefined, {}, () => undefined)
  })
  process.on('message', channel.obey)
  process.once('disconnect', () => channel.obey('stop'))
  return {
    ...channel,
    close() {
      process.removeAllListeners('message')
      if (process.connected) process.disconnect()
    },
  }
}

export function createTrainingChannel(report: (event: TrainingEvent) => void): TrainingChannel {
  const stopping = new AbortController()
  const gate = createGate((isPaused) => report({ kind: isPaused ? 'paused' : 'proceeded' }))
  const measure = createStepMeasure()
  let epoch = 1
  return {
    signal: stopping.signal,
    listener: {
      onTrainBegin: (plan) => report({ kind: 'plan', plan }),
      onEpochBegin(begun) {
        epoch = begun
        measure.reset()
      },
      onProgress(step, steps, logs, imagesPerSecond, secondsLeft) {
        const point = measure.read(epoch, step, steps, logs)
        const progress = { epoch, step, steps, logs, imagesPerSecond, secondsLeft }
        report({ kind: 'progress', ...progress, ...(point && { point }) })
        return gate.pass()
      },
      onEpochEnd: (_epoch, logs) => report({ kind: 'epoch', logs }),
      onNote: (text) => report({ kind: 'note', text }),
    },
    observer: {
      onBegin(folder, history) {
        report({ kind: 'run', folder })
        for (const logs of history) report({ kind: 'epoch', logs })
      },
      onConfusion: (confusion) => report({ kind: 'confusion', ...confusion }),
      onEvaluation: () => report({ kind: 'evaluating' }),
    },
    reportEngine: ({ name, detail }) => report({ kind: 'engine', name: `${name}, ${detail}` }),
    reportTest: (logs) => report({ kind: 'test', logs }),
    obey(order) {
      if (order === 'pause') return gate.close()
      if (order === 'stop') stopping.abort()
      gate.open()
    },
  }
}

interface Gate {
  close(): void
  open(): void
  /** Returns a promise that is resolved once the gate is open; undefined if it is. */
  pass(): Promise<void> | undefined
}

/** @param onChange Called when somebody begins to wait, and when the gate opens for them. */
function createGate(onChange: (isWaiting: boolean) => void): Gate {
  let isClosed = false
  let release: (() => void) | undefined
  return {
    close: () => void (isClosed = true),
    open() {
      isClosed = false
      release?.()
    },
    pass() {
      if (!isClosed) return undefined
      onChange(true)
      return new Promise((done) => {
        release = () => {
          release = undefined
          onChange(false)
          done()
        }
      })
    },
  }
}

/** Computes the means over the steps since the last point from the means over the epoch, for the loss and accuracies. */
export function createStepMeasure(): {
  reset(): void
  read(epoch: number, step: number, steps: number, logs: Logs): TrainingPoint | undefined
} {
  let before: { readonly step: number; readonly logs: Logs } = { step: 0, logs: {} }
  return {
    reset: () => void (before = { step: 0, logs: {} }),
    read(epoch, step, steps, logs) {
      const { step: past, logs: means } = before
      if (step <= past) return undefined
      const keys = Object.keys(logs).filter((key) => key === 'loss' || /accuracy$/i.test(key))
      const meanSince = (key: string) => (logs[key]! * step - (means[key] ?? 0) * past) / (step - past)
      before = { step, logs }
      return { at: epoch - 1 + step / steps, values: Object.fromEntries(keys.map((key) => [key, meanSince(key)])) }
    },
  }
}
