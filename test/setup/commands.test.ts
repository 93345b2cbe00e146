import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { findTools, missingTools, missingToolsError } from '../../src/setup/findTools.ts'
import { pinnedWheel } from '../../src/setup/pinnedWheels.ts'
import { probeAddon } from '../../src/setup/probeAddon.ts'
import { runCommand } from '../../src/setup/runCommand.ts'
import { temporaryFolder } from '../temporaryFolder.ts'
import { writeFiles } from './fakeNative.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('runCommand', () => {
  test('gives the exit code and both streams, line by line', async () => {
    const lines: string[] = []
    const script = 'console.log("out"); console.error("err"); process.exit(3)'
    const result = await runCommand(process.execPath, ['-e', script], { onLine: (line) => lines.push(line) })
    expect(result).toMatchObject({ code: 3, stdout: 'out\n' })
    expect(lines.toSorted()).toEqual(['err', 'out'])
  })

  test('a command that is not there is a result', async () => {
    expect(await runCommand('no-such-command', [])).toMatchObject({ code: 127 })
  })

  test('passes arguments without a shell', async () => {
    const { stdout } = await runCommand(process.execPath, ['-p', 'process.argv[1]', '$(echo no); "*"'])
    expect(stdout).toBe('$(echo no); "*"\n')
  })

  test.runIf(process.platform !== 'win32')('an interruption ends also what the command started', async () => {
    const controller = new AbortController()
    let grandchild = 0
    const script = `
      const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'])
      console.log(child.pid); setInterval(() => 0, 1000)`
    const running = runCommand(process.execPath, ['-e', script], {
      signal: controller.signal,
      onLine(line) {
        grandchild = Number(line)
        controller.abort()
      },
    })
    await expect(running).rejects.toMatchObject({ code: 'setup/interrupted' })
    await vi.waitFor(() => expect(isRunning(grandchild)).toBe(false), 5_000)
  })

  test('a time limit ends it', async () => {
    const result = await runCommand(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { timeout: 200 })
    expect(result.code).not.toBe(0)
  })
})

describe('probeAddon', () => {
  test('says what is wrong with an addon that is not one', async () => {
    const folder = temporaryFolder()
    await writeFiles(folder, { 'tfjs_binding.node': 'text' })
    expect(await probeAddon(join(folder, 'nothing.node'))).toEqual({ works: false, problem: 'the addon is missing' })
    const probe = await probeAddon(join(folder, 'tfjs_binding.node'))
    expect(probe).toMatchObject({ works: false, problem: expect.stringMatching(/tfjs_binding\.node/) })
  })

  test('reads the version', async () => {
    const folder = temporaryFolder()
    await writeFiles(folder, { 'addon.cjs': 'exports.TF_Version = "2.15.1"' })
    expect(await probeAddon(join(folder, 'addon.cjs'))).toEqual({ works: true, version: '2.15.1' })
  })
})

describe('findTools', () => {
  test('finds nothing on an empty PATH, and names one command for all that is missing', async () => {
    vi.stubEnv('PATH', '')
    for (const name of ['PYTHON', 'MAKE', 'CXX']) vi.stubEnv(name, undefined)
    const tools = await findTools()
    expect(tools).toMatchObject({ python: undefined, pip: undefined, make: undefined, compiler: undefined })
    const missing = await missingTools(tools, ['make', 'compiler', 'python', 'make'])
    expect(missing.map(({ tool }) => tool)).toEqual(['make', 'compiler', 'python'])
    const { help } = await missingToolsError(missing)
    expect(help.match(/install|xcode|pacman/g)).toHaveLength(1)
  })

  test("takes Node's headers from npm_config_nodedir", async () => {
    const folder = temporaryFolder()
    await writeFiles(folder, { 'include/node/node_api.h': '' })
    vi.stubEnv('npm_config_nodedir', folder)
    expect((await findTools()).nodeHeaders).toBe(folder)
  })
})

test('every pinned wheel is for CPython 3.11, whatever Python is installed, and has a full hash', () => {
  for (const [platform, architecture] of [
    ['linux', 'x64'],
    ['linux', 'arm64'],
    ['darwin', 'x64'],
    ['darwin', 'arm64'],
  ] as const) {
    const wheel = pinnedWheel(platform, architecture)
    expect(wheel?.file).toMatch(/-2\.15\.1-cp311-cp311-/)
    expect(wheel?.file).toContain(wheel?.pipPlatform)
    expect(wheel?.sha256).toMatch(/^[0-9a-f]{64}$/)
  }
  expect(pinnedWheel('win32', 'x64')).toBeUndefined()
})

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
