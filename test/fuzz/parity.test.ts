/** Six random experiments, or as many as a slow machine takes in the time: scripts for the package train to the bits of `train`, and standalone ones agree with it. */
import { expect, it } from 'vitest'
import { compareBackEnds, parityEngines } from '../../scripts/fuzz/compareBackEnds.ts'
import { compareScripts, configCases, randomCases } from '../../scripts/fuzz/compareScripts.ts'

it('`train` and scripts for the package give the same bits on random specs', async () => {
  const end = performance.now() + 40_000
  // The same in every run, so that a change is judged by itself; PARITY_SEED draws others.
  const seed = Number(process.env['PARITY_SEED'] ?? 1)
  console.log(`npm run parity -- --specs 6 --seed ${seed}`)
  const { specs, failures, absent, findings } = await compareBackEnds(6, seed, () => performance.now() > end)
  for (const [engine, reason] of absent) console.log(`not compared on ${engine}: ${reason}`)
  expect(findings).toEqual([])
  for (const engine of parityEngines) expect(specs.has(engine)).toBe(!absent.has(engine))
  expect(specs.get('wasm')).toBeGreaterThanOrEqual(2)
  // What the checker accepts is trained.
  expect(failures).toEqual([])
}, 120_000)

it('standalone scripts agree with `train`', async () => {
  const end = performance.now() + 25_000
  const twoHeads = [...configCases()].filter(({ spec }) => spec === 'mnist-two-heads.yaml')
  const cases = [...randomCases(1, 1), ...twoHeads, ...randomCases(6, 2)]
  const { compared, skipped, findings } = await compareScripts(cases, () => performance.now() > end)
  for (const [reason, times] of skipped) console.log(`not compared, ${times} times: ${reason}`)
  expect(findings).toEqual([])
  expect(compared.get('wasm')).toBeGreaterThanOrEqual(1)
}, 120_000)
