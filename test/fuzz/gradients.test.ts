/**
 * Every layer type, twice at least, with random options: on every engine that works here, what comes out and its gradients
 * are those of numerical differentiation in float64.
 */
import { expect, it } from 'vitest'
import { fuzzGradients, startEngines } from '../../scripts/fuzz/fuzzGradients.ts'
import { drawnTypes } from '../../scripts/fuzz/randomOptions.ts'
import { printGradients } from '../../scripts/fuzz/printFindings.ts'

it('gradients of layers equal numerical differentiation on every engine', async () => {
  const { engines, missing } = await startEngines()
  for (const line of missing) console.log(line)
  expect(engines).toContain('wasm')
  // The same in every run, so that a change is judged by itself; FUZZ_SEED draws others.
  const seed = Number(process.env['FUZZ_SEED'] ?? 20261124)
  const count = 2 * drawnTypes.length
  console.log(`npm run fuzz -- --gradients ${count} --seed ${seed}`)
  const { counts, findings } = await fuzzGradients({ count, seed, engines })
  expect(findings.map(printGradients).join('\n')).toBe('')
  const rare = [...counts].filter(([, { trials, refused }]) => trials + refused < 2).map(([type]) => type)
  expect(rare).toEqual([])
  const measured = [...counts.values()].reduce((sum, one) => sum + one.measured, 0)
  expect(measured).toBeGreaterThan(count)
})
