/** What V8 compiled is kept from one start to the next; whatever happens to its files, `check` answers the same. */
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import module from 'node:module'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { cacheRoot } from '../../src/system/cacheRoot.ts'
import { nativeCacheFolder } from '../../src/setup/nativeCache.ts'
import { cacheFolder } from '../../src/system/cacheFolder.ts'
import { repository, runCli, type CliOptions, type CliResult } from '../cli/runCli.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const spec = join(repository, 'configs/mnist-cnn.yaml')
const check = (cache: string, options: CliOptions = {}) =>
  runCli(['check', spec], { ...options, env: { SHAPEWRIGHT_CACHE: cache, ...options.env } })

// From Node 22 on, the cache is Node's own, and verified by Node.
describe.skipIf('enableCompileCache' in module)('the code cache', () => {
  const cache = temporaryFolder()
  let file: string
  let good: Buffer
  let expected: CliResult

  beforeAll(async () => {
    expected = await check(cache)
    const names = readdirSync(join(cache, 'code'))
    expect(names).toHaveLength(1)
    file = join(cache, 'code', names[0]!)
    good = readFileSync(file)
  })

  const restore = () => {
    rmSync(file, { recursive: true, force: true })
    writeFileSync(file, good)
  }

  /** The same answer, and nothing is left beside the file. */
  async function expectSound(): Promise<void> {
    expect(await check(cache)).toEqual(expected)
    expect(expected).toMatchObject({ code: 0, stderr: '' })
    expect(readdirSync(join(cache, 'code'))).toHaveLength(1)
  }

  const writtenAt = () => statSync(file).mtimeMs

  it('is written once', async () => {
    const before = writtenAt()
    await expectSound()
    expect(writtenAt()).toBe(before)
  })

  it('is written again by the first command that succeeds', async () => {
    const own = temporaryFolder()
    const sizes: number[] = []
    for (const args of [['check'], ['check'], ['check', spec], ['check', spec], ['check']]) {
      await runCli(args, { env: { SHAPEWRIGHT_CACHE: own } })
      const [name, ...others] = readdirSync(join(own, 'code'))
      expect(others).toEqual([])
      sizes.push(statSync(join(own, 'code', name!)).size)
    }
    const [failed, again, succeeded, ...later] = sizes
    expect(again).toBe(failed)
    expect(succeeded).toBeGreaterThan(1.1 * failed!)
    expect(later).toEqual([succeeded, succeeded])
  })

  /** In the checksum, in the head that V8 reads first, and all over its code. */
  const places = [0, 3, 4, 8, 12, 16, 20, 24, 32, 42, 68]
  const spread = Array.from({ length: 12 }, (_none, index) => (index + 0.37) / 12)
  it('is not used if a bit is wrong, and is written again', { timeout: 240_000 }, async () => {
    const all = [...places, ...spread.map((part) => Math.floor(part * good.length)), good.length - 1]
    for (const [index, place] of all.entries()) {
      const damaged = Buffer.from(good)
      damaged[place]! ^= 1 << (index % 8)
      writeFileSync(file, damaged)
      await expectSound()
      expect(readFileSync(file).equals(damaged), `byte ${place}`).toBe(false)
    }
  })

  it('is not used where it was cut or grew', { timeout: 240_000 }, async () => {
    const lengths = [0, 3, 4, 12, 1000, ...[0.1, 0.5].map((part) => Math.floor(part * good.length))]
    for (const length of [...lengths, good.length - 1]) {
      restore()
      truncateSync(file, length)
      await expectSound()
      expect(statSync(file).size, `${length} bytes`).toBeGreaterThan(good.length / 2)
    }
    writeFileSync(file, Buffer.concat([good, Buffer.alloc(8)]))
    await expectSound()
  })

  const strange: readonly (readonly [string, () => void])[] = [
    ['a folder', () => mkdirSync(file)],
    ['a folder that is not empty', () => mkdirSync(join(file, 'inner'), { recursive: true })],
    ['a pipe', () => execFileSync('mkfifo', [file])],
    ['a link to nothing', () => symlinkSync('/nonexistent/file', file)],
    ['a link to itself', () => symlinkSync(file, file)],
    ['a link to a device', () => symlinkSync('/dev/zero', file)],
    ['text', () => writeFileSync(file, 'damaged')],
    ['a file that nobody may read', () => writeFileSync(file, good, { mode: 0 })],
  ]
  it.each(strange)('is not used where its file is %s', async (_what, make) => {
    rmSync(file, { recursive: true, force: true })
    make()
    await expectSound()
    await expectSound()
    restore()
  })

  it('is not used where everybody can write it', async () => {
    chmodSync(file, 0o666)
    const before = writtenAt()
    await expectSound()
    expect(writtenAt()).toBeGreaterThan(before)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    chmodSync(join(cache, 'code'), 0o777)
    rmSync(file)
    expect(await check(cache)).toEqual(expected)
    expect(existsSync(file)).toBe(false)
    chmodSync(join(cache, 'code'), 0o700)
    restore()
  })

  it.skipIf(process.getuid?.() !== 0)('is not used where another user wrote it', async () => {
    chownSync(file, 12345, 12345)
    await expectSound()
    expect(statSync(file).uid).toBe(0)
  })

  it('is written again for other flags of V8', async () => {
    const before = readFileSync(file)
    expect(await check(cache, { nodeArgs: ['--no-opt'] })).toEqual(expected)
    expect(readFileSync(file).equals(before)).toBe(false)
    await expectSound()
  })

  it('ignores modules of the other kind silently', async () => {
    const env = { SHAPEWRIGHT_CACHE: temporaryFolder() }
    for (const args of [['explain'], ['compile', 'configs/mnist-cnn.yaml', '--check', '--quiet']]) {
      expect(await runCli(args, { env })).toMatchObject({ code: 0, stderr: '' })
      expect(await runCli(args, { env })).toMatchObject({ code: 0, stderr: '' })
    }
  })

  it('has the code of help in a file of its own, with few functions', async () => {
    const root = temporaryFolder()
    for (const args of [
      ['check', '--help'],
      ['check', spec],
    ])
      await runCli(args, { env: { SHAPEWRIGHT_CACHE: root } })
    const sizes = readdirSync(join(root, 'code')).map((name) => statSync(join(root, 'code', name)).size)
    const [help, whole] = sizes.toSorted((one, other) => one - other)
    expect(whole).toBeGreaterThan(1.2 * help!)
  })

  it('is not used if its folder cannot be created', async () => {
    const place = join(temporaryFolder(), 'file')
    writeFileSync(place, '')
    for (const root of [place, '/proc/nothing', '/dev/null/x']) expect(await check(root)).toEqual(expected)
    const whole = temporaryFolder()
    symlinkSync('code', join(whole, 'code'))
    expect(await check(whole)).toEqual(expected)
  })

  it('survives two starts at once', async () => {
    rmSync(file)
    const results = await Promise.all([check(cache), check(cache), check(cache)])
    expect(results).toEqual([expected, expected, expected])
    await expectSound()
  })

  it('never goes into the working folder unless that is asked for', async () => {
    const [cwd, home] = [temporaryFolder(), temporaryFolder()]
    const none = { SHAPEWRIGHT_CACHE: '', XDG_CACHE_HOME: '' }
    expect(await runCli(['check', spec], { cwd, env: { ...none, HOME: home } })).toEqual(expected)
    expect(readdirSync(join(home, '.cache/shapewright'))).toEqual(['code'])
    for (const env of [{ HOME: home, XDG_CACHE_HOME: 'relative' }, { HOME: '' }, { HOME: 'relative' }]) {
      expect(await runCli(['check', spec], { cwd, env: { ...none, ...env } })).toEqual(expected)
    }
    expect(readdirSync(cwd)).toEqual([])
    expect(await runCli(['check', spec], { cwd, env: { SHAPEWRIGHT_CACHE: 'mine' } })).toEqual(expected)
    expect(readdirSync(cwd)).toEqual(['mine'])
    renameSync(join(cwd, 'mine'), join(home, 'moved'))
  })
})

describe('the folder of caches', () => {
  it.each([
    [{ SHAPEWRIGHT_CACHE: '/a', XDG_CACHE_HOME: '/x', HOME: '/h' }, '/a'],
    [{ SHAPEWRIGHT_CACHE: 'a', XDG_CACHE_HOME: '/x', HOME: '/h' }, join(process.cwd(), 'a')],
    [{ SHAPEWRIGHT_CACHE: '', XDG_CACHE_HOME: '/x', HOME: '/h' }, '/x/shapewright'],
    [{ SHAPEWRIGHT_CACHE: '', XDG_CACHE_HOME: 'x', HOME: '/h' }, '/h/.cache/shapewright'],
    [{ SHAPEWRIGHT_CACHE: '', XDG_CACHE_HOME: '', HOME: '/h' }, '/h/.cache/shapewright'],
    [{ SHAPEWRIGHT_CACHE: '', XDG_CACHE_HOME: '', HOME: '' }, expect.stringMatching(/^\/.*\.cache\/shapewright$/)],
    [{ SHAPEWRIGHT_CACHE: '', XDG_CACHE_HOME: '', HOME: 'h' }, expect.stringMatching(/^\/.*\.cache\/shapewright$/)],
  ])('of %j is %s', (env, root) => {
    const before = { ...process.env }
    Object.assign(process.env, env)
    try {
      expect(cacheRoot()).toEqual(root)
      expect(cacheFolder('mnist')).toBe(join(cacheRoot(), 'mnist'))
      expect(nativeCacheFolder(undefined)).toBe(join(cacheRoot(), 'native'))
    } finally {
      process.env = before
    }
  })
})
