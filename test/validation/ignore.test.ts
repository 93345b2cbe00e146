/** `ignore:` silences warnings and hints, says so where it silences nothing, and never hides an error. */
import { describe, expect, it } from 'vitest'
import { checkText } from '../../src/analyze.ts'
import { applyEdits } from '../../src/diagnostics/diagnostic.ts'

const withIgnore = (ignore: string, units = 2) => `name: example
input: { shape: [8, 8, 1] }
layers:
  - conv2d: { filters: 2, kernelSize: 3 }
  - batchNormalization
  - flatten
  - dense: { units: ${units} }
optimizer: { adam: { learningRate: 5 } }
${ignore}
`

const told = (text: string) => checkText(text, 'spec.yaml').diagnostics.map(({ code }) => code)

describe('ignore', () => {
  it.each([
    ['', ['meaning/redundant-bias', 'meaning/learning-rate']],
    ['ignore: [meaning/redundant-bias]', ['meaning/learning-rate']],
    ['ignore: [meaning/redundant-bias, meaning/learning-rate]', []],
    ['ignore: []', ['meaning/redundant-bias', 'meaning/learning-rate']],
  ])('%s', (ignore, codes) => expect(told(withIgnore(ignore))).toEqual(codes))

  it('hints at an entry that silences nothing, and takes it out', () => {
    const text = withIgnore('ignore: [meaning/redundant-bias, graph/unused-layer, meaning/learning-rate]')
    const [hint, ...others] = checkText(text, 'spec.yaml').diagnostics
    expect(others).toEqual([])
    expect(hint).toMatchObject({ code: 'meaning/needless-ignore', severity: 'hint', path: ['ignore', 1] })
    expect(applyEdits(text, hint!.fixes[0]!.edits)).toContain(
      'ignore: [meaning/redundant-bias, meaning/learning-rate]\n',
    )
  })

  it('takes the whole key out with its only entry', () => {
    const text = withIgnore('ignore: [graph/unused-layer]\nmetrics: []')
    const hint = checkText(text, 'spec.yaml').diagnostics.find(({ code }) => code === 'meaning/needless-ignore')
    expect(applyEdits(text, hint!.fixes[0]!.edits)).toBe(withIgnore('metrics: []'))
  })

  it('does not report unused entries while there are errors, since these may hide their diagnostics', () => {
    expect(told(withIgnore('ignore: [graph/unused-layer, meaning/redundant-bias, meaning/learning-rate]', 0))).toEqual([
      'schema/out-of-range',
    ])
  })

  it('offers the code that was meant', () => {
    const { diagnostics } = checkText(withIgnore('ignore: [meaning/redundant-bais]'), 'spec.yaml')
    const wrong = diagnostics.find(({ severity }) => severity === 'error')
    expect(wrong).toMatchObject({ code: 'schema/unknown-value', help: 'did you mean `meaning/redundant-bias`?' })
    expect(wrong!.fixes).toHaveLength(1)
  })

  it('is not unused if only a check of the samples finds its diagnostic', () => {
    const ignore = 'ignore: [meaning/redundant-bias, meaning/learning-rate, data/leaked-samples]'
    expect(told(withIgnore(ignore))).toEqual([])
  })

  it('cannot silence an error', () => {
    const { diagnostics } = checkText(withIgnore('ignore: [shape/wrong-rank]'), 'spec.yaml')
    const wrong = diagnostics.find(({ severity }) => severity === 'error')
    expect(wrong!.message).toBe('`shape/wrong-rank` cannot be ignored: it is an error')
  })
})
