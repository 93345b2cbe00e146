/** The learning rates of schedules, by the formulas of Keras and PyTorch. */
import { describe, expect, it } from 'vitest'
import { constantSchedule } from '../../../src/parts/schedules/constant.run.ts'
import { cosineSchedule } from '../../../src/parts/schedules/cosine.run.ts'
import { exponentialSchedule } from '../../../src/parts/schedules/exponential.run.ts'
import { multiStepSchedule } from '../../../src/parts/schedules/multiStep.run.ts'
import { oneCycleSchedule } from '../../../src/parts/schedules/oneCycle.run.ts'
import { polynomialSchedule } from '../../../src/parts/schedules/polynomial.run.ts'
import type { Schedule } from '../../../src/script/schedule.ts'
import { stepSchedule } from '../../../src/parts/schedules/step.run.ts'

/** The rates of all steps of a run, from 0.1. */
function ratesOf(schedule: Schedule, epochs: number, stepsPerEpoch: number): number[] {
  return Array.from({ length: epochs * stepsPerEpoch }, (_, step) => schedule(0.1, { step, stepsPerEpoch, epochs }))
}

function expectRates(schedule: Schedule, epochs: number, stepsPerEpoch: number, want: readonly number[]): void {
  const got = ratesOf(schedule, epochs, stepsPerEpoch)
  expect(got).toHaveLength(want.length)
  for (const [step, rate] of want.entries()) expect(got[step], `step ${step}`).toBeCloseTo(rate, 10)
}

describe('the learning rate', () => {
  it('is constant after a linear warmup from 0', () => {
    expectRates(constantSchedule({ warmup: 1.5 }), 3, 2, [0, 0.1 / 3, 0.2 / 3, 0.1, 0.1, 0.1])
  })

  it('falls in steps', () => {
    expectRates(stepSchedule({ every: 2 }), 5, 1, [0.1, 0.1, 0.01, 0.01, 0.001])
    expectRates(stepSchedule({ every: 0.5, factor: 0.5 }), 2, 2, [0.1, 0.05, 0.025, 0.0125])
    expectRates(stepSchedule({ every: 2, warmup: 1 }), 4, 1, [0, 0.1, 0.01, 0.01])
  })

  it('falls after stated epochs', () => {
    expectRates(multiStepSchedule({ at: [1, 3] }), 4, 1, [0.1, 0.01, 0.01, 0.001])
    expectRates(multiStepSchedule({ at: [1.5], factor: 0.5 }), 2, 2, [0.1, 0.1, 0.1, 0.05])
  })

  it('falls exponentially: ExponentialDecay(0.1, decay_steps, decay_rate) of Keras', () => {
    expectRates(exponentialSchedule({ factor: 0.25 }), 2, 2, [0.1, 0.05, 0.025, 0.0125])
    expectRates(exponentialSchedule({ factor: 0.25, every: 2, warmup: 1 }), 4, 1, [0, 0.1, 0.05, 0.025])
  })

  it('falls along a cosine: CosineDecay(0.1, decay_steps, alpha) of Keras', () => {
    const half = (progress: number) => 0.05 * (1 + Math.cos(Math.PI * progress))
    expectRates(cosineSchedule(), 2, 2, [0.1, half(0.25), 0.05, half(0.75)])
    expectRates(cosineSchedule({ warmup: 1 }), 3, 2, [0, 0.05, 0.1, half(0.25), 0.05, half(0.75)])
    expectRates(cosineSchedule({ epochs: 2, alpha: 0.2 }), 4, 1, [0.1, 0.06, 0.02, 0.02])
  })

  it('falls along a power: PolynomialDecay(0.1, decay_steps, end, power) of Keras', () => {
    expectRates(polynomialSchedule({ endLearningRate: 0.02 }), 4, 1, [0.1, 0.08, 0.06, 0.04])
    expectRates(polynomialSchedule({ endLearningRate: 0, power: 2, epochs: 2 }), 4, 1, [0.1, 0.025, 0, 0])
    expectRates(polynomialSchedule({ warmup: 1 }), 3, 1, [0, 0.1, 0.0001 + (0.1 - 0.0001) / 2])
  })

  // The numbers of torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.1, total_steps=10), by its formula.
  it('goes through one cycle', () => {
    const along = (from: number, to: number, progress: number) =>
      to + ((from - to) / 2) * (1 + Math.cos(Math.PI * progress))
    const fall = [1, 2, 3, 4, 5, 6, 7].map((step) => along(0.1, 4e-7, step / 7))
    expectRates(oneCycleSchedule(), 5, 2, [0.004, along(0.004, 0.1, 0.5), 0.1, ...fall])
    const options = { pctStart: 0.5, divFactor: 4, finalDivFactor: 5, annealStrategy: 'linear' } as const
    const down = [1, 2, 3].map((step) => 0.1 - (step * 0.095) / 3)
    expectRates(oneCycleSchedule(options), 3, 2, [0.025, 0.0625, 0.1, ...down])
  })

  it('changes at the very step that a part of an epoch says', () => {
    const wrong: string[] = []
    for (const { every, stepsPerEpoch, epochs } of lengths()) {
      const [numerator, denominator] = every
      const length = numerator / denominator
      const schedules = {
        step: stepSchedule({ every: length, factor: 0.5 }),
        multiStep: multiStepSchedule({ at: [length, 2 * length], factor: 0.5 }),
        exponential: exponentialSchedule({ factor: 0.5, every: length }),
        warmup: constantSchedule({ warmup: length }),
        cosine: cosineSchedule({ epochs: length }),
        polynomial: polynomialSchedule({ epochs: length, endLearningRate: 0, power: 0.5 }),
      }
      for (let step = 0; step < epochs * stepsPerEpoch; step++) {
        const rate = (name: keyof typeof schedules) => schedules[name](1, { step, stepsPerEpoch, epochs })
        // In whole numbers: how often the length is over.
        const passed = Math.floor((step * denominator) / (numerator * stepsPerEpoch))
        const isBoundary = (step * denominator) % (numerator * stepsPerEpoch) === 0
        const isRight =
          rate('step') === 0.5 ** passed &&
          rate('multiStep') === 0.5 ** Math.min(2, passed) &&
          (!isBoundary || rate('exponential') === 0.5 ** passed) &&
          (rate('warmup') === 1) === passed > 0 &&
          (rate('cosine') === 0) === passed > 0 &&
          (rate('polynomial') === 0) === passed > 0
        if (!isRight) wrong.push(`step ${step} of ${epochs} x ${stepsPerEpoch}, ${numerator}/${denominator}`)
      }
    }
    expect(wrong).toEqual([])
  })

  it('is that of the optimizer at the very peak of one cycle', () => {
    for (let total = 2; total <= 300; total++) {
      for (let percent = 1; percent <= 100; percent++) {
        if ((percent * total) % 100 !== 0 || (percent * total) / 100 < 2) continue
        const schedule = oneCycleSchedule({ pctStart: percent / 100, annealStrategy: 'linear' })
        const peak = (percent * total) / 100 - 1
        expect(schedule(1, { step: peak, stepsPerEpoch: total, epochs: 1 }), `${percent} % of ${total}`).toBe(1)
      }
    }
  })

  it('is a number in runs however short', () => {
    const schedules = [
      constantSchedule({ warmup: 0.5 }),
      stepSchedule({ every: 1 }),
      exponentialSchedule({ factor: 0.5 }),
      cosineSchedule({ warmup: 1 }),
      polynomialSchedule({ warmup: 1 }),
      oneCycleSchedule(),
      oneCycleSchedule({ pctStart: 0 }),
      oneCycleSchedule({ pctStart: 1 }),
    ]
    for (const schedule of schedules) {
      for (const stepsPerEpoch of [1, 2, 3]) {
        const rates = ratesOf(schedule, 1, stepsPerEpoch)
        expect(rates.every((rate) => rate >= 0 && rate <= 0.1)).toBe(true)
      }
    }
  })
})

/** Parts of epochs in hundredths, in epochs of many lengths. */
function* lengths(): Generator<{ every: readonly [number, number]; stepsPerEpoch: number; epochs: number }> {
  const parts = [1, 3, 5, 7, 10, 15, 20, 28, 29, 30, 35, 55, 57, 58, 60, 70, 110, 130, 230]
  for (const stepsPerEpoch of [1, 3, 5, 7, 10, 20, 25, 50, 100, 469, 1000]) {
    for (const part of parts) yield { every: [part, 100], stepsPerEpoch, epochs: 3 }
  }
}
