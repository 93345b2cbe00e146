/** `check` reads no more of a dataset than headers and beginnings, however large its files are. How long it takes, `npm run bench -- describe` tells. */
import { writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { checkText } from '../../../src/analyze.ts'
import { describeDataset } from '../../../src/language/datasetDef.ts'
import type { Host } from '../../../src/system/host.ts'
import { nodeHost } from '../../../src/system/nodeHost.ts'
import { datasetTable } from '../../../src/parts/datasets/table.ts'
import { writeIdx } from '../../runtime/datasets/idxFixture.ts'
import { writeImages } from '../../runtime/datasets/imageFixture.ts'
import { bytesOf, writeNpy } from '../../runtime/formats/npyFixture.ts'
import { writeZip } from '../../runtime/formats/zipFixture.ts'
import { temporaryFolder } from '../../temporaryFolder.ts'

/** What was read since it was last cleared. */
const reads = { bytes: 0, entries: new Map<string, number>() }

/** The files of this machine, counted. */
const counting: Host = {
  size: (path) => nodeHost.size(path),
  *list(path) {
    for (const entry of nodeHost.list(path) ?? []) {
      reads.entries.set(basename(path), (reads.entries.get(basename(path)) ?? 0) + 1)
      yield entry
    }
  },
  read(path, part) {
    const read = nodeHost.read(path, part)
    reads.bytes += part.packing === undefined ? read.length : part.length
    return read
  },
}

const folder = temporaryFolder()
beforeEach(() => clearReads())
const clearReads = () => Object.assign(reads, { bytes: 0, entries: new Map() })

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
  const { spec } = checkText(stated, join(folder, 'spec.yaml'), { host: counting })
  clearReads()
  return describeDataset(spec.dataset!, datasetTable, { host: counting })
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
    expect([...reads.entries.keys()].toSorted()).toEqual(['cat', 'dog', 'pets', 'train'])
    expect(reads.entries.get('cat')).toBe(1)
    expect(reads.bytes).toBe(nodeHost.size(join(folder, 'pets/train/cat/0.png')))
  })

  it('the first name in each class folder, and no image, where the size is stated', () => {
    expect(look('{ imageFolder: { path: pets, size: [8, 8] } }')).toMatchObject({ classes: 2 })
    expect([reads.bytes, reads.entries.get('cat')]).toEqual([0, 1])
  })
})
