/** Callbacks that do not fit the run. */
import type { BrokenSpec } from './brokenSpec.ts'

const training = (callback: string, rest = ''): string => `
    epochs: 10${rest}
    callbacks:
      - ${callback}`

export const callbackRows: readonly BrokenSpec[] = [
  {
    title: 'a monitor by the name of older versions of Keras',
    training:
      '{ epochs: 9, validationSplit: 0.1, callbacks: [{ earlyStopping: { monitor: val_acc } }] } # ✗ meaning/unknown-monitor',
    fixed: 'monitor: val_accuracy',
  },
  {
    title: 'a callback of another name',
    training: training('early_stopping: { monitor: loss } # ✗ schema/unknown-value'),
    fixed: 'earlyStopping: { monitor: loss }',
  },
  {
    title: 'an option of a callback in snake case',
    training: training('earlyStopping: { monitor: loss, min_delta: 0.1 } # ✗ schema/unknown-key'),
    fixed: 'minDelta: 0.1',
  },
  {
    title: 'a negative patience',
    training: training('earlyStopping: { monitor: loss, patience: -1 } # ✗ schema/out-of-range'),
  },
  {
    title: 'early stopping without validation',
    training: training('earlyStopping: { patience: 2 } # ✗ meaning/unknown-monitor'),
  },
  {
    title: 'bare early stopping without validation',
    training: training('earlyStopping # ✗ meaning/unknown-monitor'),
  },
  {
    title: 'a validation metric without validation',
    training: training('earlyStopping: { monitor: val_accuracy } # ✗ meaning/unknown-monitor'),
  },
  {
    title: 'a monitor in the words of others',
    training: training('earlyStopping: { monitor: acc } # ✗ meaning/unknown-monitor'),
    fixed: 'monitor: accuracy',
  },
  {
    title: 'a misspelt monitor',
    training: training(
      'earlyStopping: { monitor: val_acuracy } # ✗ meaning/unknown-monitor',
      '\n    validationSplit: 0.1',
    ),
    fixed: 'monitor: val_accuracy',
  },
  {
    title: 'a metric that is not measured',
    training: training('earlyStopping: { monitor: precision } # ✗ meaning/unknown-monitor'),
  },
  {
    title: 'the loss of an output where there is one',
    training: training('earlyStopping: { monitor: dense_loss } # ✗ meaning/unknown-monitor'),
  },
  {
    title: 'checkpoints of the best epoch by a value that is not there',
    training: training('checkpoint: { keep: best } # ✗ meaning/unknown-monitor'),
  },
  {
    title: 'checkpoints that are fewer than one',
    training: training('checkpoint: { every: 20 } # ✗ meaning/idle-callback'),
  },
  {
    title: 'checkpoints kept as of none of the kinds',
    training: training('checkpoint: { keep: newest } # ✗ schema/unknown-value'),
  },
  {
    title: 'checkpoints in the word of Keras',
    training: training('modelCheckpoint: { keep: all } # ✗ schema/unknown-value'),
    fixed: 'checkpoint: { keep: all }',
  },
  {
    title: 'patience beyond the epochs',
    training: training('earlyStopping: { monitor: loss, patience: 10 } # ✗ meaning/idle-callback'),
  },
  {
    title: 'reduceOnPlateau as Keras writes it',
    training: training('ReduceLROnPlateau: { monitor: loss, patience: 2 } # ✗ schema/unknown-value'),
    fixed: 'reduceOnPlateau: { monitor: loss, patience: 2 }',
  },
  {
    title: 'its lower bound as Keras writes it',
    training: training('reduceOnPlateau: { monitor: loss, patience: 2, min_lr: 0.001 } # ✗ schema/unknown-key'),
    fixed: 'minLearningRate: 0.001',
  },
  {
    title: 'a rate that is reduced never',
    training: training('reduceOnPlateau: { monitor: loss } # ✗ meaning/idle-callback'),
  },
  {
    title: 'a table of logs in the word of Keras',
    training: training('CSVLogger # ✗ schema/unknown-value'),
    fixed: 'csvLog',
  },
  {
    title: 'a separator that is none',
    training: training("csvLog: { separator: ' ' } # ✗ schema/unknown-value"),
  },
  {
    title: 'a table of logs with an option of Keras',
    training: training('csvLog: { filename: logs.csv } # ✗ schema/unknown-key'),
  },
  {
    title: 'TensorBoard as Keras writes it',
    training: training('TensorBoard # ✗ schema/unknown-value'),
    fixed: 'tensorBoard',
  },
  {
    title: 'TensorBoard with a folder of its own',
    training: training('tensorBoard: { log_dir: logs } # ✗ schema/unknown-key'),
  },
  {
    title: 'a watch for NaN in another spelling',
    training: training('terminateOnNan # ✗ schema/unknown-value'),
    fixed: 'terminateOnNaN',
  },
  {
    title: 'a watch for NaN that is to watch something else',
    training: training('terminateOnNaN: { monitor: loss } # ✗ schema/unknown-key'),
  },
]
