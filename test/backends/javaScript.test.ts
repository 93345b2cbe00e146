/** Scripts in JavaScript: those in TypeScript without their types, and nothing else. */
import { spawnSync } from 'node:child_process'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { transform } from 'esbuild'
import { format } from 'prettier'
import { Project } from 'ts-morph'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { interpretProgram } from '../../src/backends/interpret/interpret.ts'
import { createRuntimeLibrary } from '../../src/backends/typescript/runtimeLibrary.ts'
import { runtimeFolder } from '../../src/backends/typescript/runtimeFolder.ts'
import { stripTypes } from '../../src/backends/typescript/stripTypes.ts'
import { withoutTypes } from '../../src/backends/typescript/withoutTypes.ts'
import { inputsInMemory } from '../../src/runtime/data/samples.ts'
import { startWasmEngine } from '../../src/runtime/engines/wasmEngine.ts'
import { trainExperiment } from '../../src/runtime/training/trainingLoop.ts'
import { createScriptFolder, lowerVariant, noiseData, variants, type Variant } from './variants.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = createScriptFolder()
const paths = new Map<string, string>()
beforeAll(async () => {
  for (const [name, variant] of Object.entries(variants))
    paths.set(name, await folder.compile({ ...variant, language: 'js' }))
})
afterAll(() => folder.remove())

const project = new Project({ useInMemoryFileSystem: true, compilerOptions: { noLib: true } })

function strip(text: string): string {
  const source = project.createSourceFile('x.ts', text, { overwrite: true }).compilerNode
  return stripTypes(source, source, 0, source.end)
}

/** What esbuild makes of it, in a form that does not depend on layout. */
async function normalize(text: string, loader: 'ts' | 'js'): Promise<string> {
  return (await transform(text, { loader, minifyWhitespace: true, target: 'es2022' })).code
}

describe('stripTypes', () => {
  it.each([
    ['const a: number = b as unknown as number', 'const a = b'],
    ['function f<T>(this: X, a?: T, ...rest: T[]): asserts a is T {}', undefined],
    ['const a: unknown = b\nconst c = (a as (d: D) => Promise<E>)(f)', 'const a = b\nconst c = (a)(f)'],
    ['class A<T> extends B<T> implements C, D { private readonly x?: T; declare y: T; z!: T }', undefined],
    ['abstract class A { abstract m(): void; override n(a: string): void; override n(a: unknown) {} }', undefined],
    ['const f = async <T,>(a: T): Promise<T> => (a satisfies T)!', undefined],
    ['const x = new Map<string, Set<number>>([[a!, b!.c!]])', 'const x = new Map([[a, b.c]])'],
    ['const { a, b: [c] }: { a: string; b: number[] } = d', 'const { a, b: [c] } = d'],
    ['for (const x of y as X[]) z(x ? (1 as One) : (2 as Two)) // as it was', undefined],
    ['type A = 1\ninterface B {}\nconst c = a < b && c > d', undefined],
    ['/** Kept. */ class A { /** Kept too. */ readonly #a: number = 1; static readonly b?: string }', undefined],
  ])('%s', async (typed, wanted) => {
    const stripped = strip(typed)
    if (wanted !== undefined) expect(stripped).toBe(wanted)
    expect(await normalize(stripped, 'js')).toBe(await normalize(typed, 'ts'))
    expect(stripped.match(/Kept/g)?.length).toBe(typed.match(/Kept/g)?.length)
  })

  it('leaves of the runtime what esbuild leaves', async () => {
    const library = createRuntimeLibrary(new Project({ skipAddingFilesFromTsConfig: true }), runtimeFolder())
    const files = readdirSync(runtimeFolder(), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.includes('assembly'))
      .map((path) => readFileSync(join(runtimeFolder(), path), 'utf8'))
    const exported = files.flatMap((text) => [...text.matchAll(/^export (?:async )?(?:function|const|class) (\w+)/gm)])
    expect(exported.length).toBeGreaterThan(80)
    const javaScript = withoutTypes(library)
    for (const name of exported.map(([, each]) => each!)) {
      expect(await normalize(javaScript.find(name).text, 'js')).toBe(await normalize(library.find(name).text, 'ts'))
    }
  })
})

describe('scripts in JavaScript', () => {
  it('import and declare only what they use', () => {
    const { stdout, status } = spawnSync(
      process.execPath,
      [join(root, 'node_modules/oxlint/bin/oxlint'), '--no-ignore', '-A', 'no-shadow', ...paths.values()],
      { cwd: root, encoding: 'utf8' },
    )
    expect(stdout).toContain('Found 0 warnings and 0 errors.')
    expect(status).toBe(0)
  })

  it.each(Object.keys(variants))('are formatted as prettier does: %s', async (name) => {
    const text = readFileSync(paths.get(name)!, 'utf8')
    expect(text).toMatch(/^\/\/ Run it with: node \S+\.mjs /m)
    expect(await format(text, { parser: 'babel', semi: false, singleQuote: true, printWidth: 120 })).toBe(text)
  })

  it.each([1, 2])('reach the weights of the interpreter in plain node, in %i threads', async (threads) => {
    await startWasmEngine()
    const variant: Variant = { ...variants['normalized']!, language: 'js' }
    const data = noiseData([28, 28, 1])
    const training = { epochs: 2, batchSize: 16, threads }
    const experiment = interpretProgram(lowerVariant(variant))
    const { model } = await trainExperiment(experiment, { data, training })
    const weights = model.getWeights().map((weight) => [...weight.dataSync()])
    model.dispose()
    const plain = (samples: typeof data.train) => ({
      ...samples,
      inputs: [...inputsInMemory(samples)],
      labels: [...samples.labels],
    })
    const given = { train: plain(data.train), test: plain(data.test!), classNames: data.classNames }
    const driver = join(folder.path, `train${threads}.mjs`)
    writeFileSync(
      driver,
      `import { train } from './normalized.mjs'
const revive = (samples) => ({ ...samples, inputs: Uint8Array.from(samples.inputs), labels: Uint8Array.from(samples.labels) })
const given = ${JSON.stringify(given)}
const data = { ...given, train: revive(given.train), test: revive(given.test) }
const { model } = await train({ data, training: ${JSON.stringify(training)} })
console.log(JSON.stringify(model.getWeights().map((weight) => [...weight.dataSync()])))
`,
    )
    const { stdout, stderr } = spawnSync(process.execPath, [driver], { encoding: 'utf8' })
    expect(stderr).not.toContain('Error')
    expect(JSON.parse(stdout)).toEqual(weights)
  })
})
