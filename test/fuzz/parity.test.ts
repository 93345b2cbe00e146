/** Six random experiments, or as many as a slow machine takes in the time: the script trains to the bits of the interpreter. */
import { expect, it } from 'vitest'
import { compareBackEnds, parityEngines } from '../../scripts/fuzz/compareBackEnds.ts'

it('the interpreter and the script give the same bits on random specs', async () => {
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
