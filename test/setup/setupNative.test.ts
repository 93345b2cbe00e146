import { access, mkdir, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { probeAddon } from '../../src/setup/probeAddon.ts'
import { setupNative } from '../../src/setup/setupNative.ts'
import type { SetupProgress } from '../../src/setup/setupProgress.ts'
import {
  fakeMachine,
  optionsOf,
  recorder,
  wheelFiles,
  withWrongByte,
  writeFiles,
  zipOf,
  type FakeMachine,
} from './fakeNative.ts'

// A real addon needs a compiler and 565 MB; here it works when it and its libraries are there.
vi.mock('../../src/setup/probeAddon.ts', () => ({
  probeAddon: vi.fn(async (addon: string) => {
    const library = join(dirname(addon), '../../deps/lib/libtensorflow.so')
    try {
      const built = (await readFile(addon, 'utf8')) === 'addon'
      await access(library)
      const record = await readFile(join(dirname(library), '../source.json'), 'utf8')
      return built ? { works: true, version: JSON.parse(record).version } : { works: false, problem: 'it is broken' }
    } catch {
      return { works: false, problem: 'the addon is missing' }
    }
  }),
}))

// A dozen child processes in one test take seconds where other tests load the machine.
vi.setConfig({ testTimeout: 30_000 })

afterEach(() => {
  vi.unstubAllEnvs()
})

const onLinux = process.platform === 'linux' && ['x64', 'arm64'].includes(process.arch)

async function cacheNames(machine: FakeMachine): Promise<readonly string[]> {
  return (await readdir(join(machine.cache, 'native'))).toSorted()
}

const versionFolder = `2.15.1-${process.platform}-${process.arch}`

describe.runIf(onLinux)('setupNative', () => {
  test('sets up from a wheel, unpacks only what is needed and leaves no temporary folder', async () => {
    const machine = await fakeMachine()
    const progress = recorder()
    const result = await setupNative(optionsOf(machine), progress)
    expect(result).toMatchObject({
      action: 'installed',
      libtensorflow: '2.15.1',
      source: 'wheel',
      addonFrom: 'compiled',
    })
    expect(progress.steps).toEqual(['Unpacking libtensorflow 2.15.1', 'Compiling the addon of tfjs-node'])
    expect(progress.last[0]).toBe(progress.last[1])
    expect(await cacheNames(machine)).toEqual([versionFolder])
    const libraries = join(machine.cache, 'native', versionFolder)
    expect(await readlink(join(machine.module, 'deps'))).toBe(libraries)
    expect((await readdir(join(libraries, 'lib'))).toSorted()).toEqual([
      'libtensorflow.so',
      'libtensorflow_cc.so.2',
      'libtensorflow_framework.so',
      'libtensorflow_framework.so.2',
    ])
    const headers = await readdir(join(libraries, 'include'), { recursive: true })
    expect(headers).toContain('tsl/platform/ctstring.h')
    expect(headers.some((name) => name.includes('Eigen'))).toBe(false)
  })

  test('a second run does nothing; after npm ci it relinks from the cache without any tool', async () => {
    const machine = await fakeMachine()
    const { moduleFolder, cacheFolder } = optionsOf(machine)
    await setupNative(optionsOf(machine))
    expect(await setupNative({ moduleFolder, cacheFolder })).toMatchObject({ action: 'none', source: 'wheel' })
    expect(await setupNative(optionsOf(machine))).toMatchObject({ action: 'none' })

    await rm(join(machine.module, 'lib'), { recursive: true })
    await rm(join(machine.module, 'deps'))
    vi.stubEnv('PATH', '')
    expect(await setupNative({ moduleFolder, cacheFolder })).toMatchObject({ action: 'relinked', addonFrom: 'cache' })
    await expect(access(machine.addon)).resolves.toBeUndefined()
  })

  test('a cached addon that does not load is compiled again, and so it is with force', async () => {
    const machine = await fakeMachine()
    const { moduleFolder, cacheFolder } = optionsOf(machine)
    const { libraries = '' } = await setupNative(optionsOf(machine))
    await writeFile(machine.addon, 'broken')
    await writeFile(join(libraries, 'addons/tfjs-node-4.22.0-napi-v8/tfjs_binding.node'), 'broken')
    expect(await setupNative({ moduleFolder, cacheFolder })).toMatchObject({
      action: 'relinked',
      addonFrom: 'compiled',
    })
    expect(await setupNative({ moduleFolder, cacheFolder, force: true })).toMatchObject({ addonFrom: 'compiled' })
  })

  test('libraries in the cache that lost bytes are not used', async () => {
    const machine = await fakeMachine()
    const { libraries = '' } = await setupNative(optionsOf(machine))
    await writeFile(join(libraries, 'lib/libtensorflow_cc.so.2'), 'short')
    await rm(machine.addon)
    expect(await setupNative(optionsOf(machine))).toMatchObject({ action: 'installed', source: 'wheel' })
  })

  test.each([
    ['an installed package', { prefix: 'site-packages/', strip: '' }],
    ['the package folder itself', { prefix: '', strip: 'tensorflow/' }],
  ])('sets up from %s', async (_, { prefix, strip }) => {
    const machine = await fakeMachine()
    const from = join(dirname(machine.cache), 'given')
    const files = Object.entries(wheelFiles).map(([name, text]) => [
      name.slice(name.startsWith(strip) ? strip.length : 0),
      text,
    ])
    await writeFiles(join(from, prefix), Object.fromEntries(files))
    const result = await setupNative({ ...optionsOf(machine), from: join(from, prefix) })
    expect(result).toMatchObject({ action: 'installed', libtensorflow: '2.15.1', source: 'folder' })
  })

  test('sets up from an unpacked libtensorflow archive and from a folder with a wheel', async () => {
    const machine = await fakeMachine()
    const from = join(dirname(machine.cache), 'archive')
    await writeFiles(from, {
      'lib/libtensorflow.so.2.9.1': 'cc',
      'lib/libtensorflow_framework.so': 'fw',
      'include/tensorflow/c/c_api.h': '',
    })
    await symlink('libtensorflow.so.2.9.1', join(from, 'lib/libtensorflow.so'))
    expect(await setupNative({ ...optionsOf(machine), from })).toMatchObject({
      libtensorflow: '2.9.1',
      source: 'folder',
    })
    expect(await readlink(join(machine.module, 'deps/lib/libtensorflow.so'))).toBe('libtensorflow.so.2.9.1')
    expect(await setupNative({ ...optionsOf(machine), from: dirname(machine.wheel) })).toMatchObject({
      libtensorflow: '2.15.1',
      source: 'wheel',
    })
  })

  test.each([{ from: 'libtensorflow' }, { force: true }])('remove with %o changes nothing', async (other) => {
    const machine = await fakeMachine()
    const { moduleFolder, cacheFolder } = optionsOf(machine)
    await setupNative(optionsOf(machine))
    await expect(setupNative({ moduleFolder, cacheFolder, remove: true, ...other })).rejects.toMatchObject({
      code: 'usage',
    })
    await expect(access(machine.addon)).resolves.toBeUndefined()
  })

  test('remove undoes it, and a second time says that there is nothing', async () => {
    const machine = await fakeMachine()
    const { moduleFolder, cacheFolder } = optionsOf(machine)
    await setupNative(optionsOf(machine))
    expect(await setupNative({ moduleFolder, cacheFolder, remove: true })).toMatchObject({ action: 'removed' })
    expect((await readdir(moduleFolder)).toSorted()).not.toContain('deps')
    await expect(access(machine.addon)).rejects.toThrow()
    await expect(access(join(cacheFolder, 'native'))).rejects.toThrow()
    expect(await setupNative({ moduleFolder, cacheFolder, remove: true })).toMatchObject({ action: 'none' })
  })

  test('remove leaves what tfjs-node itself installed', async () => {
    const machine = await fakeMachine()
    await writeFiles(machine.module, {
      'deps/lib/libtensorflow.so': 'official',
      'lib/napi-v8/tfjs_binding.node': 'addon',
    })
    const { message } = await setupNative({ moduleFolder: machine.module, cacheFolder: machine.cache, remove: true })
    expect(message).toMatch(/was installed by tfjs-node itself/)
    await expect(access(machine.addon)).resolves.toBeUndefined()
  })
})

describe.runIf(onLinux)('setupNative fails with a help and changes nothing', () => {
  test('without any tool, before it fetches anything', async () => {
    const machine = await fakeMachine()
    const { moduleFolder, cacheFolder } = optionsOf(machine)
    vi.stubEnv('PATH', '')
    const progress = recorder()
    const failed = setupNative({ moduleFolder, cacheFolder }, progress)
    await expect(failed).rejects.toMatchObject({
      code: 'setup/missing-tools',
      message: expect.stringMatching(/Python 3.*pip.*make.*C\+\+ compiler|Python 3.*make.*compiler.*pip/),
      help: expect.stringMatching(/^Run: .+ python3?/),
    })
    expect(progress.steps).toEqual([])
    expect(progress.notes).toEqual([expect.stringMatching(/cannot be reached/)])
    expect(await cacheNames(machine)).toEqual([])
  })

  test.each([
    ['make', /`make`/],
    ['c++', /C\+\+ compiler/],
  ])('without %s', async (tool, message) => {
    const machine = await fakeMachine()
    await rm(join(machine.bin, tool))
    await expect(setupNative(optionsOf(machine))).rejects.toMatchObject({
      code: 'setup/missing-tools',
      message: expect.stringMatching(message),
    })
  })

  test('when pip fails', async () => {
    const machine = await fakeMachine()
    const { moduleFolder, cacheFolder } = optionsOf(machine)
    await expect(setupNative({ moduleFolder, cacheFolder })).rejects.toMatchObject({
      code: 'setup/download-failed',
      help: expect.stringMatching(/--from FILE/),
    })
    expect(await cacheNames(machine)).toEqual([])
  })

  test('when the compiler fails, with its error, and the libraries are kept', async () => {
    const machine = await fakeMachine()
    await writeFile(join(dirname(machine.cache), 'compiler-fails'), '')
    await expect(setupNative(optionsOf(machine))).rejects.toMatchObject({
      code: 'setup/build-failed',
      message: expect.stringMatching(/expected a declaration/),
    })
    expect(await readdir(machine.module)).not.toContain('deps')
    expect(await cacheNames(machine)).toEqual([versionFolder])
  })

  test('when the addon does not load', async () => {
    const machine = await fakeMachine()
    vi.mocked(probeAddon).mockResolvedValueOnce({ works: false, problem: 'nothing yet' })
    vi.mocked(probeAddon).mockResolvedValueOnce({ works: false, problem: 'no AVX' })
    await expect(setupNative(optionsOf(machine))).rejects.toMatchObject({
      code: 'setup/load-failed',
      message: expect.stringMatching(/no AVX/),
    })
    expect(await readdir(machine.module)).not.toContain('deps')
  })

  test('when the hash of the known wheel differs', async () => {
    const machine = await fakeMachine()
    const from = join(
      dirname(machine.wheel),
      'tensorflow_cpu-2.15.1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
    )
    await writeFile(from, zipOf(wheelFiles))
    await expect(setupNative({ ...optionsOf(machine), from })).rejects.toMatchObject({ code: 'setup/damaged-wheel' })
  })

  test.each<[string, () => Buffer, string]>([
    ['is cut off', () => zipOf(wheelFiles).subarray(0, 300), 'setup/damaged-wheel'],
    ['is no zip', () => Buffer.from('<html>'), 'setup/damaged-wheel'],
    ['has a wrong byte in a library', () => withWrongByte(zipOf(wheelFiles)), 'setup/damaged-wheel'],
    ['holds something else', () => zipOf({ 'numpy/__init__.py': '' }), 'setup/bad-source'],
  ])('when the wheel %s', async (_, bytes, code) => {
    const machine = await fakeMachine()
    await writeFile(machine.wheel, bytes())
    await expect(setupNative(optionsOf(machine))).rejects.toMatchObject({ code })
    expect(await cacheNames(machine)).toEqual([])
  })

  test('when --from or the package is not there', async () => {
    const machine = await fakeMachine()
    await expect(setupNative({ ...optionsOf(machine), from: '/nowhere' })).rejects.toMatchObject({
      code: 'setup/bad-source',
    })
    await expect(setupNative({ ...optionsOf(machine), moduleFolder: '/nowhere' })).rejects.toMatchObject({
      code: 'setup/no-module',
      help: expect.stringMatching(/npm install/),
    })
  })
})

describe.runIf(onLinux)('an interrupted run', () => {
  test('leaves the old state when it is aborted', async () => {
    const machine = await fakeMachine()
    const controller = new AbortController()
    const progress: SetupProgress = { ...recorder(), bytes: () => controller.abort() }
    const failed = setupNative({ ...optionsOf(machine), signal: controller.signal }, progress)
    await expect(failed).rejects.toMatchObject({ code: 'setup/interrupted' })
    expect(await cacheNames(machine)).toEqual([])
    expect(await readdir(machine.module)).not.toContain('deps')
  })

  test('that was killed is cleaned up by the next, which spares the living', async () => {
    const machine = await fakeMachine()
    const native = join(machine.cache, 'native')
    const dead = join(native, `tmp-${hostname()}-4194999-00c0ffee`)
    const living = join(native, `tmp-${hostname()}-${process.ppid}-00c0ffee`)
    await writeFiles(dead, { 'libraries/lib/libtensorflow_cc.so.2': 'half' })
    await mkdir(living)
    await setupNative(optionsOf(machine))
    expect(await cacheNames(machine)).toEqual([versionFolder, living.slice(native.length + 1)].toSorted())
  })

  test('that was killed between its last renames is repaired', async () => {
    const machine = await fakeMachine()
    await writeFiles(machine.module, { '.deps-old-1/lib/old': 'old', 'lib/napi-v8/.tfjs_binding.1.tmp': 'half' })
    const { moduleFolder, cacheFolder } = optionsOf(machine)
    await expect(setupNative({ moduleFolder, cacheFolder })).rejects.toMatchObject({ code: 'setup/download-failed' })
    expect(await readFile(join(machine.module, 'deps/lib/old'), 'utf8')).toBe('old')
    expect(await readdir(join(machine.module, 'lib/napi-v8'))).toEqual([])
  })
})
