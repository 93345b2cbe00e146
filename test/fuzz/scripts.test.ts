/** Five hundred scripts with hostile text in every place, or as many as a slow machine takes in the time. */
import { expect, it } from 'vitest'
import { compareTrees } from '../../scripts/fuzz/compareTrees.ts'
import { fuzzScripts } from '../../scripts/fuzz/fuzzScripts.ts'

it('keeps hostile text in its literals and comments', async () => {
  // The same in every run, so that a change is judged by itself; FUZZ_SEED draws others.
  const seed = Number(process.env['FUZZ_SEED'] ?? 20261124)
  for await (const { scripts, findings } of fuzzScripts(500, seed)) {
    expect(findings).toEqual([])
    expect(scripts).toBe(500)
  }
})

const replaced = (text: string) => text.replace('mark', '"; exit(); "')
it.each([
  ['a = "mark" // mark', 'a = "\\"; exit(); \\"" // "; exit(); "', undefined],
  ['f({ mark: 1 })', 'f({ ["\\"; exit(); \\""]: 1 })', undefined],
  ['a = "mark"', 'a = ""; exit(); ""', 'StringLiteral mark became '],
  ['a = "mark"', 'a = "other"', 'StringLiteral mark became other'],
  ['// mark', '// \nexit()', /became ExpressionStatement/],
  ['a(); b()', 'a(); /* b() */', /^ExpressionStatement/],
  ['a; b', 'a; a', 'two names became one'],
  ['a; b; a', 'c; b; d', 'Identifier a became d'],
  ['a = "mark"', 'a = "\n"', /^does not parse/],
])('distinguishes %j from %j', (first, second, difference) => {
  const found = compareTrees(first, second, replaced)
  if (difference instanceof RegExp) expect(found).toMatch(difference)
  else expect(found).toBe(difference)
})
