/** What `check` learns of a folder of images. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { beforeEach, describe, expect, it } from 'vitest'
import { checkText } from '../../../src/analyze.ts'
import { nodeHost } from '../../../src/system/nodeHost.ts'
import { describeImageFolder } from '../../../src/parts/datasets/imageFolderFacts.ts'
import { lowerGraph } from '../../../src/program/lowerGraph.ts'
import { writeImage, writeImages } from '../../runtime/datasets/imageFixture.ts'
import { temporaryFolder } from '../../temporaryFolder.ts'

let path = ''
beforeEach(() => {
  path = temporaryFolder()
})

const probe = { host: nodeHost, isWhole: false }

const specOf = (options: string, units = 2) => `name: example
dataset: { imageFolder: { path: ${JSON.stringify(path)}${options} } }
layers:
  - flatten
  - dense: { units: ${units}, activation: softmax }
optimizer: sgd
loss: categoricalCrossentropy
`

const check = (options: string, units?: number) => checkText(specOf(options, units), 'spec.yaml', { host: nodeHost })
const codes = (options: string, units?: number) => check(options, units).diagnostics.map(({ code }) => code)

describe('the facts of a folder of images', () => {
  it.each([
    'train/cat/1.png',
    'train/cat/1.jpg',
    'train/cat/1.jpeg',
    'train/cat/1.webp',
    'cat/deep/1.PNG',
    'training/cat/1.png',
  ])('are the classes, and the size of the first image: %s', async (first) => {
    await writeImage(join(path, first), { width: 7, height: 5 })
    await writeImage(join(path, first.replace('cat', 'dog')), { width: 9, height: 9 })
    const { size, ...facts } = describeImageFolder(probe, path, true)
    expect(size).toEqual([5, 7])
    expect(facts).toEqual({ classNames: ['cat', 'dog'], classes: 2 })
  })

  it('rotate an image as its EXIF orientation says', async () => {
    mkdirSync(join(path, 'a'))
    const image = sharp({ create: { width: 7, height: 5, channels: 3, background: 'red' } })
    await image
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toFile(join(path, 'a', '1.jpg'))
    expect(describeImageFolder(probe, path, true).size).toEqual([7, 5])
  })
})

describe('check', () => {
  it.each<[string, string[], string, RegExp]>([
    [
      'no images to train a class',
      ['train/a/1.png', 'train/b/1.png', 'test/c/1.png'],
      '',
      /training images for .*test\/c$/,
    ],
    [
      'a class of images in other formats',
      ['a/1.png', 'b/1.tif'],
      ', size: [4, 6]',
      /b contains no PNG, JPEG or WebP images$/,
    ],
  ])('finds %s', async (_name, files, options, message) => {
    await writeImages(
      path,
      files.filter((file) => file.endsWith('.png')),
    )
    for (const file of files.filter((name) => !name.endsWith('.png'))) {
      mkdirSync(join(path, file, '..'))
      writeFileSync(join(path, file), '')
    }
    const [first, ...others] = check(options).diagnostics
    expect(first).toMatchObject({ code: 'data/no-images', message: expect.stringMatching(message) as string })
    expect(others).toEqual([])
  })

  it('takes shape and classes from the images', async () => {
    await writeImages(path, ['a/1.png', 'b/1.png'])
    const { diagnostics, shaped, spec } = check('')
    expect(diagnostics).toEqual([])
    expect(shaped.nodes[0]!.shape).toEqual([4, 6, 3])
    const { dataset } = lowerGraph(spec, shaped).experiment!
    expect(JSON.stringify(dataset)).toContain('{"kind":"literal","value":4},{"kind":"literal","value":6}')
  })

  it.each<[string, string, number]>([
    [', channels: 1, size: [8, 9]', '8,9,1', 2],
    [', channels: 4', '4,6,4', 2],
    [', memory: 1GiB, fit: contain, testSplit: 0', '4,6,3', 2],
  ])('takes the stated shape%s', async (options, want, units) => {
    await writeImages(path, ['a/1.png', 'b/1.png'])
    const { diagnostics, shaped } = check(options, units)
    expect(diagnostics).toEqual([])
    expect(String(shaped.nodes[0]!.shape)).toBe(want)
  })

  it('compares the units with the classes', async () => {
    await writeImages(path, ['a/1.png', 'b/1.png', 'c/1.png'])
    const [only] = check('', 2).diagnostics
    expect(only).toMatchObject({
      code: 'meaning/class-count',
      fixes: [{ title: expect.stringContaining('3') as string }],
    })
  })

  it.each<[string, string[], string, string[]]>([
    ['an empty folder', [], '', ['data/no-images']],
    ['a class without images', ['a/'], '', ['data/no-images']],
    ['classes without images, but a size', ['a/', 'b/'], ', size: [4, 4]', ['data/no-images']],
    ['what only is called an image', ['a/text.png', 'b/text.png'], '', ['data/unreadable']],
    ['a size that is none', ['a/', 'b/'], ', size: [0, 4]', ['schema/out-of-range']],
    ['two channels', ['a/', 'b/'], ', size: [4, 4], channels: 2', ['schema/unknown-value']],
    ['no unit of bytes', ['a/', 'b/'], ', size: [4, 4], memory: 4 elephants', ['schema/unknown-value']],
  ])('reports %s', (_name, entries, options, want) => {
    for (const entry of entries) mkdirSync(join(path, entry.split('/')[0]!), { recursive: true })
    for (const entry of entries.filter((each) => !each.endsWith('/'))) writeFileSync(join(path, entry), 'no image')
    expect(codes(options)).toEqual(want)
  })

  it('says that the classes of a missing folder are unknown', () => {
    rmSync(path, { recursive: true })
    expect(codes('')).toEqual(['data/unknown-shape'])
    expect(codes(', size: [4, 4]')).toEqual(['data/not-found'])
    expect(codes(', size: [4, 4]', 77)).toEqual(['data/not-found'])
  })
})
