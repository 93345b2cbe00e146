/** What goes wrong around a training run never costs it: a full disk at the end, readers that go away, signals. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { bin, runCli } from './runCli.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const spec = `name: net
dataset: { synthetic: { shape: [4], classes: 2, train: 40, test: 10 } }
layers:
  - dense: { units: 2, activation: softmax }
optimizer: adam
loss: categoricalCrossentropy
training: { epochs: 3, batchSize: 10, seed: 3 }
`
const cwd = temporaryFolder({ 'net.yaml': spec })
const disk = join(cwd, 'disk')
mkdirSync(disk)
const mount = (...args: readonly string[]) => spawnSync('mount', [...args, disk]).status === 0
const canMount = mount('-t', 'tmpfs', '-o', 'size=4m', 'tmpfs')
afterAll(() => {
  if (canMount) spawnSync('umount', [disk])
})

const call = (...args: readonly string[]) => runCli([...args, '--backend', 'cpu'], { cwd })
const digestIn = (stdout: string) => /weights sha256: (\w+)/.exec(stdout)?.[1]

describe('a full disk', { timeout: 240_000 }, () => {
  it.skipIf(!canMount)('ends training with a message, keeps saved files, and leaves no incomplete ones', async () => {
    const whole = await call('train', 'net.yaml', '--out', 'whole')
    const codes = new Set<number | null>()
    for (const size of [4, 28, 40, 52, 64, 84]) {
      for (const name of readdirSync(disk)) spawnSync('rm', ['-rf', join(disk, name)])
      expect(mount('-o', `remount,size=${size}k`)).toBe(true)
      const { code, stdout, stderr } = await call('train', 'net.yaml', '--out', 'disk')
      codes.add(code)
      expect([2, 3], `${size}k: ${stderr}`).toContain(code)
      expect(stderr).toMatch(/^error: .*cannot be (written|saved|created).*: the disk is full\.\nhelp: .*\n$/m)
      expect(stderr).not.toMatch(/^\s+at /m)
      const left = readdirSync(disk, { recursive: true, encoding: 'utf8' })
      expect(left.filter((name) => /writing|run\.lock/.test(name))).toEqual([])
      expect(mount('-o', 'remount,size=4m')).toBe(true)
      if (digestIn(stdout) !== undefined) {
        expect(code).toBe(3)
        expect(digestIn(stdout)).toBe(digestIn(whole.stdout))
        expect(await call('evaluate', 'disk/net')).toMatchObject({ code: 0 })
      }
      const resumed = await call('train', 'net.yaml', '--resume', 'disk/net')
      expect(resumed, `${size}k`).toMatchObject({ code: 0 })
      expect(digestIn(resumed.stdout)).toBe(digestIn(whole.stdout))
    }
    expect([...codes].toSorted()).toEqual([2, 3])
  })
})

const shell = (command: string) => {
  const env = { ...process.env, NO_COLOR: '1', SHAPEWRIGHT: `${process.execPath} ${bin}` }
  return spawnSync('bash', ['-c', command], { cwd, env, encoding: 'utf8' })
}

describe('a reader that closes the output', { timeout: 120_000 }, () => {
  it.each([
    ['both', '2>&1 | head -1'],
    ['both, at once', '2>&1 | true'],
    ['stdout', '| true'],
    ['stderr', '2> >(head -1 >/dev/null) | cat'],
    ['a disk for stdout that is full', '>/dev/full 2>/dev/null | cat'],
    ['a disk for stderr that is full', '2>/dev/full | cat'],
  ])('does not end training: %s', (title, readers) => {
    const folder = `read by ${title}`
    const { stdout, stderr } = shell(
      `$SHAPEWRIGHT train net.yaml --run '${folder}' --backend cpu ${readers}; echo "code \${PIPESTATUS[0]}"`,
    )
    expect(stdout).toMatch(/^code 0$/m)
    expect(stderr).not.toMatch(/error|EPIPE|^\s+at /m)
    for (const file of ['evaluation.json', 'report.html', 'model/weights.bin']) {
      expect(existsSync(join(cwd, folder, file)), file).toBe(true)
    }
    expect(JSON.parse(readFileSync(join(cwd, folder, 'manifest.json'), 'utf8'))).toMatchObject({ state: 'finished' })
  })

  it.each([
    'check net.yaml',
    'summary net.yaml',
    'schema',
    'explain',
    'data net.yaml --stats',
    'train --help',
    'runs .',
  ])('of %s is not a failure', (command) => {
    for (const readers of ['| true', '2>&1 | true', '2> >(true) | true']) {
      const { stdout, stderr } = shell(`$SHAPEWRIGHT ${command} ${readers}; echo "code \${PIPESTATUS[0]}"`)
      expect({ readers, stdout, stderr }).toMatchObject({ stdout: expect.stringMatching(/^code [0-2]$/m) })
      expect(stderr).not.toMatch(/EPIPE|^\s+at /m)
    }
  })
})

describe('train', { timeout: 120_000 }, () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('saves the run on %s', async (signal) => {
    const args = ['train', 'net.yaml', '--backend', 'cpu', '--epochs', '4000', '--run', signal]
    const child = spawn(process.execPath, [bin, ...args], { cwd })
    let [out, err] = ['', '']
    child.stdout.on('data', (chunk) => (out += chunk))
    child.stderr.on('data', (chunk) => {
      if (!err.includes('Epoch 2/') && (err += chunk).includes('Epoch 2/')) child.kill(signal)
    })
    const [code] = (await once(child, 'close')) as [number | null]
    expect({ code, out }).toEqual({ code: 130, out: expect.stringContaining(`saved in ${signal}\n`) })
    expect(await call('evaluate', signal)).toMatchObject({ code: 0 })
  })

  it('takes no more threads than there are cores, says so, and records how many', async () => {
    const cores = availableParallelism()
    writeFileSync(join(cwd, 'many.yaml'), spec.replace('epochs: 3', 'epochs: 1, threads: 64').replace('net', 'many'))
    const expected = new RegExp(
      `^Training in .* threads? instead of (64|2147483647): this machine has ${cores} core`,
      'm',
    )
    for (const options of [['many.yaml'], ['net.yaml', '--threads', '2147483647', '--epochs', '1']]) {
      const { code, stdout, stderr } = await runCli(['train', ...options, '--backend', 'wasm', '--out', 'many'], {
        cwd,
      })
      expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(expected) })
      const folder = /saved in (.*)\n/.exec(stdout)![1]!
      const environment: unknown = JSON.parse(readFileSync(join(cwd, folder, 'environment.json'), 'utf8'))
      expect(environment).toMatchObject({ threads: Math.min(cores, 10), cores })
    }
  })
})
