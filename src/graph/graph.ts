/** The resolved graph: every layer named, every input an edge, in an order in which each stands behind what feeds it. */
import type { Diagnostic, Fix, Path } from '../diagnostics/diagnostic.ts'
import { didYouMean, listWords } from '../diagnostics/didYouMean.ts'
import { reportAt } from '../source/report.ts'
import type { SourceDocument } from '../source/source.ts'
import { removeEntry, renameKey, setValue } from '../source/edits.ts'
import { datasetTable } from '../datasets/table.ts'
import { resolveOptions } from '../layers/schema.ts'
import { layerDef } from '../layers/table.ts'
import type { LayerSpec, Spec } from '../spec/spec.ts'

export interface GraphNode {
  readonly name: string
  readonly layer: LayerSpec
  /** Names of other nodes; one that no node has was reported. */
  readonly inputs: readonly string[]
  /** The input that the spec leaves out because the dataset, or `input`, gives its shape. */
  readonly implied: boolean
}

export interface Graph {
  /** In topological order, which is that of the spec wherever that is one. */
  readonly nodes: readonly GraphNode[]
  readonly outputs: readonly string[]
}

export interface ResolvedGraph {
  readonly graph: Graph
  readonly diagnostics: readonly Diagnostic[]
}

export function resolveGraph(spec: Spec, source: SourceDocument): ResolvedGraph {
  const resolver = new GraphResolver(spec, source)
  const graph = resolver.resolve()
  return { graph, diagnostics: resolver.diagnostics }
}

const impliedInputName = 'input'

class GraphResolver {
  readonly diagnostics: Diagnostic[] = []
  private readonly spec: Spec
  private readonly source: SourceDocument

  constructor(spec: Spec, source: SourceDocument) {
    this.spec = spec
    this.source = source
  }

  resolve(): Graph {
    const { layers } = this.spec
    const names = this.nameLayers()
    const nodes: GraphNode[] = []
    const implied = layers.length > 0 && layers[0]!.type !== 'input' ? this.impliedInput() : undefined
    if (implied) nodes.push(implied)
    const known = new Set([...(implied ? [implied.name] : []), ...names])
    for (const [index, layer] of layers.entries()) {
      const above = index > 0 ? names[index - 1] : implied?.name
      nodes.push({ name: names[index]!, layer, inputs: this.inputsOf(layer, above, known), implied: false })
    }
    this.checkInputsFirst()
    const outputs = this.outputsOf(names, known)
    const ordered = this.order(nodes)
    this.reportUnused(ordered, outputs)
    if (layers.length > 0 && layers.every(({ type }) => type === 'input')) {
      this.report(
        'graph/no-layers',
        ['layers'],
        'the network has no layer besides its input',
        'add one, for example `- flatten`',
        { atKey: true },
      )
    }
    return { nodes: ordered, outputs }
  }

  /** Names as Keras numbers them: `conv2d`, `conv2d_1`; never one that a layer was given. */
  private nameLayers(): string[] {
    const given = new Map<string, LayerSpec>()
    for (const layer of this.spec.layers) {
      if (layer.name === undefined) continue
      const first = given.get(layer.name)
      if (first === undefined) given.set(layer.name, layer)
      else {
        const related = [{ message: 'the other is here', span: this.source.locateValue([...first.path, 'name']) }]
        const help = 'give each its own name, so that `inputs` can tell them apart'
        this.report('graph/duplicate-name', [...layer.path, 'name'], `two layers are called \`${layer.name}\``, help, {
          related,
        })
      }
    }
    const taken = new Set(given.keys())
    const numbers = new Map<string, number>()
    return this.spec.layers.map((layer) => {
      if (layer.name !== undefined) return layer.name
      let number = numbers.get(layer.type) ?? 0
      const nameOf = () => (number === 0 ? layer.type : `${layer.type}_${number}`)
      while (taken.has(nameOf())) number += 1
      numbers.set(layer.type, number + 1)
      taken.add(nameOf())
      return nameOf()
    })
  }

  private checkInputsFirst(): void {
    const first = this.spec.layers.findIndex(({ type }) => type !== 'input')
    for (const layer of first < 0 ? [] : this.spec.layers.slice(first)) {
      if (layer.type !== 'input') continue
      const message = 'this input layer stands below other layers'
      this.report('graph/input-not-first', layer.path, message, 'inputs stand at the top of `layers`', { atKey: true })
    }
  }

  private impliedInput(): GraphNode | undefined {
    const { dataset, inputShape } = this.spec
    const shape = inputShape ?? (dataset && datasetTable[dataset.type]?.sampleShape)
    const isStatedWrong = this.source.pairAt(['dataset']) !== undefined || this.source.pairAt(['input']) !== undefined
    if (shape === undefined && !isStatedWrong) {
      const help = 'add `dataset: mnist`, or `input: { shape: [28, 28, 1] }`'
      this.report('graph/no-input', ['layers'], 'nothing says what the shape of the input is', help, { atKey: true })
    }
    const valid = shape !== undefined
    const options = valid ? resolveOptions(layerDef('input').schema, { shape }) : {}
    const path: Path = inputShape === undefined ? ['dataset'] : ['input', 'shape']
    const layer: LayerSpec = { type: 'input', options, trainable: true, path, valid }
    return { name: impliedInputName, layer, inputs: [], implied: true }
  }

  private inputsOf(layer: LayerSpec, above: string | undefined, known: ReadonlySet<string>): readonly string[] {
    if (layer.type === 'input') {
      if (layer.inputs)
        this.report(
          'graph/input-not-first',
          [...layer.path, 'inputs'],
          'an input layer has no inputs of its own',
          'remove `inputs`',
          { atKey: true, fixes: this.removal([...layer.path, 'inputs'], 'remove `inputs`') },
        )
      return []
    }
    if (layer.inputs === undefined) return above === undefined ? [] : [above]
    for (const [index, input] of layer.inputs.entries())
      if (!known.has(input)) this.reportUnknown(layer, index, input, known)
    return layer.inputs
  }

  private removal(path: Path, title: string): Fix[] {
    const edits = removeEntry(this.source, path)
    return edits ? [{ title, edits }] : []
  }

  private reportUnknown(layer: LayerSpec, index: number, input: string, known: ReadonlySet<string>): void {
    const names = [...known].filter((name) => name !== layer.name)
    const isList = Array.isArray(this.nodeValue([...layer.path, 'inputs']))
    const path = [...layer.path, 'inputs', ...(isList ? [index] : [])]
    const meant = didYouMean(input, names)
    const help =
      meant === undefined ? `the layers here: ${listWords(names.slice(0, 12), 'and')}` : `did you mean \`${meant}\`?`
    const edits = meant === undefined ? undefined : setValue(this.source, path, meant)
    const fixes = edits ? [{ title: `replace \`${input}\` by \`${meant}\``, edits }] : []
    this.report('graph/unknown-input', path, `no layer is called \`${input}\``, help, { fixes })
  }

  private outputsOf(names: readonly string[], known: ReadonlySet<string>): string[] {
    const last = names.at(-1)
    const stated = this.spec.outputs
    if (stated === undefined) return last === undefined ? [] : [last]
    for (const [index, name] of stated.entries()) {
      if (known.has(name)) continue
      const meant = didYouMean(name, [...known])
      const edits = meant === undefined ? undefined : renameKey(this.source, ['outputs', index], meant)
      const fixes = edits ? [{ title: `replace \`${name}\` by \`${meant}\``, edits }] : []
      const help =
        meant === undefined
          ? `the layers here: ${listWords([...known].slice(0, 12), 'and')}`
          : `did you mean \`${meant}\`?`
      this.report('graph/unknown-output', ['outputs', index], `no layer is called \`${name}\``, help, { fixes })
    }
    return stated.filter((name) => known.has(name))
  }

  /** Kahn's algorithm, taking the first ready node in the order of the spec; what is left is on a cycle or behind one. */
  private order(nodes: readonly GraphNode[]): GraphNode[] {
    if (isOrdered(nodes)) return [...nodes]
    const byName = new Map(nodes.map((node) => [node.name, node]))
    const done = new Set<string>()
    const ordered: GraphNode[] = []
    const visiting: string[] = []
    const onPath = new Set<string>()
    const stack: { node: GraphNode; next: number }[] = []
    let cycle: string[] | undefined
    for (const root of nodes) {
      if (!done.has(root.name)) stack.push({ node: root, next: 0 })
      while (stack.length > 0) {
        const top = stack.at(-1)!
        if (top.next === 0 && !onPath.has(top.node.name)) {
          onPath.add(top.node.name)
          visiting.push(top.node.name)
        }
        const input = top.node.inputs[top.next]
        top.next += 1
        if (input === undefined) {
          stack.pop()
          visiting.pop()
          onPath.delete(top.node.name)
          done.add(top.node.name)
          ordered.push(top.node)
        } else if (onPath.has(input)) cycle ??= [...visiting.slice(visiting.indexOf(input)), input]
        else if (!done.has(input) && byName.has(input)) stack.push({ node: byName.get(input)!, next: 0 })
      }
    }
    if (cycle === undefined) return ordered
    const layer = byName.get(cycle.at(-2)!)!.layer
    const message = `these layers feed each other in a circle: ${cycle.join(' → ')}`
    this.report('graph/cycle', [...layer.path, 'inputs'], message, 'a layer can only take what is computed before it')
    return []
  }

  private reportUnused(nodes: readonly GraphNode[], outputs: readonly string[]): void {
    if (this.diagnostics.some(({ code }) => code.startsWith('graph/')) || this.spec.layers.some(({ valid }) => !valid))
      return
    const used = new Set([...outputs, ...nodes.flatMap(({ inputs }) => inputs)])
    for (const { name, layer, implied } of nodes) {
      if (used.has(name) || implied) continue
      const message = `nothing uses the output of \`${name}\``
      this.report(
        'graph/unused-layer',
        layer.path,
        message,
        'name it in the `inputs` of another layer or in `outputs`, or remove it',
        {
          severity: 'warning',
          atKey: true,
        },
      )
    }
  }

  private nodeValue(path: Path): unknown {
    return path.reduce<unknown>(
      (value, step) => (value as Record<string | number, unknown> | null)?.[step],
      this.source.value,
    )
  }

  private report(
    code: Diagnostic['code'],
    path: Path,
    message: string,
    help: string,
    rest: { fixes?: readonly Fix[]; related?: Diagnostic['related']; severity?: 'warning'; atKey?: boolean } = {},
  ): void {
    this.diagnostics.push(reportAt(this.source, code, path, message, { help, ...rest }))
  }
}

/** True for nearly every spec: each layer stands below what feeds it. */
function isOrdered(nodes: readonly GraphNode[]): boolean {
  const seen = new Set<string>()
  return nodes.every(({ name, inputs }) => {
    const ready = inputs.every((input) => seen.has(input))
    seen.add(name)
    return ready
  })
}
