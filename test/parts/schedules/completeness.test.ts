/** What every schedule of the language promises. */
import { describe, expect, it } from 'vitest'
import { exampleOf, resolveOptions } from '../../../src/language/schema.ts'
import { scheduleTable } from '../../../src/parts/schedules/table.ts'

describe.each(Object.entries(scheduleTable))('%s', (name, { schema, lower }) => {
  it('has a description and an example for each field, and omits defaults in the call', () => {
    expect((schema as { description?: string }).description).toMatch(/\.$/)
    for (const field of Object.values(schema.properties as Record<string, Record<string, unknown>>)) {
      expect([typeof field['description'], Array.isArray(field['examples'])]).toEqual(['string', true])
    }
    const required = (schema as { required?: readonly string[] }).required ?? []
    const lowered = lower(resolveOptions(schema, required.length > 0 ? exampleOf(schema) : {}))
    expect(lowered.callee).toBe(`${name}Schedule`)
    const fields = lowered.args[0]?.kind === 'record' ? lowered.args[0].fields.map(([key]) => key) : []
    expect(fields).toEqual([...required])
  })
})
