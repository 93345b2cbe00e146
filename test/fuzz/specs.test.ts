/**
 * Three hundred random specs, or as many as a slow machine takes in the time: the checker and
 * tf.layers say the same of all of them.
 */
import { expect, it } from 'vitest'
import { fuzzSpecs } from '../../scripts/fuzz/fuzzSpecs.ts'
import { tellDifference } from '../../scripts/fuzz/tellDifference.ts'

it('the checker and the engine agree on random specs', async () => {
  const end = performance.now() + 25_000
  // The same in every run, so that a change is judged by itself; FUZZ_SEED draws others.
  const seed = Number(process.env['FUZZ_SEED'] ?? 20261124)
  console.log(`npm run fuzz -- --specs 300 --seed ${seed}`)
  const { specs, acceptedLayers, refusedLayers, runs, findings } = await fuzzSpecs(
    300,
    seed,
    () => performance.now() > end,
  )
  expect(findings.map(tellDifference).join('\n')).toBe('')
  expect(specs).toBeGreaterThan(40)
  expect(acceptedLayers).toBeGreaterThan(3 * specs)
  expect(refusedLayers).toBeGreaterThan(0)
  expect(runs).toBeGreaterThan(specs / 2)
})
