/** The files of a run can be verified at any moment, also where the process was killed between any two of its changes. */
import { promises } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { openRunFiles, readVerified } from '../../src/runtime/runs/verifiedFiles.ts'
import { appendMetrics, writeMetrics, writeRunFiles } from '../../src/runtime/runs/runFolder.ts'
import { keepManifest, openManifest } from '../../src/runtime/runs/runManifest.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

let folder = ''

beforeEach(() => {
  folder = temporaryFolder()
})

const logs = (epoch: number) => ({ epoch, loss: 1 / epoch, seconds: 1, imagesPerSecond: 1 })

/** What `train` writes, and then `train --resume`. */
async function trainTwice(): Promise<void> {
  for (const text of ['first', 'second']) {
    keepManifest(folder, (await openRunFiles(folder)).manifest)
    await writeRunFiles(folder, {
      'evaluation.json': null,
      'spec.yaml': text,
      'environment.json': '{"manifest": "manifest.json"}',
    })
    await writeMetrics(folder, text === 'first' ? [] : [logs(1)])
    for (const epoch of [2, 3]) await appendMetrics(folder, logs(epoch))
    await openManifest(folder)!.writeFolder('model', { 'weights.bin': `weights ${text}`, 'model.json': text })
    await writeRunFiles(folder, { 'evaluation.json': `evaluation ${text}` })
    await openManifest(folder)!.close('finished')
  }
}

const names = [
  'spec.yaml',
  'environment.json',
  'metrics.jsonl',
  'model/weights.bin',
  'model/model.json',
  'evaluation.json',
]

/** From the call with this number on, no file can be changed: as good as a process that was killed. */
async function killAt(point: number, action: () => Promise<void>): Promise<boolean> {
  let left = point
  const methods = ['open', 'rename', 'appendFile', 'rm', 'mkdir'] as const
  const originals = methods.map((name) => [name, promises[name]] as const)
  for (const [name, original] of originals) {
    const change = (...args: unknown[]): unknown => {
      const isRead = name === 'open' && args[1] === 'r'
      if (!isRead && left-- <= 0) throw new Error('killed')
      return (original as (...given: unknown[]) => unknown)(...args)
    }
    Object.assign(promises, { [name]: change })
  }
  syncBuiltinESMExports()
  try {
    await action()
    return false
  } catch (error) {
    if (!(error instanceof Error) || error.message !== 'killed') throw error
    return true
  } finally {
    for (const [name, original] of originals) Object.assign(promises, { [name]: original })
    syncBuiltinESMExports()
  }
}

it(
  'a run that was killed between any two changes is readable, and can be trained on',
  { timeout: 120_000 },
  async () => {
    let points = 0
    while (await killAt(points, trainTwice)) {
      const files = await openRunFiles(folder)
      for (const name of names) await readVerified(files, name)
      if (points % 7 === 0) {
        await trainTwice()
        for (const name of names) expect(await readVerified(await openRunFiles(folder), name), name).toBeDefined()
      }
      await rm(folder, { recursive: true })
      await promises.mkdir(folder)
      points += 1
    }
    expect(points).toBeGreaterThan(50)
  },
)

describe('a finished run', () => {
  beforeEach(trainTwice)

  it.each(names)('refuses %s with one bit flipped, cut, longer, or missing', async (name) => {
    const path = join(folder, name)
    const good = await readFile(path)
    const flipped = Buffer.from(good)
    flipped[0]! ^= 1
    for (const damaged of [flipped, good.subarray(1), Buffer.concat([good, good]), undefined]) {
      if (damaged) await writeFile(path, damaged)
      else await rm(path)
      const reading = openRunFiles(folder).then((files) => readVerified(files, name))
      await expect(reading).rejects.toThrow(expect.objectContaining({ code: 'run' }))
      await expect(reading).rejects.toThrow(`${path} is ${damaged ? 'damaged' : 'missing'}`)
    }
  })

  it('has a manifest in which no bit can be flipped', async () => {
    const path = join(folder, 'manifest.json')
    const good = await readFile(path)
    for (let bit = 0; bit < good.length * 8; bit += 37) {
      const flipped = Buffer.from(good)
      flipped[bit >> 3]! ^= 1 << (bit & 7)
      await writeFile(path, flipped)
      await expect(openRunFiles(folder)).rejects.toThrow(`${path} is damaged`)
    }
    await rm(path)
    await expect(openRunFiles(folder)).rejects.toThrow(`${path} is missing`)
  })
})
