/** Runs that are killed at each moment of their beginning: their folders are trained in as if nothing had been. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { callCommand } from './callCommand.ts'
import { runCli } from './runCli.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const spec = `name: net
dataset: { synthetic: { shape: [4], classes: 2, train: 40, test: 10 } }
layers:
  - dense: { units: 2, activation: softmax }
optimizer: adam
loss: categoricalCrossentropy
training: { epochs: 1, batchSize: 10, seed: 3 }
`
const other = spec.replace('batchSize: 10', 'batchSize: 5')
const cwd = temporaryFolder({ 'net.yaml': spec, 'other.yaml': other })
/** Kills the process before the change of the file system below `runs` with this number. */
const killer = join(cwd, 'killer.cjs')
writeFileSync(
  killer,
  `const fs = require('node:fs')
let left = Number(process.env.KILL_AT)
for (const [holder, names] of [
  [fs, ['openSync', 'mkdirSync', 'renameSync', 'writeSync', 'rmSync']],
  [fs.promises, ['open', 'mkdir', 'rename', 'appendFile', 'writeFile', 'rm']],
]) {
  for (const name of names) {
    const original = holder[name]
    holder[name] = (path, ...rest) => {
      const isOurs = typeof path === 'number' || /runs/.test(String(path))
      const isRead = /^open/.test(name) && String(rest[0] ?? 'r') === 'r'
      if (isOurs && !isRead && left-- === 0) process.kill(process.pid, 'SIGKILL')
      return original.call(holder, path, ...rest)
    }
  }
}
require('node:module').syncBuiltinESMExports()
`,
)

const call = (...args: readonly string[]) => callCommand([...args, '--backend', 'cpu'], { cwd })
const digestIn = (stdout: string) => /weights sha256: (\w+)/.exec(stdout)?.[1]

describe('a run that was killed at its beginning', { timeout: 300_000 }, () => {
  it('starts again in its folder, whatever it contains, and does not block its name', async () => {
    const whole = await call('train', 'net.yaml', '--out', 'whole')
    expect(whole).toMatchObject({ code: 0 })
    let isBegun = false
    // Every other point, each by one of three ways in turn: all of them take minutes.
    for (let point = 0; !isBegun; point += 2) {
      const out = join('runs', `${point}`)
      const folder = join(out, 'net')
      const killed = await runCli(['train', 'net.yaml', '--out', out, '--backend', 'cpu'], {
        cwd,
        nodeArgs: ['--require', killer],
        env: { KILL_AT: `${point}` },
      })
      expect(killed.signal).toBe('SIGKILL')
      isBegun = existsSync(join(cwd, folder, 'environment.json'))
      mkdirSync(join(cwd, folder), { recursive: true })
      const way = isBegun
        ? ['--run', folder]
        : [
            ['--run', folder],
            ['--resume', folder],
            ['--out', out],
          ][(point / 2) % 3]!
      const { code, stdout, stderr } = await call('train', 'net.yaml', ...way)
      expect({ point, code, stderr }).toMatchObject({ code: 0 })
      expect(digestIn(stdout)).toBe(digestIn(whole.stdout))
      expect(readdirSync(join(cwd, out))).toEqual(['net'])
      expect(readdirSync(join(cwd, folder)).filter((name) => /writing|lock/.test(name))).toEqual([])
    }
  })
})

describe('train --run', { timeout: 120_000 }, () => {
  it('trains into the folder, and reports a finished run', async () => {
    const begun = await call('train', 'net.yaml', '--run', 'deep/here')
    expect(begun).toMatchObject({ code: 0, stdout: expect.stringContaining('saved in deep/here\n') })
    const before = readFileSync(join(cwd, 'deep/here/manifest.json'), 'utf8')
    const again = await call('train', 'net.yaml', '--run', 'deep/here')
    expect(again).toMatchObject({ code: 0, stdout: 'saved in deep/here\n' })
    expect(again.stderr).toContain('deep/here contains a finished run of 1 epoch. To resume it, raise --epochs.\n')
    expect(readFileSync(join(cwd, 'deep/here/manifest.json'), 'utf8')).toBe(before)
    const further = await call('train', '--run', 'deep/here', '--epochs', '2')
    expect(further).toMatchObject({ code: 0, stderr: expect.stringContaining('after 1 epoch.') })
    const whole = await call('train', 'net.yaml', '--epochs', '2', '--out', 'two')
    expect(digestIn(further.stdout)).toBe(digestIn(whole.stdout))
  })

  it('resumes a run that was interrupted', async () => {
    const args = ['train', 'net.yaml', '--run', 'long', '--epochs', '400', '--backend', 'cpu']
    expect(await runCli(args, { cwd, interruptAt: /Epoch 2\// })).toMatchObject({ code: 130 })
    const resumed = await callCommand(args, { cwd })
    expect(resumed).toMatchObject({ code: 0, stderr: expect.stringMatching(/^Resuming from /) })
  })

  it.each([
    ['a folder with files of others', (path: string) => writeFileSync(join(path, 'notes.txt'), 'mine'), 'net.yaml'],
    [
      'a manifest of others',
      (path: string) => writeFileSync(join(path, 'manifest.json'), '{"name":"app"}'),
      'net.yaml',
    ],
    ['a spec of others', (path: string) => writeFileSync(join(path, 'spec.yaml'), 'mine'), 'net.yaml'],
  ])('refuses %s, and changes nothing', async (title, prepare, file) => {
    const folder = join(cwd, title)
    mkdirSync(folder)
    prepare(folder)
    const [name = ''] = readdirSync(folder)
    const before = readFileSync(join(folder, name), 'utf8')
    const { code, stderr } = await call('train', file, '--run', title)
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/^error: .* contains files that do not belong to a run\nhelp: /),
    })
    expect(readdirSync(folder)).toEqual([name])
    expect(readFileSync(join(folder, name), 'utf8')).toBe(before)
  })

  it('refuses another spec, a file, and --resume', async () => {
    expect(await call('train', 'net.yaml', '--run', 'fixed')).toMatchObject({ code: 0 })
    const changed = await call('train', 'other.yaml', '--run', 'fixed')
    expect(changed).toMatchObject({ code: 2, stderr: expect.stringContaining('training/batchSize: 10 → 5') })
    const file = await call('train', 'net.yaml', '--run', 'net.yaml')
    expect(file).toMatchObject({ code: 2, stderr: expect.stringMatching(/^error: net\.yaml /) })
    expect(await call('train', 'net.yaml', '--run', 'x', '--resume')).toMatchObject({ code: 2 })
    expect(existsSync(join(cwd, 'x'))).toBe(false)
  })

  it('pauses after an epoch with --stop-after, and resumes as if it had not paused, with the schedule of the whole run', async () => {
    const extra = 'epochs: 4, schedule: { cosine: { alpha: 0.1 } }, callbacks: [{ checkpoint: { every: 3 } }]'
    const long = spec.replace('epochs: 1', extra)
    writeFileSync(join(cwd, 'long.yaml'), long)
    const whole = await call('train', 'long.yaml', '--out', 'at-once')
    const args = ['train', 'long.yaml', '--run', 'paused']
    const paused = await call(...args, '--stop-after', '1')
    expect(paused).toMatchObject({ code: 0, stdout: expect.not.stringContaining('test ') })
    expect(paused.stderr).toMatch(/\ncontinue: shapewright train --resume paused\n$/)
    expect(existsSync(join(cwd, 'paused/evaluation.json'))).toBe(false)
    expect(await call(...args, '--stop-after', '2')).toMatchObject({
      stderr: expect.stringContaining('after 1 epoch.'),
    })
    const again = await call(...args, '--stop-after', '2')
    expect(again).toMatchObject({ code: 0, stderr: expect.stringContaining('after 2 epochs.') })
    const finished = await call(...args, '--stop-after', '9')
    expect(finished.stderr).not.toContain('continue:')
    expect(finished.stdout).toBe(whole.stdout.replace('at-once/net', 'paused'))
    expect(readFileSync(join(cwd, 'paused/metrics.jsonl'), 'utf8').trim().split('\n')).toHaveLength(4)
  })

  it('leaves no folder if the spec has errors', async () => {
    writeFileSync(join(cwd, 'broken.yaml'), spec.replace('units: 2', 'units: two'))
    expect(await call('train', 'broken.yaml', '--run', 'broken')).toMatchObject({ code: 1 })
    expect(existsSync(join(cwd, 'broken'))).toBe(false)
  })
})

describe('train --name', { timeout: 60_000 }, () => {
  it('names the folder and the run', async () => {
    expect(await call('train', 'net.yaml', '--name', 'wide')).toMatchObject({
      code: 0,
      stdout: /saved in runs\/wide\n/,
    })
    const { stdout } = await callCommand(['runs', '--format', 'json'], { cwd })
    expect(JSON.parse(stdout)).toMatchObject({ runs: [{ folder: 'runs/wide', name: 'wide' }] })
    const resumed = await call('train', 'net.yaml', '--name', 'wide', '--resume', '--epochs', '2')
    expect(resumed).toMatchObject({ code: 0, stdout: expect.stringContaining('saved in runs/wide\n') })
    expect(await call('evaluate', 'runs/wide')).toMatchObject({ code: 0 })
  })

  it('refuses a name that is too long for a folder, and says so', async () => {
    const { code, stderr } = await call('train', 'net.yaml', '--name', 'n'.repeat(300), '--quiet')
    expect(code).toBe(2)
    expect(stderr).toMatch(/n: the name is too long\.\nhelp: Choose a shorter name with --name\.\n$/)
  })

  it.each(['a b', '../up', '', '7'])('refuses %o', async (name) => {
    const { code, stderr } = await call('train', 'net.yaml', '--name', name)
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/^error: --name must be a letter, .*\nhelp: /),
    })
  })
})
