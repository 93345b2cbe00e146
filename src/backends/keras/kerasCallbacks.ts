/** The callbacks of the language in Keras 3. */
import type { PlannedRun } from '../../language/callbackDef.ts'
import { decideMode } from '../../parts/callbacks/monitor.ts'
import { printLiteral, quotePython, type PythonValue } from '../python/printLiteral.ts'

type Options = Readonly<Record<string, PythonValue>>

interface CallbackForm {
  /** Prints the calls that create it, which may use `folder`. */
  print(options: Options, run: PlannedRun): readonly string[]
  /** Whether it ends the training before the last epoch. */
  readonly stops?: true
  /** Whether it changes the learning rate. */
  readonly changesRate?: true
}

export const kerasCallbacks: Readonly<Record<string, CallbackForm>> = {
  earlyStopping: {
    stops: true,
    print: ({ patience, minDelta, baseline, restoreBestWeights, ...watched }, run) => [
      callback('EarlyStopping', {
        ...monitored(watched, run),
        patience,
        min_delta: minDelta === 0 ? undefined : minDelta,
        baseline,
        restore_best_weights: restoreBestWeights === true ? true : undefined,
      }),
    ],
  },
  reduceOnPlateau: {
    changesRate: true,
    print: ({ factor, patience, minDelta, cooldown, minLearningRate, ...watched }, run) => [
      callback('ReduceLROnPlateau', {
        ...monitored(watched, run),
        factor,
        patience,
        min_delta: minDelta,
        cooldown: cooldown === 0 ? undefined : cooldown,
        min_lr: minLearningRate === 0 ? undefined : minLearningRate,
      }),
    ],
  },
  checkpoint: {
    print({ keep, every, unit, ...watched }, run) {
      const own = monitored(watched, run)
      const best = `keras.callbacks.ModelCheckpoint(folder / "best.weights.h5", ${printOptions({ ...own, save_best_only: true, save_weights_only: true })})`
      const file =
        keep === 'all' ? (unit === 'steps' ? 'step-{batch}.weights.h5' : 'epoch-{epoch}.weights.h5') : 'last.weights.h5'
      const saved = `ModelCheckpointEvery(folder / ${quotePython(file)}, ${printOptions({ every, unit })})`
      return keep === 'best' ? [saved, best] : [saved]
    },
  },
  csvLog: {
    print: ({ separator }) => [
      `keras.callbacks.CSVLogger(folder / "metrics.csv"${separator === ',' ? '' : `, separator=${printLiteral(separator)}`})`,
    ],
  },
  tensorBoard: { print: () => ['keras.callbacks.TensorBoard(folder / "tensorboard")'] },
  terminateOnNaN: { print: () => ['keras.callbacks.TerminateOnNaN()'] },
}

function monitored({ monitor, mode }: Options, run: PlannedRun): Options {
  const watched = { monitor: monitor as string, mode: mode as 'auto' | 'min' | 'max' }
  return { monitor: watched.monitor, mode: decideMode(watched, run) }
}

function callback(name: string, options: Options): string {
  return `keras.callbacks.${name}(${printOptions(options)})`
}

function printOptions(options: Options): string {
  const stated = Object.entries(options).filter(([, value]) => value !== undefined)
  return stated.map(([key, value]) => `${key}=${printLiteral(value)}`).join(', ')
}
