/** Every patch of another library says what it does, where upstream stands, which test holds it, and when it can go. */
import { existsSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { describePatches, readPatches } from '../../scripts/describePatches.ts'

it.each(readPatches())('$file names a test that exists, and upstream', ({ test, upstream, until }) => {
  expect(existsSync(test), test).toBe(true)
  expect(upstream).toMatch(/^(none|https:\/\/github\.com\/[\w-]+\/[\w-]+\/(issues|pull)\/\d+)/)
  expect(until).not.toMatch(/^(never|when)\b/)
})

it('docs/engine.md lists them all', () => {
  expect(readFileSync('docs/engine.md', 'utf8')).toBe(describePatches())
})
