/** The networks of `npm run interop`: published ones with small inputs, specs with blocks and repeats, and random ones. */
import { readdirSync, readFileSync } from 'node:fs'
import { checkText, type Analysis } from '../../src/analyze.ts'
import { hasErrors } from '../../src/diagnostics/diagnostic.ts'
import { nodeHost } from '../../src/system/nodeHost.ts'
import { randomComposition } from '../../test/backends/randomComposition.ts'
import { structureSpecs } from '../../test/backends/structureSpecs.ts'
import { seedOfCase } from '../fuzz/randomSource.ts'
import { drawSpec } from '../fuzz/randomSpec.ts'

export interface InteropCase {
  /** The row of the table that counts it. */
  readonly group: string
  readonly name: string
  readonly analysis: Analysis
  /** Whether its training is compared as well as its outputs. */
  readonly trains: boolean
}

interface StatedCase {
  readonly group: string
  readonly name: string
  readonly text: string
  /** The file of the spec, whose folder has the files that it names. */
  readonly file?: string
  readonly trains?: boolean
}

/** Checks a spec; undefined if it has errors, or parts that could not be determined. */
export function makeCase({
  group,
  name,
  text,
  file = 'spec.yaml',
  trains = false,
}: StatedCase): InteropCase | undefined {
  const analysis = checkText(text, file, { host: nodeHost })
  const isComplete = !hasErrors(analysis.diagnostics) && analysis.shaped.complete
  return isComplete ? { group, name, analysis, trains } : undefined
}

/** The specs of configs, and the published networks with the smallest inputs that each takes. */
export function publishedCases(): InteropCase[] {
  return [...configCases(), ...zooCases()]
}

export function configCases(): InteropCase[] {
  return yamlFiles('configs').map((name) => {
    const found = makeCase({ group: 'configs', name, file: name, text: readFileSync(name, 'utf8') })
    if (found === undefined) throw new Error(`${name} has errors`)
    return found
  })
}

export function zooCases(): InteropCase[] {
  return yamlFiles('configs/zoo').map(smallest)
}

function yamlFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .toSorted()
    .map((name) => `${folder}/${name}`)
}

/** The sizes of images that are tried for a network, the smallest first. */
const sides = [32, 64, 96, 128]

/** The smallest input of a network whose layers state sizes as well, these sizes, and an eighth of its filters. */
const smallVolume: Readonly<Record<string, string>> = {
  '[128, 128, 64, 1]': '[46, 46, 46, 1]',
  'filters: 64, size: 63, depth: 31': 'filters: 8, size: 22, depth: 22',
  'filters: 64, size: 30, depth: 14': 'filters: 8, size: 10, depth: 10',
  'filters: 128, size: 14, depth: 6': 'filters: 16, size: 4, depth: 4',
  'filters: 256, size: 6, depth: 2': 'filters: 32, size: 1, depth: 1',
  'poolSize: [6, 6, 2]': 'poolSize: 1',
}

function smallest(name: string): InteropCase {
  // What a network expects of its original size is left out.
  const text = readFileSync(name, 'utf8').replaceAll(/, expect: \[[^\]]*\]|expect: \[[^\]]*\],? ?/g, '')
  const volume = Object.entries(smallVolume).reduce((changed, [large, small]) => changed.replace(large, small), text)
  const images = sides.map((side) =>
    text.replace(/^input: \{ shape: \[\d+, \d+, (\d+)\]/m, `input: { shape: [${side}, ${side}, $1]`),
  )
  for (const smaller of [volume, ...images]) {
    if (smaller === text) continue
    const found = makeCase({ group: 'configs/zoo, small inputs', name, file: name, text: smaller })
    if (found !== undefined) return found
  }
  const found = makeCase({ group: 'configs/zoo, small inputs', name, file: name, text })
  if (found === undefined) throw new Error(`${name} has errors`)
  return found
}

/** Specs with blocks and repeats: those of the tests of TypeScript scripts, and random ones. */
export function composedCases(seed: number): InteropCase[] {
  const group = 'blocks and repeats'
  const written = Object.entries(structureSpecs).map(([name, { spec }]) => ({ group, name, text: spec }))
  const random = Array.from({ length: 40 }, (_one, index) => ({
    group,
    name: `composed ${seed}/${index}`,
    text: randomComposition(seed * 1000 + index),
  }))
  return [...written, ...random].flatMap((one) => makeCase(one) ?? [])
}

/** Draws networks of any layer types until `count` of them have no errors. */
export function randomCases(count: number, seed: number): InteropCase[] {
  const cases: InteropCase[] = []
  for (let index = 0; cases.length < count; index++) {
    const { text } = drawSpec(seedOfCase(seed, index))
    // A random width differs each time.
    if (text.includes('randomWidth')) continue
    const found = makeCase({ group: 'random networks', name: `random ${seed}/${index}`, text })
    if (found !== undefined) cases.push(found)
  }
  return cases
}
