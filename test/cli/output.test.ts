/** What commands write never costs a file of somebody else: not without `--force`, and the files of a run not even with it. */
import {
  chmodSync,
  copyFileSync,
  cpSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { callCommand } from './callCommand.ts'
import { runCli } from './runCli.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const spec = (name: string, units = 3) => `name: ${name}
dataset: { synthetic: { shape: [8, 8, 1], classes: 3, train: 60, test: 30 } }
layers:
  - flatten
  - dense: { units: ${units}, activation: softmax }
optimizer: adam
loss: categoricalCrossentropy
training: { epochs: 1, batchSize: 10, seed: 3 }
`
const run = 'runs/blobs'
let [cwd, trained] = ['', '']
const at = (...names: readonly string[]) => join(cwd, ...names)
const call = (command: string) => callCommand(command.split(' '), { cwd })

/** The content of every file below a folder, by its path. */
function contentOf(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted()
  const files = names.filter((name) => lstatSync(join(folder, name)).isFile())
  return Object.fromEntries(files.map((name) => [name, readFileSync(join(folder, name)).toString('base64')]))
}

beforeAll(async () => {
  cwd = trained = temporaryFolder({ 'blobs.yaml': spec('blobs') })
  expect(await call('train blobs.yaml --backend wasm --quiet')).toMatchObject({ code: 0 })
}, 120_000)
beforeEach(() => {
  cwd = temporaryFolder()
  cpSync(trained, cwd, { recursive: true })
})

interface Writing {
  readonly command: string
  readonly files: readonly string[]
}

const writings: readonly Writing[] = [
  { command: `export ${run} -o out`, files: ['model.json', 'weights.bin'] },
  { command: `export ${run} --format keras -o out`, files: ['model.py', 'weights.npz'] },
  {
    command: 'compile blobs.yaml --quiet --project -o out',
    files: ['README.md', 'blobs.ts', 'package.json', 'tsconfig.json', 'wasm-training'],
  },
  { command: `report ${run} -o out/page.html`, files: ['page.html'] },
  { command: 'data blobs.yaml -o out/grid.png', files: ['grid.png'] },
]

it.each([
  { format: 'onnx', file: 'model.onnx' },
  { format: 'pytorch', file: 'model.pt' },
  { format: 'safetensors', file: 'weights.safetensors' },
])(
  'export --format $format replaces its own file, and that of others with --force only',
  { timeout: 240_000 },
  async ({ format, file }) => {
    const command = `export ${run} --format ${format} -o out`
    for (let times = 0; times < 2; times++) expect(await call(command)).toMatchObject({ code: 0 })
    writeFileSync(at('out', file), 'mine')
    expect(await call(command)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('did not write it') as string,
    })
    expect(readFileSync(at('out', file), 'utf8')).toBe('mine')
  },
)

describe.each(writings)('$command', { timeout: 240_000 }, ({ command, files }) => {
  it('keeps every other file of the folder, and replaces its own', async () => {
    mkdirSync(at('out', 'images'), { recursive: true })
    for (const name of ['index.html', '.env', join('images', 'a.png')]) writeFileSync(at('out', name), 'mine')
    for (let times = 0; times < 2; times++) {
      expect(await call(command)).toMatchObject({ code: 0 })
      expect(readdirSync(at('out')).toSorted()).toEqual(['.env', 'images', 'index.html', ...files].toSorted())
      for (const name of ['index.html', '.env', join('images', 'a.png')])
        expect(readFileSync(at('out', name), 'utf8')).toBe('mine')
    }
  })

  it.each(files.slice(0, 2))('changes nothing without --force if %s belongs to someone else', async (name) => {
    mkdirSync(at('out'))
    writeFileSync(at('out', name), 'mine')
    const { code, stderr } = await call(command)
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(
        /^(.*\n)*error: .* exists, and shapewright did not write it\nhelp: .*--force\n$/,
      ) as string,
    })
    expect([readdirSync(at('out')), readFileSync(at('out', name), 'utf8')]).toEqual([[name], 'mine'])
    expect(await call(`${command} --force`)).toMatchObject({ code: 0 })
    expect(readdirSync(at('out')).toSorted()).toEqual(files)
    expect(readFileSync(at('out', name), 'utf8')).not.toBe('mine')
  })

  it(`changes nothing where ${files[0]} is a folder, a link that leads nowhere, or read-only`, async () => {
    const name = files[0]!
    mkdirSync(at('out', name), { recursive: true })
    for (const forced of ['', ' --force']) {
      expect(await call(command + forced)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('it is a folder') as string,
      })
    }
    rmSync(at('out', name), { recursive: true })
    symlinkSync(at('nowhere'), at('out', name))
    expect(await call(command)).toMatchObject({ code: 2 })
    expect([readdirSync(at('out')), lstatSync(at('out', name)).isSymbolicLink()]).toEqual([[name], true])
    rmSync(at('out', name))
    expect(await call(command)).toMatchObject({ code: 0 })
    chmodSync(at('out', name), 0o444)
    // Whatever is the same need not be written.
    const isSame = command.startsWith('compile')
    expect(await call(command)).toMatchObject(
      isSame ? { code: 0 } : { code: 2, stderr: expect.stringContaining('read-only') as string },
    )
  })

  it('writes to the target of its own link', async () => {
    mkdirSync(at('out'))
    expect(await call(command)).toMatchObject({ code: 0 })
    const name = files[0]!
    copyFileSync(at('out', name), at('elsewhere'))
    rmSync(at('out', name))
    symlinkSync('../elsewhere', at('out', name))
    expect(await call(command)).toMatchObject({ code: 0 })
    expect(lstatSync(at('out', name)).isSymbolicLink()).toBe(true)
    expect(readdirSync(cwd).filter((each) => each.includes('writing'))).toEqual([])
  })
})

describe('a signal while files are written', () => {
  it.each<[string, NodeJS.Signals, string[]]>([
    ['compile blobs.yaml', 'SIGINT', ['generated/blobs.ts']],
    ['init other', 'SIGTERM', ['other.yaml']],
    ['check --fix=all typo.yaml blobs.yaml', 'SIGHUP', []],
  ])('%s: %s ends the process once they are complete', async (command, name, files) => {
    const hook = at('hook.cjs')
    writeFileSync(
      hook,
      `const fs = require('node:fs')
const { fsyncSync } = fs
fs.fsyncSync = (file) => (process.kill(process.pid, '${name}'), fsyncSync(file))
require('node:module').syncBuiltinESMExports()
`,
    )
    writeFileSync(at('typo.yaml'), spec('typo').replace('units', 'unit'))
    const before = Object.keys(contentOf(cwd))
    const result = await runCli(command.split(' '), { cwd, nodeArgs: ['--require', hook] })
    expect(result).toMatchObject({ code: null, signal: name })
    const added = Object.keys(contentOf(cwd)).filter((path) => !before.includes(path))
    expect(added.filter((path) => !path.startsWith('generated/wasm-training/'))).toEqual(files)
    if (files.length === 0) expect(readFileSync(at('typo.yaml'), 'utf8')).toBe(spec('typo'))
  })
})

describe('the files of a run', { timeout: 240_000 }, () => {
  it.each([
    `export ${run} -o ${run}`,
    `export ${run} -o ${run}/model`,
    `export ${run} --format keras -o ${run}/.`,
    `compile blobs.yaml -o ${run}`,
    `compile blobs.yaml -o ${run}/checkpoints`,
    `report ${run} -o ${run}/spec.yaml`,
    `report ${run} -o ${run}/model/model.json`,
    `data blobs.yaml -o ${run}/metrics.jsonl`,
    `export ${run} -o linked`,
  ])('stay even with --force: %s', async (command) => {
    symlinkSync(run, at('linked'))
    const before = contentOf(at(run))
    for (const forced of [' --force']) {
      const { code, stderr } = await call(command + forced)
      expect({ code, stderr }).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/error: .*run.*\nhelp: /) as string,
      })
      expect(contentOf(at(run))).toEqual(before)
    }
  })

  it('do not keep an export out of the folders around', async () => {
    const before = contentOf(at(run))
    expect(await call(`export ${run} -o .`)).toMatchObject({ code: 0, stdout: 'model.json\nweights.bin\n' })
    expect(await call(`export ${run} -o runs`)).toMatchObject({ code: 0 })
    expect(await call(`export ${run}`)).toMatchObject({ code: 0 })
    expect(await call(`export ${run}`)).toMatchObject({ code: 0 })
    expect(readdirSync(at(run, 'export', 'tfjs')).toSorted()).toEqual(['model.json', 'weights.bin'])
    rmSync(at(run, 'export'), { recursive: true })
    expect([contentOf(at(run)), readFileSync(at('blobs.yaml'), 'utf8')]).toEqual([before, spec('blobs')])
  })
})

it.each(['export runs/blobs -o file', 'export runs/blobs --format keras -o file', 'compile blobs.yaml -o file'])(
  '%s, which is a file, changes nothing',
  async (command) => {
    writeFileSync(at('file'), 'mine')
    for (const forced of ['', ' --force']) {
      const { code, stderr } = await call(command + forced)
      expect({ code, stderr }).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(
          /error: file cannot be used for the output: it is a file, not a folder\.\nhelp: .*-o/,
        ) as string,
      })
      expect(readFileSync(at('file'), 'utf8')).toBe('mine')
    }
  },
)

it('weights that were replaced since the export belong to someone else', async () => {
  expect(await call(`export ${run} -o out`)).toMatchObject({ code: 0 })
  writeFileSync(at('out', 'weights.bin'), 'mine')
  expect(await call(`export ${run} -o out`)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('weights.bin exists, and shapewright did not write it') as string,
  })
  expect(readFileSync(at('out', 'weights.bin'), 'utf8')).toBe('mine')
})

it('a model saved by TensorFlow.js, and a WebAssembly module, belong to someone else', async () => {
  mkdirSync(at('out'))
  copyFileSync(at(run, 'model', 'model.json'), at('out', 'model.json'))
  mkdirSync(at('out', 'wasm-training'))
  writeFileSync(at('out', 'wasm-training', 'trainingKernels.wasm'), Buffer.from('0061736d01000000', 'hex'))
  expect(await call(`export ${run} -o out`)).toMatchObject({ code: 2 })
  expect(await call('compile blobs.yaml -o out')).toMatchObject({ code: 2 })
  expect(readdirSync(at('out')).toSorted()).toEqual(['model.json', 'wasm-training'])
  expect(readdirSync(at('out', 'wasm-training'))).toEqual(['trainingKernels.wasm'])
})

describe('init', () => {
  it('replaces a spec with --force only', async () => {
    expect(await call('init blobs')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('already exists') as string,
    })
    expect(readFileSync(at('blobs.yaml'), 'utf8')).toBe(spec('blobs'))
    expect(await call('init blobs --force')).toMatchObject({ code: 0 })
    expect(readFileSync(at('blobs.yaml'), 'utf8')).not.toBe(spec('blobs'))
  })
})

describe('compile of specs that would be written to one file', () => {
  it.each([
    ['equal names', 'net', 'net'],
    ['names that differ in case', 'net', 'Net'],
  ])('%s: an error that names both, before anything is written', async (_what, one, other) => {
    mkdirSync(at('specs', 'deep'), { recursive: true })
    writeFileSync(at('specs', 'a.yaml'), spec(one))
    writeFileSync(at('specs', 'deep', 'b.yaml'), spec(other))
    writeFileSync(at('specs', 'c.yaml'), spec('third'))
    const [a, b] = [join('specs', 'a.yaml'), join('specs', 'deep', 'b.yaml')]
    for (const flags of ['', ' --check', ' --force --format js']) {
      const { code, stderr, stdout } = await call(`compile specs -o out${flags}`)
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toContain(`error: ${a} and ${b} would both be written to `)
      expect(readdirSync(cwd)).not.toContain('out')
    }
  })

  it('scripts with different names share the files beside them', async () => {
    writeFileSync(at('b.yaml'), spec('other', 3))
    expect(await call('compile blobs.yaml b.yaml -o out')).toMatchObject({ code: 0 })
    expect(readdirSync(at('out')).toSorted()).toEqual(['blobs.ts', 'other.ts', 'wasm-training'])
    expect(await call('compile blobs.yaml b.yaml -o out --check')).toMatchObject({ code: 0 })
  })
})

describe('compile --check', () => {
  it('tells missing from stale scripts', async () => {
    const check = async () => (await call('compile blobs.yaml --single-file -o out --check')).stdout
    expect(await check()).toBe(`missing: ${join('out', 'blobs.ts')}\n`)
    await call('compile blobs.yaml -o out --format ts')
    expect(await check()).toBe(`stale: ${join('out', 'blobs.ts')}\n`)
  })

  it('ignores line endings in specs, scripts and projects, but not in binaries', async () => {
    const withCarriageReturns = (path: string) =>
      writeFileSync(at(path), readFileSync(at(path), 'utf8').replaceAll('\n', '\r\n'))
    expect(await call('compile blobs.yaml --project -o out')).toMatchObject({ code: 0 })
    for (const name of ['blobs.yaml', 'out/blobs.ts', 'out/package.json', 'out/README.md', 'out/tsconfig.json'])
      withCarriageReturns(name)
    const changed = contentOf(at('out'))
    expect(await call('compile blobs.yaml --project -o out --check')).toMatchObject({ code: 0, stdout: '' })
    expect(await call('compile blobs.yaml --project -o out')).toMatchObject({ code: 0 })
    expect(contentOf(at('out'))).toEqual(changed)
    // They are still known as ours.
    writeFileSync(at('blobs.yaml'), spec('blobs').replace('adam', 'sgd').replaceAll('\n', '\r\n'))
    expect(await call('compile blobs.yaml --project -o out --check')).toMatchObject({ code: 1 })
    expect(await call('compile blobs.yaml --project -o out')).toMatchObject({ code: 0 })
    expect(readFileSync(at('out', 'blobs.ts'), 'utf8')).not.toContain('\r')
    writeFileSync(
      at('out', 'wasm-training', 'trainingKernels.wasm'),
      Buffer.concat([readFileSync(at('out', 'wasm-training', 'trainingKernels.wasm')), Buffer.from('\r\n')]),
    )
    expect(await call('compile blobs.yaml --project -o out --check')).toMatchObject({ code: 1 })
  })
})

describe('check --fix', () => {
  it('keeps symbolic links, hard links and modes', async () => {
    const broken = spec('blobs').replace('epochs:', 'epoch:')
    mkdirSync(at('shared'))
    writeFileSync(at('shared', 'net.yaml'), broken)
    chmodSync(at('shared', 'net.yaml'), 0o640)
    symlinkSync(join('shared', 'net.yaml'), at('link.yaml'))
    expect(await call('check --fix link.yaml')).toMatchObject({ code: 0 })
    expect([lstatSync(at('link.yaml')).isSymbolicLink(), readFileSync(at('shared', 'net.yaml'), 'utf8')]).toEqual([
      true,
      spec('blobs'),
    ])
    expect(statSync(at('shared', 'net.yaml')).mode & 0o7777).toBe(0o640)
  })

  it('changes no read-only file', async () => {
    writeFileSync(at('net.yaml'), spec('blobs').replace('epochs:', 'epoch:'))
    chmodSync(at('net.yaml'), 0o444)
    expect(await call('check --fix net.yaml')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /^error: net\.yaml cannot be written: it is read-only\.\nhelp: .*chmod u\+w/,
      ) as string,
    })
    expect(readFileSync(at('net.yaml'), 'utf8')).toContain('epoch:')
  })
})
