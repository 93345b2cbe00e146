/** `check` reads no more of a dataset than headers and beginnings, however large its files are. How long it takes, `npm run bench -- describe` tells. */
import fs from 'node:fs'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { checkText } from '../../../src/analyze.ts'
import { describeDataset } from '../../../src/language/datasetDef.ts'
import { datasetTable } from '../../../src/parts/datasets/table.ts'
import { writeIdx } from '../../runtime/datasets/idxFixture.ts'
import { writeImages } from '../../runtime/datasets/imageFixture.ts'
import { bytesOf, writeNpy } from '../../runtime/formats/npyFixture.ts'
import { writeZip } from '../../runtime/formats/zipFixture.ts'

/** What was read since it was last cleared. */
const reads = vi.hoisted(() => ({ bytes: 0, entries: 0, listed: [] as string[] }))

vi.mock('node:fs', async (load) => {
  const real = await load<typeof fs>()
  const readSync = (...args: [number, Uint8Array, number, number, number]) => {
    const count = real.readSync(...args)
    reads.bytes += count
    return count
  }
  const readFileSync = (...args: Parameters<typeof real.readFileSync>) => {
    const content = real.readFileSync(...args)
    reads.bytes += content.length
    return content
  }
  const readdirSync = (...args: Parameters<typeof real.readdirSync>) => {
    reads.listed.push(basename(String(args[0])))
    return real.readdirSync(...args)
  }
  const opendirSync = (path: string) => {
    const folder = real.opendirSync(path)
    const readEntry = () => {
      reads.entries++
      return folder.readSync()
    }
    return { readSync: readEntry, closeSync: () => folder.closeSync() }
  }
  return { ...real, readSync, readFileSync, readdirSync, opendirSync }
})

const folder = mkdtempSync(join(tmpdir(), 'shapewright-bytes-'))
afterAll(() => rmSync(folder, { recursive: true }))
beforeEach(() => Object.assign(reads, { bytes: 0, entries: 0, listed: [] }))

const million = 1_000_000
const write = (name: string, content: string | Uint8Array) => writeFileSync(join(folder, name), content)
write('large.csv', `a,y\n${'1.5,2.5\n2.5,1.5\n'.repeat(million / 16)}`)
write('x.npy', writeNpy('|u1', [1000, 1000], new Uint8Array(million)))
write('y.npy', writeNpy('<f4', [1000], bytesOf(new Float32Array(1000))))
const arrays = new Map([
  [
    'x_train.npy',
    writeNpy(
      '|u1',
      [1000, 1000],
      Uint8Array.from({ length: million }, (_, at) => (at * at) >> 3),
    ),
  ],
  ['y_train.npy', writeNpy('<f4', [1000], bytesOf(new Float32Array(1000)))],
])
write('stored.npz', writeZip(arrays, false))
write('deflated.npz', writeZip(arrays, true))
write('train-images-idx3-ubyte', writeIdx([1000, 100, 10], new Uint8Array(million)))
write('train-labels-idx1-ubyte', writeIdx([1000], new Uint8Array(1000)))

/** Looks at a dataset as `check` does, and says what was read for it. */
function look(dataset: string) {
  const stated = `name: example\ndataset: ${dataset}\nlayers: [{ dense: { units: 3 } }]\n`
  const { spec } = checkText(stated, join(folder, 'spec.yaml'))
  Object.assign(reads, { bytes: 0, entries: 0, listed: [] })
  return describeDataset(spec.dataset!, datasetTable)
}

describe('of files of a million bytes', () => {
  it.each([
    ['a table', '{ csv: { path: large.csv, label: y } }', 32_000],
    ['npy', '{ npy: { inputs: x.npy, targets: y.npy } }', 2048],
    // The directory at the end of an archive, which a comment may follow, and the beginnings of two members.
    ['npz, stored', '{ npz: { path: stored.npz } }', 70_000],
    ['npz, deflated', '{ npz: { path: deflated.npz } }', 80_000],
    // The labels are counted.
    ['idx', '{ idx: { path: . } }', 64 + 1008],
  ])('%s: the beginning', (_name, dataset, most) => {
    expect(look(dataset).sampleShape).toBeDefined()
    expect(reads.bytes).toBeGreaterThan(0)
    expect(reads.bytes).toBeLessThanOrEqual(most)
  })
})

describe('of a folder of images', () => {
  it('the names of the classes, and the first image', async () => {
    const names = Array.from({ length: 300 }, (_, number) => `pets/train/cat/${number}.png`)
    await writeImages(folder, [...names, 'pets/train/dog/1.png'])
    expect(look('{ imageFolder: { path: pets } }')).toMatchObject({ classes: 2, sampleShape: [4, 6, 3] })
    expect(new Set(reads.listed)).toEqual(new Set(['pets', 'train']))
    expect(reads.entries).toBe(1)
    expect(reads.bytes).toBe(fs.statSync(join(folder, 'pets/train/cat/0.png')).size)
  })

  it('no image where the size is stated', () => {
    expect(look('{ imageFolder: { path: pets, size: [8, 8] } }')).toMatchObject({ classes: 2 })
    expect([reads.bytes, reads.entries]).toEqual([0, 0])
  })
})
