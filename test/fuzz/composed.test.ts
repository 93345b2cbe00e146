/**
 * Five hundred random composed specs, or as many as a slow machine takes in the time: each means the same as its plain spec,
 * and one mistake in it is reported once, where it was written.
 */
import { expect, it } from 'vitest'
import { fuzzComposed } from '../../scripts/fuzz/composed/fuzzComposed.ts'

const seconds = 25

it('composed specs mean the same as their plain specs', { timeout: 4000 * seconds }, async () => {
  // The same in every run, so that a change is judged by itself; FUZZ_SEED draws others.
  const seed = Number(process.env['FUZZ_SEED'] ?? 11)
  console.log(`npm run fuzz -- --composed 500 --seed ${seed}`)
  const end = Date.now() + 1000 * seconds
  const { specs, broken, built, findings } = await fuzzComposed({ from: 0, to: 500 }, seed, () => Date.now() < end)
  expect(findings.map(({ problem, text }) => `${problem}\n${text}`).join('\n')).toBe('')
  expect(specs).toBeGreaterThan(20)
  expect(broken).toBeGreaterThan(specs / 4)
  expect(built).toBeGreaterThan(0)
})
