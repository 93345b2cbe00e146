/** What the environment does not allow is told in words, with the next step, in every command: no stack trace, and exit code 2. */
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { callCommand } from './callCommand.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const spec = `name: blobs
dataset: { synthetic: { shape: [8, 8, 1], classes: 3, train: 60, test: 30 } }
layers:
  - flatten
  - dense: { units: 3, activation: softmax }
optimizer: adam
loss: categoricalCrossentropy
training: { epochs: 1, batchSize: 10, seed: 3 }
`
const cwd = temporaryFolder({ 'blobs.yaml': spec, file: 'mine' })
/** Folders that nobody can write to, the administrator included. */
const readOnly = process.platform === 'linux' ? ['/proc/x', '/sys/x'] : []

beforeAll(async () => {
  mkdirSync(join(cwd, 'folder.yaml'))
  symlinkSync('loop.yaml', join(cwd, 'loop.yaml'))
  symlinkSync('nothing', join(cwd, 'dangling'))
  expect(await callCommand(['train', 'blobs.yaml', '--backend', 'wasm', '--quiet'], { cwd })).toMatchObject({ code: 0 })
}, 120_000)

describe('a failure of the environment', { timeout: 240_000 }, () => {
  it.each([
    ...['file/x', ...readOnly].flatMap((place) => [
      `compile blobs.yaml -o ${place}`,
      `compile blobs.yaml --project -o ${place}`,
      `export runs/blobs -o ${place}`,
      `export runs/blobs --format keras -o ${place}`,
      `report runs/blobs -o ${place}`,
      `data blobs.yaml -o ${place}`,
      `train blobs.yaml -q --backend wasm --out ${place}`,
    ]),
    'compile blobs.yaml -o file',
    'train blobs.yaml -q --backend wasm --out dangling',
    'train blobs.yaml -q --backend wasm --run dangling',
    'export runs/blobs -o dangling',
    'report runs/blobs -o no/page.html',
    'check loop.yaml',
    'check file/x.yaml',
    'summary folder.yaml',
    'train folder.yaml',
    `check ${'x'.repeat(300)}.yaml`,
    'predict runs/blobs loop.yaml',
  ])('%s', async (command) => {
    const { code, stderr } = await callCommand(command.split(' '), { cwd })
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/(^|\n)error: .+\nhelp: .+\n$/) as string,
    })
    expect(stderr).not.toMatch(/^\s+at |E[A-Z]{4,}:|writing-/m)
  })

  it.runIf(process.platform === 'linux').each([
    ['data get mnist -q', 'SHAPEWRIGHT_CACHE'],
    ['setup native --force -q', 'SHAPEWRIGHT_CACHE'],
    ['check blobs.yaml', undefined],
  ])('%s, with a cache folder that cannot be written', async (command, help) => {
    const env = { SHAPEWRIGHT_CACHE: '/proc/x' }
    const { code, stderr } = await callCommand(command.split(' '), { cwd, env })
    if (help === undefined) expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    else expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(help) as string })
    expect(stderr).not.toMatch(/^\s+at |E[A-Z]{4,}:|writing-/m)
  })
})
