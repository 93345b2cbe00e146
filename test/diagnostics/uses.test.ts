import { expect, it } from 'vitest'
import { describeUses } from '../../src/diagnostics/mergeUses.ts'
import type { TracedDiagnostic } from '../../src/diagnostics/diagnostic.ts'

it.each([
  { title: 'some uses', users: 2, copies: 3, want: 'wrong (in 2 of 3 uses)' },
  { title: 'all uses', users: 3, copies: 3, want: 'wrong (in all 3 uses)' },
  // A spec that is too large is not expanded to its end, so some uses are reported but not counted.
  { title: 'more uses than were counted', users: 4, copies: 3, want: 'wrong (in all 4 uses)' },
  { title: 'a single copy', users: 1, copies: 1, want: 'wrong' },
])('$title', ({ users, copies, want }) => {
  const names = new Set(Array.from({ length: users }, (_none, index) => ({ index })))
  const diagnostic: TracedDiagnostic = {
    code: 'schema/out-of-range',
    severity: 'error',
    message: 'wrong',
    path: [],
    span: { start: 0, end: 1 },
    related: [],
    fixes: [],
    uses: { path: [], users: names, copies, chains: [], parents: [] },
  }
  expect(describeUses(diagnostic).message).toBe(want)
})
