/** A part of `npm run soak`: runs that are killed and gone on with come to what they would have come to. */
import { expect, it } from 'vitest'
import { soakRuns } from '../../scripts/soak/soakRuns.ts'

it('10 endings, by kill -9 and by a full disk, change nothing', { timeout: 600_000 }, async () => {
  const { runs, struck, equal, findings } = await soakRuns(10, 7)
  expect(findings).toEqual([])
  expect(equal).toBe(runs)
  expect(struck.kill + struck.killInWrite + struck.fullDisk).toBeGreaterThanOrEqual(10)
  for (const times of Object.values(struck)) expect(times).toBeGreaterThan(0)
})
