/** The functions of `node:util` that tfjs-node calls, where Node has removed them. */
import { expect, it } from 'vitest'
import { supplyRemovedFunctions } from '../../src/patches/nodeUtil.ts'

const util = process.getBuiltinModule('node:util') as unknown as Record<string, unknown>

it('supplies what is missing, and leaves what is there', () => {
  const isArray = () => true
  util['isArray'] = isArray
  delete util['isNullOrUndefined']
  supplyRemovedFunctions()
  expect(util['isArray']).toBe(isArray)
  const isNullOrUndefined = util['isNullOrUndefined'] as (value: unknown) => boolean
  expect([null, undefined, 0, ''].map(isNullOrUndefined)).toEqual([true, true, false, false])
})
