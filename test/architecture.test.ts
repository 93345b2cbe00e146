/** The rules between the parts: imports run one way, and each file has one subject. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { layerTable } from '../src/layers/table.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Which other parts each part of src may import, besides itself and what those may import. */
const layersOfCode: readonly (readonly string[])[] = [
  ['diagnostics', 'version.ts', 'codeCache.ts', 'output'],
  ['source'],
  ['layers'],
  ['optimizers', 'losses', 'metrics', 'datasets', 'augmentations', 'schedules', 'callbacks'],
  ['spec'],
  ['graph'],
  ['program'],
  ['compile.ts'],
  ['backends', 'report', 'editor', 'setup', 'index.ts'],
  ['cli', 'cli.ts', 'main.ts', 'bin.ts'],
]

/** Generated files are as long as what they are made of. */
const isGenerated = (file: string) => /^(src\/\w+\/)?generated\//.test(file)

const files = ['src', 'test', 'scripts', 'bench', 'generated'].flatMap((folder) => listFiles(folder))
const sources = files.filter((file) => file.startsWith('src/') && !file.startsWith('src/runtime/kernels/assembly/'))
const texts = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]))
const imports = sources.flatMap((file) => importsOf(file))

describe('imports', () => {
  it('run one way', () => {
    const rank = (part: string) => layersOfCode.findIndex((layer) => layer.includes(part))
    const unknown = new Set(sources.map(partOf).filter((part) => part !== 'runtime' && rank(part) < 0))
    expect([...unknown], 'parts without a place in layersOfCode').toEqual([])
    const upwards = imports.filter(({ from, to }) => {
      const [importer, imported] = [partOf(from), to === undefined ? undefined : partOf(to)]
      if (imported === undefined || importer === imported || importer === 'runtime' || imported === 'runtime')
        return false
      return rank(imported) > rank(importer)
    })
    expect(upwards.map(describeImport)).toEqual([])
  })

  it('of the runtime are its own files and packages', () => {
    const foreign = imports.filter(
      ({ from, to }) => partOf(from) === 'runtime' && to !== undefined && partOf(to) !== 'runtime',
    )
    expect(foreign.map(describeImport)).toEqual([])
  })

  it('of the runtime are made by the back ends only, but for errors, folders, files and readers of file formats', () => {
    const isError = (to: string) =>
      /^src\/runtime\/(knownError|systemError|createFolder|cacheRoot|formats\/regularFile|controlCharacters)\.ts$/.test(
        to,
      )
    const isFormat = (to: string) => to.startsWith('src/runtime/formats/')
    const others = imports.filter(
      ({ from, to }) =>
        to !== undefined &&
        partOf(to) === 'runtime' &&
        !isError(to) &&
        !['runtime', 'backends'].includes(partOf(from)) &&
        !(partOf(from) === 'datasets' && isFormat(to)),
    )
    expect(others.map(describeImport)).toEqual([])
    const reached = imports.filter(({ from, specifier }) => isFormat(from) && !/^(node:|\.\/)/.test(specifier))
    expect(new Set(reached.map(({ to }) => to))).toEqual(new Set(['src/runtime/datasets/dataError.ts']))
  })

  it('of TensorFlow.js are made by the back ends and the runtime only', () => {
    const others = imports.filter(
      ({ from, specifier, isType }) =>
        specifier.startsWith('@tensorflow/') && !isType && !['backends', 'runtime'].includes(partOf(from)),
    )
    expect(others.map(describeImport)).toEqual([])
  })

  it('name files that exist, with their extension', () => {
    const relatives = imports.filter(({ specifier }) => specifier.startsWith('.'))
    const missing = relatives.filter(({ to }) => !existsSync(join(root, to!)) && !isGenerated(to!))
    expect(missing.map(describeImport)).toEqual([])
  })

  it('form no circle', () => {
    const next = new Map(
      sources.map((file) => [file, imports.flatMap(({ from, to }) => (from === file && to ? [to] : []))]),
    )
    expect(findCircle(next)).toEqual([])
  })
})

describe('code', () => {
  it('switches on the type of a layer in layers/ only', () => {
    const switches = sources.filter(
      (file) => partOf(file) !== 'layers' && /switch \([^)]*(layer\.type|layerType)\b/.test(texts.get(file)!),
    )
    expect(switches).toEqual([])
  })

  it('lies in files of at most 400 lines', () => {
    const long = files.filter((file) => !isGenerated(file) && texts.get(file)!.split('\n').length > 401)
    expect(long).toEqual([])
  })

  it('has named exports only', () => {
    const exporting = files.filter((file) => /^export default /m.test(texts.get(file)!))
    expect(exporting).toEqual([])
  })

  it('lies in files that are named after their subject', () => {
    const vague = files.filter((file) => /^(utils?|helpers?|common|misc|shared|stuff)$/i.test(stem(file)))
    expect(vague).toEqual([])
    const notCamel = files.filter((file) => !/^\.?[a-z][A-Za-z0-9]*$/.test(stem(file)) && !isGenerated(file))
    expect(notCamel).toEqual([])
  })

  it('has one file for each layer type', () => {
    const stems = new Set(sources.filter((file) => partOf(file) === 'layers').map((file) => stem(file).toLowerCase()))
    expect(Object.keys(layerTable).filter((type) => !stems.has(type.toLowerCase()))).toEqual([])
  })
})

interface Import {
  readonly from: string
  readonly specifier: string
  /** The file that is imported, where it is one of ours. */
  readonly to: string | undefined
  readonly isType: boolean
}

function importsOf(file: string): Import[] {
  const statements = texts
    .get(file)!
    .matchAll(
      /^(?:import|export)\s+(type\s)?[^'"`;]*?from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gm,
    )
  return [...statements].map(([statement, type, named, bare, dynamic]) => {
    const specifier = named ?? bare ?? dynamic ?? ''
    const to = specifier.startsWith('.') ? join(dirname(file), specifier).replaceAll(sep, '/') : undefined
    const isType = type !== undefined || /\btypeof import\(/.test(statement)
    return { from: file, specifier, to, isType }
  })
}

function describeImport({ from, specifier }: Import): string {
  return `${from} imports ${specifier}`
}

/** The folder of src that a file lies in, or its name where it lies in src itself. */
function partOf(file: string): string {
  return file.split('/')[1] ?? file
}

function stem(file: string): string {
  return basename(file).replace(/(\.test)?(\.d)?\.m?[tj]s$/, '')
}

function findCircle(next: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>()
  const path: string[] = []
  const visit = (file: string): string[] => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file]
    if (done.has(file)) return []
    path.push(file)
    for (const imported of next.get(file) ?? []) {
      const circle = visit(imported)
      if (circle.length > 0) return circle
    }
    path.pop()
    done.add(file)
    return []
  }
  for (const file of next.keys()) {
    const circle = visit(file)
    if (circle.length > 0) return circle
  }
  return []
}

function listFiles(folder: string): string[] {
  if (!existsSync(join(root, folder))) return []
  return (
    readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile() && /\.m?[tj]s$/.test(entry.name))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
      // What other tests have under way.
      .filter((file) => !file.includes('/.'))
  )
}
