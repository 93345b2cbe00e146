import { describe, expect, it } from 'vitest'
import { varintField } from '../../../src/runtime/formats/protobuf.ts'
import { attributeValue, tensorValue } from '../../../src/runtime/replay/savedModel.ts'

describe('the file of a graph', () => {
  it.each([
    ['equal numbers', new Float32Array(1e6).fill(0.25), true],
    ['equal numbers but for the sign of a zero', new Float32Array(1e6).fill(-0, 1), false],
    ['different numbers', Float32Array.from({ length: 1e6 }, (_, index) => index % 2), false],
  ])('holds a constant of %s as one number: %s', (_what, values, isShort) => {
    expect(tensorValue('float32', [1e6], values).length < 100).toBe(isShort)
  })

  it.each([
    [0, '0800'],
    [300, '08ac02'],
    [2 ** 40, '08808080808020'],
    [-1, '08ffffffffffffffffff01'],
  ])('encodes the whole number %i', (value, want) => {
    expect(varintField(1, value).toString('hex')).toBe(want)
  })

  it.each([
    [{ name: 'padding', type: 0, value: 'SAME' }, '120453414d45'],
    [{ name: 'strides', type: 1, value: [1, 2] }, '0a0418011802'],
    [{ name: 'axis', type: 1, value: -1 }, '18ffffffffffffffffff01'],
    [{ name: 'epsilon', type: 2, value: 0.5 }, '250000003f'],
    [{ name: 'is_training', type: 3, value: true }, '2801'],
    [{ name: 'T', type: 4, value: 1 }, '3001'],
    [{ name: 'shape', type: 5, value: [2] }, '3a0412020802'],
  ])('encodes the attribute %j', (attribute, want) => {
    expect(attributeValue(attribute).toString('hex')).toBe(want)
  })

  it('refuses attributes of other types', () => {
    expect(() => attributeValue({ name: 'f', type: 8, value: 'g' })).toThrow('unknown type 8')
  })
})
