/** Only objects with the fields that are asked for are taken from a file. */
import { expect, it } from 'vitest'
import { parseRecord } from '../../src/system/parseRecord.ts'

it.each([
  ['{"name":"a","more":1}', { name: 'a', more: 1 }],
  ['{"name":1}', undefined],
  ['{}', undefined],
  ['["a"]', undefined],
  ['null', undefined],
  ['{"name":', undefined],
])('%s', (text, wanted) => {
  expect(parseRecord(text, { name: 'string' })).toEqual(wanted)
})

it('takes null for no object', () => {
  expect(parseRecord('{"training":null}', { training: 'object' })).toBeUndefined()
})
