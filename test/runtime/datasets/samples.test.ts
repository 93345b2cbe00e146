import { describe, expect, it } from 'vitest'
import { inputsInMemory, splitForValidation } from '../../../src/runtime/data/samples.ts'

const samples = {
  inputs: Uint8Array.from([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
  sampleShape: [2],
  scale: 1,
  labels: Uint8Array.from([0, 1, 2, 3, 4]),
  count: 5,
  classes: 5,
}

describe('splitForValidation', () => {
  it.each([
    [0, [0, 1, 2, 3, 4], undefined],
    [0.2, [0, 1, 2, 3], [4]],
    // floor(5 * 0.7) = 3, as Keras rounds.
    [0.3, [0, 1, 2], [3, 4]],
  ])('holds out the last %d', (fraction, train, validation) => {
    const split = splitForValidation(samples, fraction)
    expect([...split.train.labels]).toEqual(train)
    expect(split.validation && [...split.validation.labels]).toEqual(validation)
    expect(inputsInMemory(split.train).length).toBe(train.length * 2)
    expect(split.validation && inputsInMemory(split.validation)[0]).toBe(validation && train.length * 2)
  })
})
