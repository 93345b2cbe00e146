/** The rules between the parts: imports run one way, and each file has one subject. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { augmentationTable } from '../src/parts/augmentations/table.ts'
import { callbackTable } from '../src/parts/callbacks/table.ts'
import { datasetTable } from '../src/parts/datasets/table.ts'
import { layerTable } from '../src/parts/layers/table.ts'
import { lossTable } from '../src/parts/losses/table.ts'
import { metricTable } from '../src/parts/metrics/table.ts'
import { optimizerTable } from '../src/parts/optimizers/table.ts'
import { scheduleTable } from '../src/parts/schedules/table.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** The folders and files of src, lowest first: each imports its own rank and those before it. */
const order: readonly (readonly string[])[] = [
  ['system', 'diagnostics'],
  ['source'],
  ['language'],
  ['parts'],
  ['compose'],
  ['validation'],
  ['graph'],
  ['rules'],
  ['program'],
  ['sweep'],
  ['inferShapes.ts', 'analyze.ts', 'fixes.ts'],
  ['run files', 'runtime', 'script', 'patches'],
  ['backends', 'setup'],
  ['compile.ts'],
  ['tasks'],
  ['report'],
  ['editor'],
  ['studio'],
  ['check.ts', 'train.ts', 'index.ts'],
  ['cli'],
]

/** Generated files are as long as what they are made of. */
const isGenerated = (file: string) => /^(src\/(\w+\/)+)?generated\//.test(file)

const files = ['src', 'test', 'scripts', 'bench', 'generated'].flatMap((folder) => listFiles(folder))
const sources = files.filter((file) => file.startsWith('src/') && !file.startsWith('src/runtime/kernels/assembly/'))
const texts = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]))
const imports = sources.flatMap((file) => importsOf(file))

describe('imports', () => {
  it('run one way', () => {
    const rank = (part: string) => order.findIndex((parts) => parts.includes(part))
    const unknown = new Set(sources.map(partOf).filter((part) => rank(part) < 0))
    expect([...unknown], 'parts without a place in the order').toEqual([])
    const upwards = imports.filter(({ from, to }) => to !== undefined && rank(partOf(to)) > rank(partOf(from)))
    expect(upwards.filter((entry) => !readsFormat(entry) && !callsByName(entry)).map(describeImport)).toEqual([])
  })

  it('of what runs are made by what runs, back ends and tasks only', () => {
    const runs = new Set(['run files', 'runtime', 'script', 'patches', 'backends', 'tasks', 'train.ts'])
    const others = imports.filter(
      (entry) =>
        entry.to !== undefined &&
        !callsByName(entry) &&
        ['run files', 'runtime', 'script'].includes(partOf(entry.to)) &&
        !runs.has(partOf(entry.from)) &&
        !readsFormat(entry),
    )
    expect(others.map(describeImport)).toEqual([])
  })

  it('of TensorFlow.js are made by what runs, back ends and tasks only', () => {
    const runs = new Set(['run files', 'runtime', 'script', 'patches', 'backends', 'tasks', 'train.ts'])
    // Files of this folder take the place of those of the runtime on the static page.
    const isAllowed = (from: string) => runs.has(partOf(from)) || from.startsWith('src/studio/static/node/')
    const others = imports.filter(
      ({ from, specifier, isType }) => specifier.startsWith('@tensorflow/') && !isType && !isAllowed(from),
    )
    expect(others.map(describeImport)).toEqual([])
  })

  it('name files that exist, with their extension', () => {
    const relatives = imports.filter(({ specifier }) => specifier.startsWith('.'))
    const missing = relatives.filter(({ to }) => !existsSync(join(root, to!)) && !isGenerated(to!))
    expect(missing.map(describeImport)).toEqual([])
  })

  it('have no cycles', () => {
    const next = new Map(
      sources.map((file) => [file, imports.flatMap(({ from, to }) => (from === file && to ? [to] : []))]),
    )
    expect(findCircle(next)).toEqual([])
  })
})

/** Words that happen to be the name of a part too, by the files in which they mean something else. */
const otherMeanings: Readonly<Record<string, readonly string[]>> = {
  // keys of a spec
  'src/graph/resolveGraph.ts': ['input'],
  'src/validation/misplacedKeys.ts': ['input'],
  // keywords of JSON Schema
  'src/validation/validateSpec.ts': ['minimum', 'maximum'],
  // columns of a log
  'src/report/run/curves.ts': ['step'],
  // kernels of TensorFlow.js
  'src/runtime/kernels/activation.ts': ['elu', 'prelu'],
  // attributes of operators of ONNX
  'src/tasks/import/onnx/operators/recurrent.ts': ['bidirectional'],
  'src/tasks/import/onnx/fuseStates.ts': ['bidirectional'],
  'src/tasks/import/onnx/fusePadding.ts': ['constant'],
  'src/tasks/import/onnx/operators/images.ts': ['constant'],
  // an activation function of a model that TensorFlow.js has built
  'src/runtime/training/probabilityLogits.ts': ['softmax'],
}

/** The words of a text that it compares something with, by `===`, `case`, `[…].includes` or a set. */
function comparedWords(text: string): string[] {
  const single = [...text.matchAll(/(?:[=!]==|\bcase) '(\w+)'/g)].map(([, word]) => word!)
  const lists = text.matchAll(
    /new Set(?:<\w+>)?\(\[([^\]]*)\]|\[([^[\]]*)\](?: as const)?\.(?:includes|some|find|indexOf)\(/g,
  )
  return [
    ...single,
    ...[...lists].flatMap(([, set, list]) => [...(set ?? list ?? '').matchAll(/'(\w+)'/g)].map(([, word]) => word!)),
  ]
}

describe('code', () => {
  it('asks parts for facts, and compares nothing with their names, outside parts/', () => {
    const tables = [
      layerTable,
      lossTable,
      metricTable,
      optimizerTable,
      scheduleTable,
      callbackTable,
      augmentationTable,
      datasetTable,
    ]
    const names = new Set(tables.flatMap((table) => Object.keys(table)))
    const compared = sources
      .filter((file) => !['parts', 'run files'].includes(partOf(file)) && !isGenerated(file))
      .flatMap((file) => {
        const known = new Set(otherMeanings[file])
        // A role is a fact, whatever it is called.
        const words = comparedWords(texts.get(file)!.replaceAll(/\brole [=!]== '\w+'/g, ''))
        return words
          .filter((word) => names.has(word) && !known.has(word))
          .map((word) => `${file} compares with '${word}'`)
      })
    expect(compared).toEqual([])
  })

  it('has no allowance for comparisons that are gone', () => {
    const gone = Object.entries(otherMeanings).flatMap(([file, words]) => {
      const compared = comparedWords(texts.get(file) ?? '')
      return words.filter((word) => !compared.includes(word)).map((word) => `${file}: ${word}`)
    })
    expect(gone).toEqual([])
  })

  it('is in files of at most 300 lines, except for tests, whose tables grow by a row', () => {
    const limited = files.filter((file) => !isGenerated(file) && !file.startsWith('test/'))
    expect(limited.filter((file) => texts.get(file)!.split('\n').length > 301)).toEqual([])
  })

  it('contains no `as never`, and reads no table of parts by `table[name]!`', () => {
    const forced = sources.filter((file) =>
      /\bas never\b|\b\w*[tT]able\[[\w.]+\]!|\w\)?\[(\w+\.)?type\]!/.test(texts.get(file)!),
    )
    expect(forced).toEqual([])
  })

  it('has named exports only', () => {
    const exporting = files.filter((file) => /^export default /m.test(texts.get(file)!))
    expect(exporting).toEqual([])
  })

  it('is in files that are named after their subject', () => {
    const vague = files.filter((file) => /^(utils?|helpers?|common|misc|shared|stuff)$/i.test(stem(file)))
    expect(vague).toEqual([])
    const notCamel = files.filter((file) => !/^\.?[a-z][A-Za-z0-9]*$/.test(stem(file)) && !isGenerated(file))
    expect(notCamel).toEqual([])
  })

  it('is in folders that docs/architecture.md describes', () => {
    const text = readFileSync(join(root, 'docs/architecture.md'), 'utf8')
    const folders = new Set(sources.map((file) => file.split('/')[1]!).filter((name) => !name.includes('.')))
    expect([...folders].filter((name) => !text.includes(`**\`${name}\`**`))).toEqual([])
  })

  it('has one file for each layer type', () => {
    const stems = new Set(
      sources.filter((file) => file.startsWith('src/parts/layers/')).map((file) => stem(file).toLowerCase()),
    )
    expect(Object.keys(layerTable).filter((type) => !stems.has(type.toLowerCase()))).toEqual([])
  })
})

interface Import {
  readonly from: string
  readonly specifier: string
  /** The file that is imported, where it is one of ours. */
  readonly to: string | undefined
  readonly isType: boolean
  readonly statement: string
}

function importsOf(file: string): Import[] {
  const statements = texts
    .get(file)!
    .matchAll(
      /^(?:import|export)\s+(type\s)?[^'"`;]*?from\s+'([^']+)'|^import\s+'([^']+)'|(?:\btypeof )?\bimport\(\s*'([^']+)'\s*\)/gm,
    )
  return [...statements].map(([statement, type, named, bare, dynamic]) => {
    const specifier = named ?? bare ?? dynamic ?? ''
    const to = specifier.startsWith('.') ? join(dirname(file), specifier).replaceAll(sep, '/') : undefined
    const isType = type !== undefined || /\btypeof import\(/.test(statement)
    return { from: file, specifier, to, isType, statement }
  })
}

function describeImport({ from, specifier }: Import): string {
  return `${from} imports ${specifier}`
}

/** Readers of file formats load nothing else: `check` looks at data through them. */
function readsFormat({ from, to }: Import): boolean {
  return to!.startsWith('src/runtime/formats/') && ['parts', 'language'].includes(partOf(from))
}

/** `callsTo<typeof import('./adam.run.ts')>` reads the types of what a definition calls, and loads nothing. */
function callsByName({ from, isType, statement }: Import): boolean {
  return isType && statement.startsWith('typeof import(') && ['parts', 'language', 'program'].includes(partOf(from))
}

/** The folder of src that a file is in, or its name where it is in src itself. */
function partOf(file: string): string {
  if (/^src\/parts\/.*\.(run|fast)\.ts$/.test(file)) return 'run files'
  return file.split('/')[1] ?? file
}

function stem(file: string): string {
  return basename(file).replace(/(\.test|\.run|\.fast)?(\.d)?\.m?[tj]sx?$/, '')
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
      .filter((entry) => entry.isFile() && /\.m?[tj]sx?$/.test(entry.name))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
      // What other tests have under way.
      .filter((file) => !file.includes('/.'))
  )
}
