/** Two thousand mutated specs, other ones in each run: the checker answers all of them, soon, and within the text. */
import { expect, it } from 'vitest'
import { fuzzTexts, shrinkText } from '../../scripts/fuzz/fuzzTexts.ts'

it('answers 2,000 mutated texts', () => {
  const seed = Date.now() % 0x7fffffff
  console.log(`npm run fuzz -- --texts 2000 --seed ${seed}`)
  const { texts, findings } = fuzzTexts(2000, seed)
  expect(findings.map((one) => `${one.problem}: ${JSON.stringify(shrinkText(one))}`)).toEqual([])
  expect(texts).toBe(2000)
})
