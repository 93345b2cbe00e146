/** A few hundred random specs, other ones in each run: the checker and tf.layers say the same of all of them. */
import { expect, it } from 'vitest'
import { fuzzSpecs } from '../../scripts/fuzz/fuzzSpecs.ts'
import { tellDifference } from '../../scripts/fuzz/tellDifference.ts'

it('the checker and the engine agree on 300 specs', async () => {
  const seed = Date.now() % 0x7fffffff
  console.log(`npm run fuzz -- --specs 300 --seed ${seed}`)
  const { specs, acceptedLayers, refusedLayers, runs, findings } = await fuzzSpecs(300, seed)
  expect(findings.map(tellDifference).join('\n')).toBe('')
  expect(specs).toBe(300)
  expect(acceptedLayers).toBeGreaterThan(900)
  expect(refusedLayers).toBeGreaterThan(10)
  expect(runs).toBeGreaterThan(150)
})
