/** One mistake in a block that is used many times is one diagnostic. */
import { describe, expect, it } from 'vitest'
import { checkText } from '../../src/analyze.ts'

describe('a mistake in a block', () => {
  const text = (times: number) => `name: net
input: { shape: [8, 8, 1] }
blocks:
  unit:
    params: { size: 1 }
    layers:
      - conv2d: { filters: 2, kernelSize: $size }
layers:
  - repeat: { times: ${times}, as: i, layers: [{ unit: { size: "$(30 if i < 2 else 1)" } }] }
`

  it('is one diagnostic for all uses, with the number of those that have it', () => {
    const { diagnostics } = checkText(text(50), 'net.yaml')
    const [first, ...others] = diagnostics.filter(({ severity }) => severity === 'error')
    expect(others).toEqual([])
    expect(first!.code).toBe('shape/kernel-exceeds-input')
    expect(first!.path).toEqual(['blocks', 'unit', 'layers', 0, 'conv2d', 'kernelSize'])
    expect(first!.related.map(({ message }) => message)).toEqual(
      expect.arrayContaining(['`size` is 30 here', 'used here as `repeat/0/unit`', 'iteration 1 of `repeat`']),
    )
  })

  it('that the parameters do not affect is reported once', () => {
    const { diagnostics } = checkText(text(50).replace('filters: 2', 'filters: 0'), 'net.yaml')
    const found = diagnostics.filter(({ code }) => code === 'schema/out-of-range')
    expect(found.map(({ message }) => message)).toEqual(['`filters` is 0, but must be at least 1 (in all 50 uses)'])
    expect(found[0]!.related.length).toBeLessThan(4)
  })
})
