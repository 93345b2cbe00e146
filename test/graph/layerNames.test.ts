import { describe, expect, it } from 'vitest'
import { checkText } from '../../src/analyze.ts'

describe('names that no layer has', () => {
  it('are compared with the existing names while these are few', () => {
    const layers = Array.from(
      { length: 600 },
      (_, index) => `  - dense: { name: a${index}, units: 1, inputs: zzzzz${index} }`,
    )
    const { diagnostics } = checkText(`name: t\ninput: { shape: [4] }\nlayers:\n${layers.join('\n')}\n`, 't.yaml')
    const helps = diagnostics.filter(({ code }) => code === 'graph/unknown-input').map(({ help }) => help)
    expect(helps).toHaveLength(600)
    expect(helps[0]).toMatch(/^the available layers are `input`, `a1`/)
    expect(helps.at(-1)).toBe('use the name of a layer of this spec')
  })
})
