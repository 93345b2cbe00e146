/** Runs that are gone on with from the command line, wherever their spec and their data are by then. */
import { cpSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { writeImages } from '../runtime/datasets/imageFixture.ts'
import { callCommand } from './callCommand.ts'
import { runCli } from './runCli.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const cwd = temporaryFolder()
const call = (...args: readonly string[]) => callCommand([...args, '--backend', 'cpu'], { cwd })

const spec = (dataset: string, layers: string) => `name: net
dataset: ${dataset}
layers:${layers}
  - dense: { units: 2, activation: softmax }
optimizer: adam
loss: categoricalCrossentropy
training: { epochs: 2, batchSize: 4, seed: 3 }
`
const dense = spec('{ csv: { path: data/rows.csv, label: kind, testSplit: 0.25 } }', '')
const pictures = spec('{ imageFolder: { path: data/pictures } }', '\n  - flatten')

/** A folder for specs, `specs`, and beside it one that has the data: the specs say that they are elsewhere. */
beforeAll(async () => {
  const rows = Array.from({ length: 40 }, (_, row) => `${row % 7},${row % 3},${row % 2 === 0 ? 'even' : 'odd'}`)
  for (const folder of ['specs', 'disk']) mkdirSync(join(cwd, folder))
  writeFileSync(join(cwd, 'disk', 'rows.csv'), `a,b,kind\n${rows.join('\n')}\n`)
  const names = ['cat', 'dog'].flatMap((name) => [1, 2, 3, 4, 5, 6].map((number) => `${name}/${number}.png`))
  await writeImages(join(cwd, 'disk', 'pictures'), names)
  writeFileSync(join(cwd, 'specs', 'rows.yaml'), dense.replace('net', 'rows'))
  writeFileSync(join(cwd, 'specs', 'pictures.yaml'), pictures.replace('net', 'pictures'))
})

const digestIn = (stdout: string) => /weights sha256: (\w+)/.exec(stdout)?.[1]

describe.each([
  ['csv', 'rows', 'disk'],
  ['imageFolder', 'pictures', 'disk/pictures'],
])('a run of %s with --data', { timeout: 120_000 }, (_dataset, name, data) => {
  const file = `specs/${name}.yaml`

  it('resumes without --data, as if it had not been stopped', async () => {
    const whole = await call('train', file, '--data', data, '--out', 'whole', '--quiet')
    expect(whole).toMatchObject({ code: 0, stderr: '' })
    expect(await call('train', file, '--data', data, '--epochs', '1', '--quiet')).toMatchObject({ code: 0 })
    const resumed = await call('train', file, '--resume', '--epochs', '2')
    expect(resumed).toMatchObject({ code: 0 })
    expect(resumed.stderr).toMatch(/^Resuming from .*, after 1 epoch\.$/m)
    expect(digestIn(resumed.stdout)).toBe(digestIn(whole.stdout))
  })

  it('and by its folder, from another one, with its data elsewhere', async () => {
    const moved = `moved-${name}`
    cpSync(join(cwd, data), join(cwd, moved), { recursive: true })
    const resumed = await callCommand(
      ['train', '--resume', join('..', 'runs', name), '--epochs', '3', '--data', join('..', moved), '--backend', 'cpu'],
      { cwd: join(cwd, 'specs') },
    )
    expect(resumed).toMatchObject({ code: 0 })
    expect(resumed.stderr).toMatch(/after 2 epochs\./)
    renameSync(join(cwd, moved), join(cwd, `${moved}-again`))
    const lost = await call('train', file, '--resume', '--epochs', '4')
    expect(lost.code).not.toBe(0)
    expect(lost.stderr).toContain(moved)
  })

  it('keeps its files if fewer epochs are requested than are trained', async () => {
    const files = ['resolved.json', 'evaluation.json', 'manifest.json'].map((each) => join(cwd, 'whole', name, each))
    const before = files.map((path) => readFileSync(path, 'utf8'))
    const refused = await call('train', '--resume', join('whole', name), '--epochs', '1')
    expect(refused).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('2 epochs are already trained, but only 1 is requested') as string,
    })
    expect(files.map((path) => readFileSync(path, 'utf8'))).toEqual(before)
  })

  it('is evaluated on them', async () => {
    expect(await call('evaluate', join('whole', name))).toMatchObject({ code: 0, stdout: /test {2}loss: / })
  })

  it('is refused if the spec has changed', async () => {
    const changed = join(cwd, 'specs', `${name}-changed.yaml`)
    const text = name === 'rows' ? dense : pictures
    writeFileSync(changed, text.replace('net', name).replace('batchSize: 4', 'batchSize: 5'))
    const refused = await call('train', changed, '--resume', join('whole', name))
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    expect(refused.stderr).toMatch(/has changed: training\/batchSize: 4 → 5\nhelp: /)
  })
})

it('a run with data at the path of its spec resumes from any folder', { timeout: 60_000 }, async () => {
  mkdirSync(join(cwd, 'specs', 'data'), { recursive: true })
  cpSync(join(cwd, 'disk', 'rows.csv'), join(cwd, 'specs', 'data', 'rows.csv'))
  writeFileSync(join(cwd, 'specs', 'here.yaml'), dense.replace('net', 'here'))
  expect(await call('train', 'specs/here.yaml', '--epochs', '1', '--quiet')).toMatchObject({ code: 0, stderr: '' })
  expect(await call('train', 'specs/here.yaml', '--resume', '--epochs', '2')).toMatchObject({ code: 0 })
  const elsewhere = await callCommand(['train', '--resume', '../runs/here', '--epochs', '3', '--backend', 'cpu'], {
    cwd: join(cwd, 'disk'),
  })
  expect(elsewhere).toMatchObject({ code: 0 })
})

it('a second Ctrl-C ends a run at once, and saved files are complete', { timeout: 120_000 }, async () => {
  const text = dense
    .replace('net', 'twice')
    .replace(
      '{ csv: { path: data/rows.csv, label: kind, testSplit: 0.25 } }',
      '{ synthetic: { shape: [64], classes: 2 } }',
    )
    .replace('epochs: 2, batchSize: 4', 'epochs: 60, batchSize: 20')
  writeFileSync(join(cwd, 'twice.yaml'), text)
  const whole = await runCli(['train', 'twice.yaml', '--backend', 'wasm', '--quiet', '--out', 'whole'], { cwd })
  expect(whole).toMatchObject({ code: 0 })
  const begin = ['train', 'twice.yaml', '--backend', 'wasm']
  const endings: (string | number | null)[] = []
  for (const [index, interruptAgain] of [5, 15, 40, 100].entries()) {
    const args = index === 0 ? begin : [...begin, '--resume']
    // By the third epoch, a checkpoint is there for sure.
    const interruptAt = index === 0 ? /Epoch 3\// : /loss: /
    const { code, signal, stderr } = await runCli(args, { cwd, interruptAt, interruptAgain })
    expect(stderr).not.toMatch(/damaged|error/)
    endings.push(signal ?? code)
  }
  // On a busy machine a signal may come when the run is saved already, or as one with the first.
  expect(endings.every((ending) => ending === 'SIGINT' || ending === 130)).toBe(true)
  expect(endings.filter((ending) => ending === 'SIGINT').length).toBeGreaterThanOrEqual(2)
  const resumed = await callCommand([...begin, '--resume'], { cwd })
  expect(resumed).toMatchObject({ code: 0 })
  expect(resumed.stderr).toMatch(/^Resuming from /)
  expect(digestIn(resumed.stdout)).toBe(digestIn(whole.stdout))
})
