/** Builds programs from parts of a spec's network, and specs with all sizes filled in. */
import type { Analysis } from '../../src/analyze.ts'
import type { ShapedNode } from '../../src/graph/shapes.ts'
import { isKnown } from '../../src/language/dims.ts'
import { lowerGraph } from '../../src/program/lowerGraph.ts'
import type { Program } from '../../src/program/program.ts'
import { yamlText } from '../../src/source/edits.ts'

/** Returns a program in which every layer is an output, so that the engine reports the shape of each. */
export function programOf({ spec }: Analysis, nodes: readonly ShapedNode[]): Program {
  const outputs = nodes.filter(({ layer }) => layer.type !== 'input').map(({ name }) => name)
  return lowerGraph({ ...spec, name: 'fuzz' }, { nodes, outputs, complete: true })
}

export function hasOpenSizes({ shaped }: Analysis): boolean {
  return shaped.nodes.some(({ layer, shape }) => layer.type === 'input' && !shape.every(isKnown))
}

type Sizes = readonly (number | null)[]

interface SpecTree {
  readonly input?: { readonly shape: Sizes }
  readonly layers: readonly (string | Readonly<Record<string, Readonly<Record<string, unknown>> | null>>)[]
}

/** Returns the text of the spec with `openSize` for each open size of its inputs. */
export function withOpenSizes({ source }: Analysis, openSize: number): string {
  const { input, layers, ...rest } = source.value as SpecTree
  const close = (shape: Sizes) => shape.map((size) => size ?? openSize)
  const filled = layers.map((item) => {
    const declared = typeof item === 'string' ? undefined : item['input']
    return declared ? { input: { ...declared, shape: close(declared['shape'] as Sizes) } } : item
  })
  return specText({ ...rest, ...(input && { input: { ...input, shape: close(input.shape) } }), layers: filled })
}

/** Returns the text of the spec without the layers that do not fit, and with all others as outputs. */
export function withAllOutputs({ source, shaped }: Analysis): string {
  const { layers, ...rest } = source.value as SpecTree
  const written = shaped.nodes.filter(({ implied }) => !implied)
  const kept = written.map(({ name, inputs, item: { type, path } }) => {
    const item = layers[path[1] as number]!
    const options = typeof item === 'string' ? {} : item[type]
    return { [type]: { ...options, name, ...(type === 'input' ? {} : { inputs }) } }
  })
  const outputs = written.filter(({ layer }) => layer.type !== 'input').map(({ name }) => name)
  return specText({ ...rest, layers: kept, outputs })
}

function specText(spec: Readonly<Record<string, unknown>>): string {
  return Object.entries(spec)
    .map(([key, value]) => `${key}: ${yamlText(value)}\n`)
    .join('')
}
