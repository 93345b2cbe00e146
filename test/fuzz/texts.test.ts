/**
 * A thousand mutated and hostile specs, or as many as a slow machine takes in the time: the checker answers
 * all of them, soon, and within the text.
 */
import { expect, it } from 'vitest'
import { fuzzTexts, shrinkText } from '../../scripts/fuzz/fuzzTexts.ts'

it('answers mutated texts', () => {
  const end = performance.now() + 20_000
  // The same in every run, so that a change is judged by itself; FUZZ_SEED draws others, of which some take many seconds.
  const seed = Number(process.env['FUZZ_SEED'] ?? 1)
  console.log(`npm run fuzz -- --texts 1000 --seed ${seed}`)
  let texts = 0
  for (const { findings, ...progress } of fuzzTexts(1000, seed)) {
    expect(findings.map((one) => `${one.problem}: ${JSON.stringify(shrinkText(one))}`)).toEqual([])
    texts = progress.texts
    if (performance.now() > end) break
  }
  expect(texts).toBeGreaterThanOrEqual(100)
})
