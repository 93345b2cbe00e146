import { readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { describe, expect, it } from 'vitest'
import { createEmitter } from '../../src/backends/typescript/emit.ts'
import { isGenerated } from '../../src/system/marks.ts'
import { version } from '../../src/system/version.ts'
import { lowerVariant } from './variants.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const emitter = createEmitter()
const names = readdirSync(`${root}/configs`)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => basename(name, '.yaml'))

async function compile(name: string) {
  const specFile = `configs/${name}.yaml`
  const specText = readFileSync(`${root}/${specFile}`, 'utf8')
  const program = lowerVariant({ backend: 'auto', spec: specText })
  return await emitter.emitProgram(program, { backend: 'auto', specFile, specText, version })
}

describe.each(names)('generated/%s.ts', (name) => {
  const committed = readFileSync(`${root}/generated/${name}.ts`, 'utf8')

  it('is what the spec compiles to (npx tsx scripts/compileConfigs.ts)', async () => {
    const { fileName, text, assets } = await compile(name)
    expect(fileName).toBe(`${name}.ts`)
    expect(text === committed, `generated/${name}.ts is stale`).toBe(true)
    for (const asset of assets) {
      const present = readFileSync(`${root}/generated/${asset.fileName}`)
      expect(present.equals(asset.content), `generated/${asset.fileName} is stale`).toBe(true)
    }
  })

  it('is formatted as prettier does', async () => {
    const options = await resolveConfig(`${root}/generated/${name}.ts`)
    expect(await format(committed, { ...options, parser: 'typescript' })).toBe(committed)
  })

  it('imports nothing but TensorFlow.js, what Node has and the kernels beside it', () => {
    const imported = [...committed.matchAll(/^import .* from '([^']+)'|\bimport\('([^']+)'\)/gm)]
    const modules = imported.map(([, fixed, later]) => fixed ?? later!)
    const known = new Set(['@tensorflow/tfjs', '@tensorflow/tfjs-node', './wasm-training/index.js'])
    expect(modules.filter((each) => !known.has(each) && !each.startsWith('node:'))).toEqual([])
  })

  it('is as short as handwritten code', () => {
    expect(committed.trimEnd().split('\n').length).toBeLessThanOrEqual(budgets[name] ?? 360)
    expect(isGenerated(committed)).toBe(true)
  })
})

/** Lines of the scripts, by the names of their specs. */
const budgets: Readonly<Record<string, number>> = { 'mnist-cnn': 260, 'cifar10-cnn': 260, 'mnist-two-heads': 300 }

describe('a script', () => {
  it('is short: all of generated/ has at most 1,600 lines', () => {
    const lines = names.map((name) => readFileSync(`${root}/generated/${name}.ts`, 'utf8').trimEnd().split('\n').length)
    expect(lines.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(1600)
  })

  it('is shown in docs/compile.md (npx tsx scripts/compileConfigs.ts)', () => {
    const script = readFileSync(`${root}/generated/mnist-cnn.ts`, 'utf8')
    expect(readFileSync(`${root}/docs/compile.md`, 'utf8')).toContain(`\`\`\`ts\n${script.trimEnd()}\n\`\`\``)
  })

  it('does not depend on the platform', async () => {
    const spec = readFileSync(`${root}/configs/mnist-cnn.yaml`, 'utf8')
    const program = lowerVariant({ backend: 'auto', spec })
    const options = { backend: 'auto', specFile: 'x.yaml', version } as const
    const unix = await emitter.emitProgram(program, { ...options, specText: spec })
    const windows = await emitter.emitProgram(program, { ...options, specText: spec.replaceAll('\n', '\r\n') })
    expect(windows.text).toBe(unix.text)
  })

  it('leaves no trace in a file of the user', () => {
    expect(isGenerated('// A script of mine\n')).toBe(false)
    expect(isGenerated('')).toBe(false)
  })
})
