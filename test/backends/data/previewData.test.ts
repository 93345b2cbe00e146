import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { previewData, writeGrid, type PreviewRequest } from '../../../src/tasks/viewData/previewData.ts'
import { checkText } from '../../../src/analyze.ts'
import { nodeHost } from '../../../src/system/nodeHost.ts'
import { lowerData } from '../../../src/program/lowerGraph.ts'
import { writeImages } from '../../runtime/datasets/imageFixture.ts'
import { temporaryFolder } from '../../temporaryFolder.ts'

let folder = ''
beforeAll(async () => {
  folder = temporaryFolder()
  await writeImages(folder, [
    'train/cat/1.png',
    'train/cat/2.png',
    'train/dog/3.png',
    'train/dog/4.png',
    'test/dog/5.png',
  ])
})

function look(request: Partial<PreviewRequest> = {}, rest = '') {
  const text = `name: x\ndataset: { imageFolder: { path: ${JSON.stringify(folder)} } }\n${rest}\nlayers: [flatten]\n`
  const program = lowerData(checkText(text, 'spec.yaml', { host: nodeHost }).spec)!
  return previewData(program, {
    validationSplit: 0,
    seed: 1,
    view: 0,
    split: 'train',
    augmented: false,
    stats: false,
    ...request,
  })
}

describe('previewData', () => {
  it('counts the samples of each class', async () => {
    const { splits, classNames, sampleShape, pictures } = await look({ validationSplit: 0.25 })
    expect([classNames, sampleShape, pictures]).toEqual([['cat', 'dog'], [4, 6, 3], []])
    expect(splits.map(({ name, count }) => [name, count])).toEqual([
      ['train', 3],
      ['validation', 1],
      ['test', 1],
    ])
    expect(splits.map(({ perClass }) => perClass.reduce((sum, number) => sum + number, 0))).toEqual([3, 1, 1])
    expect(splits[2]!.perClass).toEqual([0, 1])
  })

  it('takes pictures of the classes in turn, before they are normalized', async () => {
    const { pictures } = await look({ view: 3 }, 'normalize: { fit: true }')
    expect(pictures.map(({ label }) => label)).toEqual(['cat', 'dog', 'cat'])
    // As the fixture painted them: the class times 40, the number, 200.
    expect([pictures[0]!.pixels[0], pictures[0]!.pixels[2]]).toEqual([0, 200])
    expect([pictures[1]!.pixels[0], pictures[1]!.pixels[2]]).toEqual([40, 200])
    expect(pictures[0]!.pixels).toHaveLength(4 * 6 * 3)
  })

  it('names the classes of mixed pictures', async () => {
    const { pictures } = await look({ view: 4, augmented: true }, 'augment: [{ mixup: { alpha: 1 } }]')
    for (const { label } of pictures) {
      const parts = [...label.matchAll(/(?:cat|dog) ([\d.]+)/g)].map(([, part]) => Number(part))
      if (parts.length === 0) expect(['cat', 'dog']).toContain(label)
      else expect(parts[0]! + parts[1]!).toBeCloseTo(1, 2)
    }
    expect(pictures.some(({ label }) => label.includes(','))).toBe(true)
  })

  it('measures channels as normalize takes them', async () => {
    const { stats } = await look({ stats: true })
    expect(stats!.samples).toBe(4)
    const round = (value: number) => Math.round(value * 255 * 100) / 100
    expect(stats!.mean.map(round)).toEqual([20, 1.5, 200])
    expect(stats!.std.map(round)).toEqual([20, 1.12, 255])
  })

  it('shows augmented pictures', async () => {
    const { pictures } = await look({ view: 4, augmented: true }, 'augment: [{ cutout: { size: 3 } }]')
    for (const { pixels } of pictures) expect(pixels.filter((value) => value === 200).length).toBeLessThan(24)
    const plain = await look({ view: 4 }, 'augment: [{ cutout: { size: 3 } }]')
    for (const { pixels } of plain.pictures) expect(pixels.filter((value) => value === 200)).toHaveLength(24)
  })

  it('reports a split that does not exist', async () => {
    await expect(look({ view: 1, split: 'validation' })).rejects.toThrow('no validation samples')
  })
})

describe('writeGrid', () => {
  it('draws the pictures enlarged, in a square, over their labels', async () => {
    const { pictures } = await look({ view: 4 })
    const path = join(folder, 'grid.png')
    await writeGrid(path, pictures)
    const { data, info } = await sharp(path).removeAlpha().raw().toBuffer({ resolveWithObject: true })
    // 6x4 pixels, 16 times as large; two by two, with a caption of 16 under each and gaps of 6.
    expect([info.width, info.height]).toEqual([6 + 2 * (96 + 6), 6 + 2 * (64 + 16 + 6)])
    const at = (x: number, y: number) => [...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3)]
    expect([at(2, 2), at(20, 20)[2], at(20 + 102, 20)[0]]).toEqual([[255, 255, 255], 200, 40])
  })

  it('says where it cannot write', async () => {
    const { pictures } = await look({ view: 1 })
    writeFileSync(join(folder, 'file'), '')
    await expect(writeGrid(join(folder, 'file', 'grid.png'), pictures)).rejects.toThrow('cannot be written')
  })
})
