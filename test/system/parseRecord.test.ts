/** Only values of the form that is asked for are taken from a file; the error says what is otherwise. */
import { describe, expect, it } from 'vitest'
import { type JsonFields, parseRecord, readRecord } from '../../src/system/parseRecord.ts'

const rows: readonly [fields: JsonFields, text: string, problem: string | undefined][] = [
  [{ name: 'string' }, '{"name":"a","more":1}', undefined],
  [{ name: 'string' }, '{"name":1}', '`name` is not a string'],
  [{ name: 'string' }, '{}', '`name` is missing'],
  [{ name: 'string' }, '["a"]', 'its content is not an object'],
  [{ name: 'string' }, 'null', 'its content is not an object'],
  [{ name: 'string' }, '{"name":', 'it is not JSON'],
  [{ name: 'string' }, '', 'it is not JSON'],
  [{ training: 'object' }, '{"training":null}', '`training` is not an object'],
  [{ training: 'object' }, '{"training":[]}', '`training` is not an object'],
  [{ layers: 'list' }, '{"layers":{}}', '`layers` is not a list'],
  [{ trained: 'boolean' }, '{"trained":0}', '`trained` is not a boolean'],
  [{ training: { epochs: 'number' } }, '{"training":{"epochs":"5"}}', '`training.epochs` is not a number'],
  [{ 'engine?': { name: 'string' } }, '{}', undefined],
  [{ 'engine?': { name: 'string' } }, '{"engine":"wasm"}', '`engine` is not an object'],
  [{ shape: ['number'] }, '{"shape":[1,2]}', undefined],
  [{ shape: ['number'] }, '{"shape":[1,null]}', '`shape.1` is not a number'],
  [{ outputs: [{ kind: 'string' }] }, '{"outputs":[{"kind":"a"},{}]}', '`outputs.1.kind` is missing'],
  [{ format: 'number', '*': 'string' }, '{"format":1,"a":"b"}', undefined],
  [{ format: 'number', '*': 'string' }, '{"format":1,"a":2}', '`a` is not a string'],
]

describe.each(rows)('%j of %s', (fields, text, problem) => {
  it(problem ?? 'is taken', () => {
    const file = { path: 'a.json', code: 'run', help: 'Train again.' } as const
    if (problem === undefined) expect(readRecord(text, fields, file)).toEqual(JSON.parse(text))
    else {
      const error = { message: `a.json is damaged: ${problem}.`, help: 'Train again.' }
      expect(() => readRecord(text, fields, file)).toThrow(expect.objectContaining(error))
    }
    expect(parseRecord(text, fields)).toEqual(problem === undefined ? JSON.parse(text) : undefined)
  })
})
