/** The results of a sweep, for tests that compare where it ran. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readSweep } from '../../../src/tasks/sweep/readSweep.ts'

/** A line for each trial: its state, best epoch, trained epochs, and the digest of its weights. */
export async function tableOf(folder: string): Promise<string[]> {
  const { trials } = await readSweep(folder)
  return trials.map(({ number, label, state, reason, best, trained, folder: place }) => {
    const weights = join(place, 'model', 'weights.bin')
    const digest = existsSync(weights) ? createHash('sha256').update(readFileSync(weights)).digest('hex') : 'no weights'
    return [number, label, state, reason, best?.score, best?.epoch, trained, digest].join(' | ')
  })
}

/** The states of the trials, in their order. */
export async function statesOf(folder: string): Promise<string> {
  return (await readSweep(folder)).trials.map(({ state }) => state).join(' ')
}
