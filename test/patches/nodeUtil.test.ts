/** The functions of `node:util` that tfjs-node calls, where Node has removed them. */
import { expect, it } from 'vitest'
import { supplyRemovedFunctions } from '../../src/patches/nodeUtil.ts'

it('supplies what is missing, and leaves what is there', () => {
  const isArray = () => true
  const util: Record<string, unknown> = { isArray }
  supplyRemovedFunctions(util)
  expect(util['isArray']).toBe(isArray)
  const answers = (name: string, ...values: readonly unknown[]) =>
    values.map((value) => (util[name] as (value: unknown) => boolean)(value))
  expect(answers('isNullOrUndefined', null, undefined, 0)).toEqual([true, true, false])
  expect(answers('isUndefined', undefined, null)).toEqual([true, false])
  expect(answers('isNumber', 1, '1')).toEqual([true, false])
  expect(answers('isObject', {}, null)).toEqual([true, false])
})
