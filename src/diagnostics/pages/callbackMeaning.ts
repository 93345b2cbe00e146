/** The pages on callbacks that do not fit the run. */
import { spec, type PagesOf } from './page.ts'

export const callbackMeaningPages = {
  'meaning/unknown-monitor': {
    why: 'A callback that watches a value goes by its name in the logs of each epoch. Where there is none of that name, it would wait for ever; and values that begin with `val_` are there only where samples are held out for validation.',
    wrong: spec`
      name: example
      dataset: mnist
      layers:
        - flatten
        - dense: { units: 10, activation: softmax }
      optimizer: sgd
      loss: categoricalCrossentropy
      training: { epochs: 20, callbacks: [{ earlyStopping: { monitor: val_loss, patience: 3 } }] }
    `,
    right: spec`
      name: example
      dataset: mnist
      layers:
        - flatten
        - dense: { units: 10, activation: softmax }
      optimizer: sgd
      loss: categoricalCrossentropy
      training: { epochs: 20, validationSplit: 0.1, callbacks: [{ earlyStopping: { monitor: val_loss, patience: 3 } }] }
    `,
    help: 'The logs hold `loss`, each of `metrics`, and the same of the validation samples with `val_` before it; of several outputs, `digit_loss` and `digit_accuracy`.',
  },
  'meaning/idle-callback': {
    why: 'The run ends before the callback would do anything, so it is as good as not there.',
    wrong: spec`
      name: example
      dataset: mnist
      layers:
        - flatten
        - dense: { units: 10, activation: softmax }
      optimizer: sgd
      loss: categoricalCrossentropy
      training: { epochs: 5, callbacks: [{ earlyStopping: { monitor: loss, patience: 10 } }] }
    `,
    right: spec`
      name: example
      dataset: mnist
      layers:
        - flatten
        - dense: { units: 10, activation: softmax }
      optimizer: sgd
      loss: categoricalCrossentropy
      training: { epochs: 50, callbacks: [{ earlyStopping: { monitor: loss, patience: 10 } }] }
    `,
  },
} satisfies Partial<PagesOf<'meaning'>>
