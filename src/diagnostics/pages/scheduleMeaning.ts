/** The pages on how weights are changed: schedules of the learning rate that do not fit the run, and decay. */
import { spec, type PagesOf } from './page.ts'

export const scheduleMeaningPages = {
  'meaning/weight-decay': {
    why: 'Decoupled weight decay takes the learning rate times `weightDecay` off each kernel in each step, whatever the gradient says. Where that is a large part, no weight keeps what it has learned.',
    wrong: spec`
      name: example
      dataset: mnist
      layers:
        - flatten
        - dense: { units: 10, activation: softmax }
      optimizer: sgd
      loss: categoricalCrossentropy
      training: { epochs: 10, weightDecay: 10 }
    `,
    right: spec`
      name: example
      dataset: mnist
      layers:
        - flatten
        - dense: { units: 10, activation: softmax }
      optimizer: sgd
      loss: categoricalCrossentropy
      training: { epochs: 10, weightDecay: 0.005 }
    `,
    help: 'PyTorch and Keras multiply by the learning rate in the same way, so that their values hold here.',
  },
  'meaning/long-warmup': {
    why: 'In a warm-up the learning rate rises from 0 to that of the optimizer. Where it takes the whole run, the rate of the optimizer is never reached, and what the schedule does after it never comes.',
    wrong: spec`
      name: example
      dataset: mnist
      layers:
        - flatten
        - dense: { units: 10, activation: softmax }
      optimizer: { momentum: { learningRate: 0.01 } }
      loss: categoricalCrossentropy
      training: { epochs: 10, schedule: { cosine: { warmup: 10 } } }
    `,
    right: spec`
      name: example
      dataset: mnist
      layers:
        - flatten
        - dense: { units: 10, activation: softmax }
      optimizer: { momentum: { learningRate: 0.01 } }
      loss: categoricalCrossentropy
      training: { epochs: 10, schedule: { cosine: { warmup: 1 } } }
    `,
    help: 'Lengths of schedules are in epochs; a part of one, such as 0.5, will do.',
  },
  'meaning/short-schedule': {
    why: 'A schedule that falls for a stated number of epochs stays at its end from then on, which is often a rate at which nothing is learned any more.',
    wrong: spec`
      name: example
      dataset: mnist
      layers:
        - flatten
        - dense: { units: 10, activation: softmax }
      optimizer: { momentum: { learningRate: 0.01 } }
      loss: categoricalCrossentropy
      training: { epochs: 10, schedule: { cosine: { epochs: 5 } } }
    `,
    right: spec`
      name: example
      dataset: mnist
      layers:
        - flatten
        - dense: { units: 10, activation: softmax }
      optimizer: { momentum: { learningRate: 0.01 } }
      loss: categoricalCrossentropy
      training: { epochs: 10, schedule: cosine }
    `,
    help: 'Without `epochs`, the schedule lasts as long as the run, also where `train --epochs` changes that.',
  },
  'meaning/idle-schedule': {
    why: 'The run ends before the learning rate would change for the first time, so the schedule is as good as not there.',
    wrong: spec`
      name: example
      dataset: mnist
      layers:
        - flatten
        - dense: { units: 10, activation: softmax }
      optimizer: { momentum: { learningRate: 0.01 } }
      loss: categoricalCrossentropy
      training: { epochs: 10, schedule: { step: { every: 30 } } }
    `,
    right: spec`
      name: example
      dataset: mnist
      layers:
        - flatten
        - dense: { units: 10, activation: softmax }
      optimizer: { momentum: { learningRate: 0.01 } }
      loss: categoricalCrossentropy
      training: { epochs: 10, schedule: { step: { every: 4 } } }
    `,
  },
  'meaning/rising-schedule': {
    why: '`polynomial` takes the learning rate from that of the optimizer to `endLearningRate`, 0.0001 by default as in Keras. Where that is not below, the rate does not fall.',
    wrong: spec`
      name: example
      dataset: mnist
      layers:
        - flatten
        - dense: { units: 10, activation: softmax }
      optimizer: { momentum: { learningRate: 0.00005 } }
      loss: categoricalCrossentropy
      training: { epochs: 10, schedule: polynomial }
    `,
    right: spec`
      name: example
      dataset: mnist
      layers:
        - flatten
        - dense: { units: 10, activation: softmax }
      optimizer: { momentum: { learningRate: 0.00005 } }
      loss: categoricalCrossentropy
      training: { epochs: 10, schedule: { polynomial: { endLearningRate: 0 } } }
    `,
  },
} satisfies Partial<PagesOf<'meaning'>>
