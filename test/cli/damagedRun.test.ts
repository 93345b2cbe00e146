/** A run whose files are not as they were written: every command that reads one of them says which, and what to do. */
import { cpSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { bytesOf, writeNpy } from '../runtime/formats/npyFixture.ts'
import { callCommand } from './callCommand.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const spec = `name: net
dataset: { synthetic: { shape: [4], classes: 2, train: 40, test: 10 } }
layers:
  - dense: { units: 2, activation: softmax }
optimizer: adam
loss: categoricalCrossentropy
metrics: [accuracy]
training: { epochs: 2, batchSize: 10, seed: 3, callbacks: [{ checkpoint: { keep: best, monitor: loss } }] }
`
const cwd = temporaryFolder({ 'net.yaml': spec })
const result = ['metrics.jsonl', 'evaluation.json', 'inspection.json']
const description = ['manifest.json', 'spec.yaml', 'resolved.json', 'environment.json']
const model = ['model/model.json', 'model/weights.bin']
const commands: readonly [command: string, args: (run: string) => readonly string[], reads: readonly string[]][] = [
  ['evaluate', (run) => ['evaluate', run, '--backend', 'cpu'], [...description, ...model]],
  ['predict', (run) => ['predict', run, 'two.npy', '--backend', 'cpu'], [...description, ...model]],
  ['export', (run) => ['export', run, '-o', join(run, 'out')], [...description, ...model]],
  ['report', (run) => ['report', run, '-o', 'page.html'], [...description, ...result, 'model/model.json']],
  ['runs', (run) => ['runs', join(run, '..')], [...description, ...result, 'model/model.json']],
  ['diff', (run) => ['diff', 'net.yaml', run], [...description, ...result, 'model/model.json']],
  ['train --resume', (run) => ['train', '--resume', run, '--epochs', '3', '--backend', 'cpu'], description],
]
const damages: readonly [damage: string, apply: (path: string) => void][] = [
  [
    'flipped bit',
    (path) => {
      const bytes = readFileSync(path)
      const place = Math.floor(bytes.length / 2)
      bytes[place]! ^= 4
      writeFileSync(path, bytes)
    },
  ],
  ['cut', (path) => truncateSync(path, Math.floor(readFileSync(path).length / 2))],
  ['missing', (path) => rmSync(path)],
  ['empty', (path) => truncateSync(path, 0)],
]
/** Every other file with each command, the damages in turn: all of them together take minutes. */
const cases = commands.flatMap(([command, args, reads], row) =>
  reads.flatMap((file, column) => {
    const [damage, apply] = damages[(row + column) % damages.length]!
    return (row + column) % 2 === 0 || file === 'model/weights.bin' ? [{ command, args, file, damage, apply }] : []
  }),
)

const call = (...args: readonly string[]) => callCommand(args, { cwd })
let copies = 0

function copyRun(): string {
  const folder = join('copies', `${copies++}`, 'net')
  cpSync(join(cwd, 'runs', 'net'), join(cwd, folder), { recursive: true })
  return folder
}

beforeAll(async () => {
  writeFileSync(join(cwd, 'two.npy'), writeNpy('<f4', [2, 4], bytesOf(new Float32Array(8))))
  expect(await call('train', 'net.yaml', '--backend', 'cpu', '--quiet')).toMatchObject({ code: 0, stderr: '' })
}, 120_000)

describe('a damaged run', { timeout: 120_000 }, () => {
  it.each(cases)('$command, $file: $damage', async ({ args, file, apply }) => {
    const run = copyRun()
    apply(join(cwd, run, file))
    const { code, stdout, stderr } = await call(...args(run))
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(
        new RegExp(`^error: ${join(run, file)} is (damaged|missing).*\\.?\nhelp: .*\n$`, 'm'),
      ),
    })
    expect(stderr).not.toMatch(/^\s+at /m)
    expect(stdout).not.toMatch(/loss|accuracy|│ copies/)
  })

  it.each(model)('can be resumed, and its checkpoints used, if %s is damaged', async (file) => {
    const run = copyRun()
    damages[0]![1](join(cwd, run, file))
    expect(await call('evaluate', run, '--checkpoint', 'best', '--backend', 'cpu')).toMatchObject({
      code: file === 'model/weights.bin' ? 0 : 2,
    })
    expect(await call('train', '--resume', run, '--backend', 'cpu')).toMatchObject({ code: 0 })
    const { code, stdout } = await call('evaluate', run, '--backend', 'cpu')
    expect({ code, stdout }).toEqual(pickResult(await call('evaluate', 'runs/net', '--backend', 'cpu')))
  })

  it.each(result)('gets %s back by being resumed', async (file) => {
    const run = copyRun()
    rmSync(join(cwd, run, file))
    expect(await call('train', '--resume', run, '--backend', 'cpu')).toMatchObject({ code: 0 })
    expect(await call('report', run)).toMatchObject({ code: 0 })
  })

  it('has its checkpoints verified by themselves', async () => {
    const run = copyRun()
    for (const name of readdirSync(join(cwd, run, 'checkpoints'))) damages[0]![1](join(cwd, run, 'checkpoints', name))
    const { code, stderr } = await call('evaluate', run, '--checkpoint', 'best', '--backend', 'cpu')
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/best\.safetensors is damaged: /) })
    const resumed = await call('train', '--resume', run, '--backend', 'cpu')
    expect(resumed).toMatchObject({ code: 0, stderr: expect.stringContaining('the run starts from the beginning') })
  })

  it('of an earlier version, without a manifest, is read with a note that it is unverified', async () => {
    const run = copyRun()
    rmSync(join(cwd, run, 'manifest.json'))
    const path = join(cwd, run, 'environment.json')
    const { manifest: _name, ...environment } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
    writeFileSync(path, JSON.stringify(environment))
    const { code, stdout, stderr } = await call('evaluate', run, '--backend', 'cpu')
    expect({ code, stdout }).toEqual(pickResult(await call('evaluate', 'runs/net', '--backend', 'cpu')))
    expect(stderr).toContain(`${run} was created by a version without checksums, so its files are not verified.\n`)
  })
})

function pickResult({ code, stdout }: { readonly code: number | null; readonly stdout: string }) {
  return { code, stdout }
}
