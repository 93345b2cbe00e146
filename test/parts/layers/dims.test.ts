/** The arithmetic of sizes, known and unknown, and the shapes that nets give them. */
import { runInNewContext } from 'node:vm'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addDim,
  ceilDivide,
  declaredShape,
  floorDivide,
  formatDim,
  formatShape,
  multiplyDims,
  productOf,
  sameDim,
  scaleDim,
  sumDims,
  symbol,
  toJsonShape,
  type Dim,
} from '../../../src/language/dims.ts'
import { slideWindow } from '../../../src/parts/layers/window.ts'

const H = symbol('H')
const W = symbol('W')

describe('expressions of sizes', () => {
  it.each<[Dim, string]>([
    [H, 'H'],
    [scaleDim(H, 2), '2H'],
    [scaleDim(H, 0), '0'],
    [addDim(H, -2), 'H-2'],
    [addDim(scaleDim(H, -1), 3), '-H+3'],
    [sumDims(H, H), '2H'],
    [sumDims(H, scaleDim(H, -1)), '0'],
    [sumDims(H, 3), 'H+3'],
    [sumDims(3, H), 'H+3'],
    [sumDims(H, W), '(H+W)'],
    [multiplyDims(H, 4), '4H'],
    [multiplyDims(H, W), 'H·W'],
    [multiplyDims(addDim(H, 1), W), '(H+1)·W'],
    [productOf([H, W, 3]), '3H·W'],
    [productOf([]), '1'],
    [floorDivide(H, 1), 'H'],
    [floorDivide(H, 2), '⌊H/2⌋'],
    [floorDivide(addDim(scaleDim(H, 2), 3), 2), 'H+1'],
    [floorDivide(addDim(H, -3), 2), '⌊(H-3)/2⌋'],
    [addDim(floorDivide(addDim(H, -1), 2), 1), '⌊(H-1)/2⌋+1'],
    [ceilDivide(H, 2), '⌊(H+1)/2⌋'],
    [ceilDivide(7, 2), '4'],
    [floorDivide(-1, 2), '-1'],
  ])('%j is %s', (dim, text) => expect(formatDim(dim)).toBe(text))

  it('are equal where they are written alike', () => {
    expect(sameDim(sumDims(H, H), scaleDim(H, 2))).toBe(true)
    expect(sameDim(H, W)).toBe(false)
    expect(sameDim(H, 3)).toBe(false)
    expect(sameDim(3, 3)).toBe(true)
  })

  it('agree with plain numbers, whatever the unknown turns out to be', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('add' as const), by: fc.integer({ min: -5, max: 5 }) }),
      fc.record({ kind: fc.constant('scale' as const), by: fc.integer({ min: 1, max: 4 }) }),
      fc.record({ kind: fc.constant('floor' as const), by: fc.integer({ min: 1, max: 4 }) }),
      fc.record({ kind: fc.constant('ceil' as const), by: fc.integer({ min: 1, max: 4 }) }),
    )
    const apply = (dim: Dim, steps: readonly { kind: 'add' | 'scale' | 'floor' | 'ceil'; by: number }[]): Dim =>
      steps.reduce<Dim>(
        (size, { kind, by }) =>
          ({ add: addDim, scale: scaleDim, floor: floorDivide, ceil: ceilDivide })[kind](size, by),
        dim,
      )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 6 }), fc.integer({ min: 1, max: 99 }), (steps, size) => {
        expect(evaluate(formatDim(apply(H, steps)), size)).toBe(apply(size, steps))
      }),
    )
  })
})

/** The value of an expression as messages write it, for a size of `H`. */
function evaluate(text: string, size: number): number {
  const code = text
    .replaceAll(/(\d)(?=[H⌊(])/g, '$1*')
    .replaceAll('⌊', 'Math.floor(')
    .replaceAll('⌋', ')')
  return runInNewContext(code, { H: size }) as number
}

describe('declared shapes', () => {
  it.each([
    [[28, 28, 1], '28x28x1'],
    [[null, null, 3], 'HxWx3'],
    [[null, 40], 'Tx40'],
    [[null], 'D'],
    [[null, 8, 8, 1], 'Dx8x8x1'],
    [[1, 2, 3, 4, null], '1x2x3x4xD5'],
    [[], 'scalar'],
  ])('%j is %s', (sizes, text) => {
    expect(formatShape(declaredShape(sizes))).toBe(text)
    expect(toJsonShape(declaredShape(sizes))).toEqual(sizes)
  })
})

describe('windows', () => {
  const slide = (size: Dim, window: number, stride: number, padding: 'valid' | 'same', dilation = 1) => {
    const result = slideWindow([size], {
      option: 'kernelSize',
      sizes: [window],
      strides: [stride],
      dilations: [dilation],
      padding,
    })
    return result.ok ? formatShape(result.value) : result.problem.code
  }

  it.each<[Dim, number, number, 'valid' | 'same', string]>([
    [7, 3, 1, 'valid', '5'],
    [7, 3, 2, 'valid', '3'],
    [9, 3, 1, 'valid', '7'],
    [28, 2, 2, 'valid', '14'],
    [7, 2, 2, 'valid', '3'],
    [7, 7, 1, 'valid', '1'],
    [7, 8, 1, 'valid', 'shape/kernel-exceeds-input'],
    [7, 3, 1, 'same', '7'],
    [7, 3, 2, 'same', '4'],
    [1, 9, 3, 'same', '1'],
    [H, 3, 1, 'valid', 'H-2'],
    [H, 2, 2, 'valid', '⌊(H-2)/2⌋+1'],
    [H, 3, 2, 'same', '⌊(H+1)/2⌋'],
    [scaleDim(H, 2), 2, 2, 'valid', 'H'],
  ])('%j under %i, stride %i, %s: %s', (size, window, stride, padding, text) => {
    expect(slide(size, window, stride, padding)).toBe(text)
  })

  it('count positions as a loop over them does', () => {
    const small = fc.integer({ min: 1, max: 12 })
    fc.assert(
      fc.property(small, small, small, small, (size, window, stride, dilation) => {
        let positions = 0
        for (let at = 0; at + (window - 1) * dilation < size; at += stride) positions += 1
        const wanted = positions === 0 ? 'shape/kernel-exceeds-input' : String(positions)
        expect(slide(size, window, stride, 'valid', dilation)).toBe(wanted)
      }),
    )
  })
})
