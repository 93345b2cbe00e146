/** Mutated files of other frameworks become a spec, diagnostics, or an error with a code. `npm run fuzz -- --imports N` tries many. */
import { expect, it } from 'vitest'
import { runCase } from '../../scripts/fuzz/imports/importCase.ts'
import { writeSources } from '../../scripts/fuzz/imports/sourceFiles.ts'
import { startEngine } from '../../src/runtime/engines/startEngine.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const folder = temporaryFolder()

const cases = 60

it(`${cases} mutated files are answered without a failure`, { timeout: 60_000 }, async () => {
  await startEngine('cpu')
  const sources = await writeSources(folder)
  const seed = Date.now() % 0x7fffffff
  const outcomes = new Set<string>()
  for (let index = 0; index < cases; index += 1) {
    const { outcome, problem } = await runCase(sources, folder, seed, index)
    expect(problem, `npm run fuzz -- --imports 1 --seed ${seed} --from ${index}`).toBeUndefined()
    outcomes.add(outcome!)
  }
  expect(outcomes).toEqual(new Set(['imported', 'diagnostics', 'refused']))
})
