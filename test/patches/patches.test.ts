/** Every patch of another library says what it does, where upstream stands, which test holds it, and when it can go. */
import { existsSync } from 'node:fs'
import { expect, it } from 'vitest'
import { readPatches } from '../../scripts/describePatches.ts'

it.each(readPatches())('$file names a test that exists, and upstream', ({ test, upstream, until }) => {
  expect(existsSync(test), test).toBe(true)
  expect(upstream).toMatch(/^(none|https:\/\/github\.com\/[\w-]+\/[\w-]+\/(issues|pull)\/\d+)/)
  expect(until).not.toMatch(/^(never|when)\b/)
})
