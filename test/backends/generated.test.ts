import { readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { Project } from 'ts-morph'
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

  it('imports nothing but TensorFlow.js and what Node has', () => {
    const file = new Project({ useInMemoryFileSystem: true }).createSourceFile('script.ts', committed)
    const modules = file.getImportDeclarations().map((declaration) => declaration.getModuleSpecifierValue())
    const imported = [...committed.matchAll(/import\('([^']+)'\)/g)].map(([, module]) => module!)
    const packages = new Set(['@tensorflow/tfjs', '@tensorflow/tfjs-backend-wasm', '@tensorflow/tfjs-node'])
    const foreign = [...modules, ...imported].filter((each) => !packages.has(each) && !each.startsWith('node:'))
    expect(foreign).toEqual([])
  })

  it('says what is specific to the model in a few lines a layer, and less than 45 besides', () => {
    const lines = committed.split('// ---- Linked')[0]!.trimEnd().split('\n')
    const start = lines.findIndex((line) => line.startsWith('export function buildModel'))
    const model = lines.slice(start, lines.indexOf('}', start) + 1)
    const layers = model.filter((line) => line.startsWith('  const ')).length
    expect(lines.length - model.length).toBeLessThan(45)
    expect(model.length / layers).toBeLessThan(6)
    expect(isGenerated(committed)).toBe(true)
    // Its owner need not have Shapewright.
    expect(committed).not.toMatch(/shapewright setup/)
  })
})

describe('what a script is', () => {
  it('is shown in docs/compile.md (npx tsx scripts/compileConfigs.ts)', () => {
    const script = readFileSync(`${root}/generated/mnist-cnn.ts`, 'utf8')
    const shown = script.slice(script.indexOf('/** The untrained'), script.indexOf('// ---- Linked')).trimEnd()
    expect(readFileSync(`${root}/docs/compile.md`, 'utf8')).toContain(`\`\`\`ts\n${shown}\n\`\`\``)
  })

  it('does not depend on the platform', async () => {
    const spec = readFileSync(`${root}/configs/mnist-cnn.yaml`, 'utf8')
    const program = lowerVariant({ backend: 'auto', spec })
    const options = { backend: 'auto', specFile: 'x.yaml', version } as const
    const unix = await emitter.emitProgram(program, { ...options, specText: spec })
    const windows = await emitter.emitProgram(program, { ...options, specText: spec.replaceAll('\n', '\r\n') })
    expect(windows.text).toBe(unix.text)
  })

  it('has no trace in the file of a person', () => {
    expect(isGenerated('// A script of mine\n')).toBe(false)
    expect(isGenerated('')).toBe(false)
  })
})
