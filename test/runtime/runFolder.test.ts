import { readdir, readFile, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { unlockRun } from '../../src/runtime/runs/runLock.ts'
import {
  appendMetrics,
  createRunFolder,
  environmentOf,
  formatJson,
  writeRunFiles,
} from '../../src/runtime/runs/runFolder.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const root = temporaryFolder()

describe('createRunFolder', () => {
  it('numbers runs of the same name and takes an empty folder as it is', async () => {
    const runs = join(root, 'deep', 'runs')
    for (const name of ['net', 'net-2', 'net-3']) {
      expect(await createRunFolder(runs, 'net')).toBe(join(runs, name))
      unlockRun(join(runs, name))
      expect(await createRunFolder(runs, 'net')).toBe(join(runs, name))
      await writeFile(join(runs, name, 'file'), '')
    }
  })

  it('gives no folder twice in which training has not begun', async () => {
    const runs = join(root, 'two')
    const folders = [await createRunFolder(runs, 'net'), await createRunFolder(runs, 'net')]
    expect(folders).toEqual([join(runs, 'net'), join(runs, 'net-2')])
  })
})

describe('run files', () => {
  it('has one epoch per line in metrics.jsonl', async () => {
    const logs = { loss: 0.5, accuracy: 0.75, seconds: 2, imagesPerSecond: 100 }
    await appendMetrics(root, { epoch: 1, ...logs })
    await appendMetrics(root, { epoch: 2, ...logs })
    const lines = (await readFile(join(root, 'metrics.jsonl'), 'utf8')).trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { epoch: 1, ...logs },
      { epoch: 2, ...logs },
    ])
  })

  it('replaces a JSON file whole', async () => {
    const path = join(root, 'file.json')
    await writeRunFiles(root, { 'file.json': formatJson({ a: 'a longer text than the next' }) })
    await writeRunFiles(root, { 'file.json': formatJson({ a: 1 }) })
    expect(await readFile(path, 'utf8')).toBe('{\n  "a": 1\n}\n')
    expect((await readdir(root)).filter((name) => name.includes('writing'))).toEqual([])
  })

  it('describes the machine', () => {
    const engine = { name: 'cpu', version: '1', detail: 'd' } as const
    expect(environmentOf(engine, 7, 2)).toMatchObject({
      node: process.version,
      tfjs: expect.stringMatching(/^\d+\./),
      engine,
      threads: 2,
      cores: availableParallelism(),
    })
  })
})
