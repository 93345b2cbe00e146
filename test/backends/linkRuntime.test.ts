import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { format } from 'prettier'
import { Project } from 'ts-morph'
import { describe, expect, it } from 'vitest'
import { emitProgram } from '../../src/backends/typescript/emit.ts'
import { linkRuntime } from '../../src/backends/typescript/linkRuntime.ts'
import { createRuntimeLibrary, isLinkable } from '../../src/backends/typescript/runtimeLibrary.ts'
import { runtimeFolder } from '../../src/backends/typescript/runtimeFolder.ts'
import { lowerVariant, variants, type Variant } from './variants.ts'

const library = createRuntimeLibrary(new Project({ skipAddingFilesFromTsConfig: true }), runtimeFolder())

async function emit(variant: Variant): Promise<string> {
  const options = { backend: variant.backend, specFile: 'a.yaml', specText: '', version: '0' }
  return (await emitProgram(lowerVariant(variant), options)).text
}

/** The syntax of a script, without its names and texts. */
function kinds(code: string): string[] {
  const file = new Project({ useInMemoryFileSystem: true }).createSourceFile('x.ts', code)
  return file.getDescendants().map((node) => node.getKindName())
}

function namesOf(roots: readonly string[]): string[] {
  return linkRuntime(library, roots).declarations.flatMap(({ names }) => names)
}

describe('linkRuntime', () => {
  it('takes what is reached and no more', () => {
    expect(namesOf(['mixSeed'])).toEqual(['mixSeed'])
    expect(namesOf(['shuffledIndices'])).toEqual(['createRandom', 'mixSeed', 'shuffledIndices', 'sequentialIndices'])
    expect(namesOf(['loadCifar10'])).not.toContain('loadMnist')
  })

  it('puts files that use others first', () => {
    const names = namesOf(['runScript', 'loadMnist', 'startCpuEngine'])
    const order = ['runScript', 'parseScriptOptions', 'trainExperiment', 'evaluateModel', 'createRandom']
    expect(order.toSorted((a, b) => names.indexOf(a) - names.indexOf(b))).toEqual(order)
  })

  it('puts constants and classes before what needs their value at once', () => {
    const { declarations } = linkRuntime(library, ['runScript', 'loadMnist', 'loadCifar10', 'startAutoEngine'])
    const placeOf = new Map(declarations.flatMap(({ names }, place) => names.map((name) => [name, place])))
    for (const { kind, names, evaluates } of declarations) {
      if (kind !== 'value') continue
      for (const needed of evaluates.filter((name) => library.find(name).kind === 'value')) {
        expect([names, needed, placeOf.get(needed)! < placeOf.get(names[0]!)!]).toEqual([names, needed, true])
      }
    }
  })

  it('finds the files that go beside the script', () => {
    const { assets } = linkRuntime(library, ['startWasmEngine'])
    expect(assets.map((path) => relative(runtimeFolder(), path))).toEqual(['runtime/kernels/trainingKernels.wasm'])
    expect(assets.every((path) => existsSync(path))).toBe(true)
    expect(linkRuntime(library, ['startNodeEngine']).assets).toEqual([])
  })

  it('knows which declarations have other lines without `export`', async () => {
    const files = readdirSync(runtimeFolder(), { recursive: true, encoding: 'utf8' }).filter(isLinkable)
    const texts = files
      .filter((path) => path.endsWith('.ts') && !path.includes('assembly'))
      .map((path) => readFileSync(join(runtimeFolder(), path), 'utf8'))
    const exported = texts.flatMap((text) => [
      ...text.matchAll(/^export .*?(?:function|const|class|interface|type) (\w+)/gm),
    ])
    const { declarations } = linkRuntime(
      library,
      exported.map(([, name]) => name!),
    )
    const rest = declarations.filter(({ needsFormat }) => !needsFormat)
    const text = `${rest.map((declaration) => declaration.text).join('\n\n')}\n`
    expect(rest.length).toBeLessThan(declarations.length)
    expect(await format(text, { parser: 'typescript', semi: false, singleQuote: true, printWidth: 120 })).toBe(text)
  })

  it('says what is missing', () => {
    expect(() => namesOf(['loadNothing'])).toThrow('src/runtime has no declaration called loadNothing')
  })
})

describe('scripts', () => {
  it('leave out what they do not need', async () => {
    const [wasm, node, model] = await Promise.all(['names', 'sparse', 'modelOnly'].map((name) => emit(variants[name]!)))
    expect(wasm).toContain('function loadMnist')
    expect(wasm).not.toMatch(/function loadCifar10|tfjs-node'|startCpuEngine|meanSquaredError/)
    expect(wasm).toContain("import('@tensorflow/tfjs-backend-wasm')")
    expect(node).toContain('function loadCifar10')
    expect(node).not.toMatch(/backend-wasm|registerTrainingKernels|function loadMnist/)
    expect(model!.split('\n').filter((line) => line.startsWith('import '))).toEqual([
      "import * as tf from '@tensorflow/tfjs'",
    ])
    expect(model).not.toMatch(/Linked from|function main|unused/)
  })

  it.each(Object.entries(variants))('are formatted as prettier does: %s', async (_name, variant) => {
    const text = await emit(variant)
    expect(await format(text, { parser: 'typescript', semi: false, singleQuote: true, printWidth: 120 })).toBe(text)
  })

  it('cannot be broken out of by the name of the spec', async () => {
    const specFile = "x */ \n process.exit() \u2028 '`${y}.yaml"
    const options = { backend: 'auto', specFile, specText: '', version: '0' } as const
    const program = lowerVariant(variants['modelOnly']!)
    const { text, fileName } = await emitProgram({ ...program, name: '../`${x}*/' }, options)
    expect(fileName).toMatch(/^\w+\.ts$/)
    const harmless = await emitProgram(program, { ...options, specFile: 'x.yaml' })
    expect(kinds(text)).toEqual(kinds(harmless.text))
  })
})
