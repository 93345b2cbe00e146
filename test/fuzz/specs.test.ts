/**
 * Two thousand random specs from a new seed in every run, or as many as a slow machine takes in the time: the checker and
 * tf.layers say the same of all of them. FUZZ_SEED draws those of a run again.
 */
import { expect, it } from 'vitest'
import { fuzzInProcesses } from '../../scripts/fuzz/fuzzInProcesses.ts'
import { printDifference } from '../../scripts/fuzz/printFindings.ts'

const seconds = 45

it('the checker and the engine agree on random specs', { timeout: 4000 * seconds }, async () => {
  const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 0x7fffffff)
  console.log(`npm run fuzz -- --specs 2000 --seed ${seed}`)
  const range = { from: 0, to: 2000 }
  const end = Date.now() + 1000 * seconds
  const { specs, acceptedLayers, refusedLayers, runs, findings } = await fuzzInProcesses(range, seed, { jobs: 2, end })
  expect(findings.map((finding) => printDifference(finding, seed)).join('\n')).toBe('')
  expect(specs).toBeGreaterThan(40)
  expect(acceptedLayers).toBeGreaterThan(3 * specs)
  expect(refusedLayers).toBeGreaterThan(0)
  expect(runs).toBeGreaterThan(specs / 2)
})
