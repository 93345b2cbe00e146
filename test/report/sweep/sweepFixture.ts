/** Summaries of sweeps for tests: a grid of made-up trials with plausible scores. */
import type { SweepSummary, TrialSummary } from '../../../src/report/sweep/sweepSummary.ts'
import type { TrialStatus } from '../../../src/sweep/trial.ts'

export const noFacts: TrialSummary['facts'] = { params: null, flops: null, memory: null }

/** A trial with few facts, for tests that state only what they are about. */
export function trialOf(number: number, given: Partial<TrialSummary> = {}): TrialSummary {
  const { score, values = {} } = given
  return {
    number,
    label: Object.entries(values)
      .map(([path, value]) => `${path.split('.').at(-1)}=${String(value)}`)
      .join(' '),
    state: score === undefined ? 'pending' : 'done',
    values,
    facts: noFacts,
    plannedEpochs: 1,
    epochs: score === undefined ? 0 : 1,
    curve: score === undefined ? [] : [{ epoch: 1, value: score }],
    folder: `trials/${String(number).padStart(4, '0')}`,
    hasReport: false,
    hasSpec: false,
    ...given,
  }
}

export function sweepOf(trials: readonly TrialSummary[], given: Partial<SweepSummary> = {}): SweepSummary {
  return {
    folder: 'runs/sweep',
    name: 'sweep',
    parameters: [...new Set(trials.flatMap(({ values }) => Object.keys(values)))],
    objective: { metric: 'val_accuracy', direction: 'maximize' },
    trials,
    rungs: [],
    ...given,
  }
}

export interface GridOptions {
  /** At least 24; beyond that, seeds repeat the grid. */
  readonly count?: number
  readonly epochs?: number
}

/** The grid of 3 widths, 4 learning rates and 2 depths; four deep wide trials are infeasible, one failed, one is excluded. */
export function gridSweep({ count = 24, epochs = 10 }: GridOptions = {}): SweepSummary {
  const random = randomFrom(1)
  const combinations = Array.from({ length: Math.ceil(count / 24) }, (_, seed) => seed + 1).flatMap((seed) =>
    [16, 32, 64].flatMap((width) =>
      [0.3, 0.1, 0.03, 0.01].flatMap((learningRate) => [1, 2].map((depth) => ({ width, learningRate, depth, seed }))),
    ),
  )
  const trials = combinations.slice(0, count).map(({ width, learningRate, depth, seed }, index) => {
    const number = index + 1
    const state: TrialStatus =
      width === 64 && depth === 2
        ? 'infeasible'
        : number % 23 === 3
          ? 'failed'
          : number % 29 === 5
            ? 'excluded'
            : 'done'
    const isTrained = state === 'done'
    const reach = 0.985 - 0.02 / Math.log2(width) - 0.05 * Math.abs(Math.log10(learningRate) + 1.2) + 0.004 * depth
    const curve = Array.from({ length: epochs }, (_, epoch) => ({
      epoch: epoch + 1,
      value: reach - 0.3 * Math.exp(-(epoch + 1) * (0.4 + learningRate)) + 0.006 * (random() - 0.5),
    }))
    const best = curve.reduce((one, other) => (other.value > one.value ? other : one))
    const values = {
      'vars.width': width,
      'optimizer.sgd.learningRate': learningRate,
      'vars.depth': depth,
      ...(count > 24 && { 'training.seed': seed }),
    }
    return trialOf(number, {
      values,
      label: `width=${width} learningRate=${learningRate} depth=${depth}${count > 24 ? ` seed=${seed}` : ''}`,
      state,
      ...(reasons[state] !== undefined && { reason: reasons[state] }),
      facts: { params: 1000 * width * depth + 4210, flops: 96_000 * width * depth, memory: 2_400_000 * width },
      plannedEpochs: epochs,
      epochs: isTrained ? epochs : 0,
      ...(isTrained && {
        score: best.value,
        bestEpoch: best.epoch,
        seconds: 4 + width * depth * 0.4 + random(),
        curve,
      }),
      ...(!isTrained && { curve: [] }),
      hasReport: isTrained,
      hasSpec: state === 'done' || state === 'failed',
      id: `${number}`.padStart(64, '0'),
    })
  })
  return sweepOf(trials, {
    folder: 'runs/mnist-sweep',
    name: 'mnist-sweep',
    date: '2026-11-29T10:00:00.000Z',
    command: 'shapewright sweep mnist-sweep.yaml --parallel 2',
    forecast: { seconds: 190, parallel: 2, actual: 203 },
    specText: 'name: mnist-sweep\nvars: { width: 16, depth: 1 }\n# …\n',
  })
}

const reasons: Readonly<Partial<Record<TrialStatus, string>>> = {
  infeasible: 'shape/kernel-exceeds-input at line 9: kernelSize 5 exceeds the 3x3 input (28x28 → 14x14 → 7x7 → 3x3)',
  failed: 'exit code 3: the loss is not finite after step 12 of epoch 1',
  excluded: 'params <= 100000 and flops < 5e6: params is 132,210',
}

/** A small generator of numbers from 0 to 1 (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
