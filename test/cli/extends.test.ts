/** Specs that extend others, in the commands that take a spec: what they read, what they keep, and what they leave alone. */
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { callCommand } from './callCommand.ts'
import { runCli } from './runCli.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const base = `abstract: true
vars: { units: 8 }
dataset: { synthetic: { shape: [4], train: 32, test: 16, classes: 3 } }
layers:
  - dense: { units: $units, activation: relu }
  - dense: { name: head, units: 3, activation: softmax }
optimizer: sgd
loss: categoricalCrossentropy
training: { epochs: 1, batchSize: 16, seed: 1 }
`
const child = 'extends: ./shared/base.yaml\nname: net\nvars: { units: 5 }\n'

/** A folder with a spec and its parent. */
function createFolder(files: Readonly<Record<string, string>> = {}): string {
  return temporaryFolder({ 'net.yaml': child, 'shared/base.yaml': base, ...files })
}

const run = (folder: string, ...args: string[]) => callCommand(args, { cwd: folder })

describe('a spec that extends another', () => {
  it.each([
    [['check', 'net.yaml'], 0, '43 parameters'],
    [['check', '.'], 0, 'ok net.yaml'],
    [['check', 'net.yaml', '--set', 'layers.head.useBias=false'], 0, '40 parameters'],
    [['expand', 'net.yaml'], 0, 'dense: { units: 5, activation: relu } # shared/base.yaml:5'],
    [['summary', 'net.yaml'], 0, '(batch, 5)'],
    [['diff', 'net.yaml', 'net.yaml', '--set', 'vars.units=6'], 0, ''],
    [['check', 'shared/base.yaml'], 0, '67 parameters'],
    [['expand', 'shared/base.yaml'], 0, 'abstract: true\ndataset:'],
  ])('%j', async (args, code, text) => {
    const result = await run(createFolder(), ...args)
    expect(result.stdout, result.stderr).toContain(text)
    expect(result.code).toBe(code)
  })

  it.each([
    ['train', ['train', 'shared/base.yaml'], 'shared/base.yaml is abstract, so it cannot be trained'],
    ['compile', ['compile', 'shared/base.yaml', '-o', 'out'], 'shared/base.yaml is abstract, so it cannot be compiled'],
  ])('abstract is refused by %s', async (_command, args, message) => {
    const { code, stderr } = await run(createFolder(), ...args)
    expect(stderr).toContain(message)
    expect(stderr).toContain('write a spec that extends it')
    expect(code).toBe(2)
  })

  it('is compiled with its other specs, and the abstract ones are left out', async () => {
    const folder = createFolder()
    const { code, stdout, stderr } = await run(folder, 'compile', '.', '-o', 'out')
    expect(stderr).toContain('skipped shared/base.yaml: it is abstract')
    expect(stdout).toBe('out/net.ts\n')
    expect(code).toBe(0)
    const before = readFileSync(join(folder, 'out/net.ts'), 'utf8')
    writeFileSync(join(folder, 'shared/base.yaml'), `${base}# changed\n`)
    expect((await run(folder, 'compile', 'net.yaml', '-o', 'out', '--check')).stdout).toBe('stale: out/net.ts\n')
    expect(before).toContain('units: 5')
  })

  it('keeps its plain spec in a run, which resumes after the parent has changed', async () => {
    const folder = createFolder()
    const trained = await run(folder, 'train', 'net.yaml', '--backend', 'cpu', '--run', 'runs/a')
    expect(trained.code, trained.stderr).toBe(0)
    const kept = readFileSync(join(folder, 'runs/a/spec.yaml'), 'utf8')
    expect(kept).toContain('dense: { units: 5, activation: relu }')
    expect(kept).not.toContain('extends')
    writeFileSync(join(folder, 'shared/base.yaml'), 'name: something else\n')
    const resumed = await run(folder, 'train', '--resume', 'runs/a', '--backend', 'cpu', '--epochs', '2')
    expect(resumed.code, resumed.stderr).toBe(0)
  })
})

describe('a mistake in a parent', () => {
  const broken = { 'shared/base.yaml': base.replace('epochs', 'epoch') }

  it('is shown in its file, and is not fixed there', async () => {
    const folder = createFolder({ ...broken, 'net.yaml': `${child}metrics: [acuracy]\n` })
    const { code, stdout, stderr } = await run(folder, 'check', 'net.yaml', '--fix=all')
    expect(stdout).toContain('net.yaml:4: acuracy → accuracy\n')
    expect(stdout).toContain(
      'shared/base.yaml:9: not applied, since only net.yaml is changed: replace `epoch` with `epochs`',
    )
    expect(stdout).toContain('--> shared/base.yaml:9:')
    expect(stdout).toContain('::: net.yaml:1:')
    expect(stderr).toContain('net.yaml: 1 fix applied')
    expect(code).toBe(1)
    expect(readFileSync(join(folder, 'shared/base.yaml'), 'utf8')).toBe(broken['shared/base.yaml'])
    expect((await run(folder, 'check', 'shared/base.yaml', '--fix')).code).toBe(0)
    expect((await run(folder, 'check', 'net.yaml')).code).toBe(0)
  })

  it('names its file in JSON', async () => {
    const { stdout } = await run(createFolder(broken), 'check', 'net.yaml', '--format', 'json')
    const [{ diagnostics }] = JSON.parse(stdout).files
    const [{ range, related, fixes }] = diagnostics
    expect([range.file, range.start.line]).toEqual(['shared/base.yaml', 9])
    expect(related.map((one: { range: { file: string } }) => one.range.file)).toEqual(['net.yaml'])
    expect(fixes[0].edits[0].range.file).toBe('shared/base.yaml')
  })

  it('names its file in SARIF', async () => {
    const { stdout } = await run(createFolder(broken), 'check', 'net.yaml', '--format', 'sarif')
    const [result] = JSON.parse(stdout).runs[0].results
    expect(result.locations[0].physicalLocation.artifactLocation.uri).toBe('shared/base.yaml')
    expect(result.fixes[0].artifactChanges[0].artifactLocation.uri).toBe('shared/base.yaml')
  })

  it('that is undone is noticed by --watch', async () => {
    const folder = createFolder(broken)
    const file = join(folder, 'shared/base.yaml')
    setTimeout(() => writeFileSync(file, base), 3000)
    const { stdout } = await runCli(['check', 'net.yaml', '--watch'], {
      cwd: folder,
      interruptAt: /watching[^]*watching/,
    })
    expect(stdout).toMatch(/shared\/base\.yaml:9[^]*ok net\.yaml/)
  })
})

describe('hostile parents end quickly, with a diagnostic', () => {
  it.each([
    ['a device', { 'net.yaml': 'extends: /dev/zero\nname: net\n' }, 'compose/bad-parent'],
    ['a folder', { 'net.yaml': 'extends: ./shared\nname: net\n' }, 'compose/bad-parent'],
    [
      'a file that is not text',
      { 'shared/base.yaml': Buffer.from([0xff, 0xfe, 0, 0, 1]).toString('latin1') },
      'source/',
    ],
    ['an empty file', { 'shared/base.yaml': '' }, 'source/not-a-map'],
  ])('%s', async (_title, files, code) => {
    const result = await run(createFolder(files as Record<string, string>), 'check', 'net.yaml')
    expect(result.stdout).toContain(code)
    expect(result.code).toBe(1)
  })

  it('bytes that are not UTF-8', async () => {
    const folder = createFolder()
    writeFileSync(join(folder, 'shared/base.yaml'), Buffer.from([0x61, 0xff, 0xfe]))
    expect((await run(folder, 'check', 'net.yaml')).stdout).toContain('shared/base.yaml is not UTF-8 text')
  })

  it.each(['check', 'train'])('ten thousand parents, with %s', async (command) => {
    const folder = createFolder()
    for (let index = 0; index < 10_000; index += 1)
      writeFileSync(join(folder, `p${index}.yaml`), `extends: p${index + 1}.yaml\n`)
    const { code, stdout, stderr } = await run(folder, command, 'p0.yaml')
    expect(stdout + stderr).toContain('compose/too-large')
    expect(code).toBe(1)
  })

  it('a link to itself', async () => {
    const folder = createFolder({ 'net.yaml': 'extends: ./link.yaml\nname: net\n' })
    symlinkSync('net.yaml', join(folder, 'link.yaml'))
    expect((await run(folder, 'check', 'net.yaml')).stdout).toContain('compose/cycle')
  })

  it('a folder that links to itself', async () => {
    const folder = createFolder({ 'net.yaml': 'extends: ./loop/net.yaml\nname: net\n' })
    symlinkSync('.', join(folder, 'loop'))
    expect((await run(folder, 'check', 'net.yaml')).stdout).toContain('compose/too-large')
  })
})
