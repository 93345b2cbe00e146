/** A part of `npm run attack`: hostile files, names, disks and pipes get through nowhere. */
import { expect, it } from 'vitest'
import { attackNamesOfAll, attackProduct } from '../../scripts/attack/attackProduct.ts'

it('three attacks of each kind find nothing', { timeout: 600_000 }, async () => {
  const { made, skipped, findings } = await attackProduct({ seed: 11, rounds: 3 })
  expect(findings).toEqual([])
  if (skipped.length > 0) process.stderr.write(`SKIPPED: ${skipped.join('; ')}: no right to mount a file system\n`)
  for (const name of attackNamesOfAll) expect(made[name] ?? 0, name).toBe(skipped.includes(name) ? 0 : 3)
})
