/** Determines the loss, the weight and the metrics of each output, and checks that the spec gives them to existing outputs. */
import type { Diagnostic, Fix, Path } from '../diagnostics/diagnostic.ts'
import { didYouMean, listWords } from '../diagnostics/didYouMean.ts'
import type { Choice } from '../language/schema.ts'
import { addEntry, renameKey, setValue, yamlText } from '../source/edits.ts'
import { reportAt } from '../source/report.ts'
import type { SourceDocument } from '../source/source.ts'
import { valueForOutput, withoutNotes } from '../validation/perOutput.ts'
import type { Spec } from '../validation/spec.ts'
import type { Graph } from './graph.ts'
import { GraphContext } from './graphContext.ts'
import { maxListedNames } from './layerNames.ts'

export interface LocatedChoice extends Choice {
  readonly path: Path
}

export interface OutputObjective {
  readonly output: string
  readonly loss: LocatedChoice
  /** The weight of its loss in the total loss. */
  readonly weight: number
  readonly metrics: readonly LocatedChoice[]
}

/** Returns the objectives in the order of the outputs, without outputs that have no loss. */
export function objectivesOf(spec: Spec, outputs: readonly string[]): OutputObjective[] {
  return outputs.flatMap((output) => {
    const loss = spec.loss && valueForOutput(spec.loss, output)
    if (spec.loss === undefined || loss === undefined) return []
    const lossPath = 'all' in spec.loss ? ['loss'] : ['loss', output]
    const metricsPath = 'all' in spec.metrics ? ['metrics'] : ['metrics', output]
    const metrics = (valueForOutput(spec.metrics, output) ?? []).map((metric, index) => ({
      ...metric,
      path: [...metricsPath, index],
    }))
    return { output, loss: { ...loss, path: lossPath }, weight: weightOf(spec, output), metrics }
  })
}

function weightOf({ lossWeights }: Spec, output: string): number {
  return Object.hasOwn(lossWeights, output) ? lossWeights[output]! : 1
}

export function checkObjectives(spec: Spec, { nodes, outputs }: Graph, source: SourceDocument): Diagnostic[] {
  if (!knowsOutputs(spec, outputs, source)) return []
  const context = new GraphContext(spec, source)
  const isLayer = new Set(nodes.map(({ name }) => name))
  const isOutput = new Set(outputs)
  for (const [key, names] of statedKeys(spec)) {
    const taken = new Set(names)
    const free = outputs.filter((output) => !taken.has(output))
    for (const name of names) {
      if (isOutput.has(name)) continue
      if (isLayer.has(name)) reportNotAnOutput(context, [key, name], outputs)
      else reportUnknownOutput(context, [key, name], outputs, free)
    }
  }
  // An output whose name is misspelt in `loss` has no loss, but that is not a second mistake.
  const isMisspelt = context.diagnostics.some(({ path }) => path[0] === 'loss')
  return isMisspelt ? context.diagnostics : [...context.diagnostics, ...reportUntrained(spec, outputs, source)]
}

/** Whether the outputs are known: after a misspelt output, or an unreadable last layer, an entry for it is not another mistake. */
function knowsOutputs(spec: Spec, outputs: readonly string[], source: SourceDocument): boolean {
  const { outputs: stated, layers } = spec
  if (stated !== undefined) return new Set(stated).size === outputs.length
  return layers.at(-1)?.valid === true && source.pairAt(['outputs']) === undefined
}

/** The sections of the spec that map outputs to something, each with its output names. */
function statedKeys({ loss, lossWeights, metrics }: Spec): [string, string[]][] {
  const namesIn = (stated: object | undefined) => Object.keys(stated && 'each' in stated ? (stated.each as object) : {})
  return [
    ['loss', namesIn(loss)],
    ['lossWeights', Object.keys(lossWeights)],
    ['metrics', namesIn(metrics)],
  ]
}

function reportNotAnOutput(context: GraphContext, path: readonly [string, string], outputs: readonly string[]): void {
  const [key, name] = path
  const edits = setValue(context.source, ['outputs'], [...outputs, name])
  const list = `outputs: [${[...outputs, name].join(', ')}]`
  context.report('graph/not-an-output', path, `\`${key}\` contains \`${name}\`, a layer that is not an output`, {
    atKey: true,
    help: outputs.length < maxListedNames ? `set \`${list}\` to make it one` : 'add it to `outputs`',
    fixes: edits ? [{ kind: 'suggestion', title: `make \`${name}\` an output`, edits }] : [],
  })
}

/** @param free The outputs that have no entry in this section. */
function reportUnknownOutput(
  context: GraphContext,
  path: readonly [string, string],
  outputs: readonly string[],
  free: readonly string[],
): void {
  const [key, name] = path
  const candidates = context.takeWords(() => free)
  const meant = (candidates && didYouMean(name, candidates)) ?? (free.length === 1 ? free[0] : undefined)
  const edits = meant === undefined ? undefined : renameKey(context.source, path, meant)
  const fixes: Fix[] = edits ? [{ kind: 'suggestion', title: `replace \`${name}\` with \`${meant}\``, edits }] : []
  const known = `the outputs are ${listWords(outputs.slice(0, maxListedNames), 'and')}`
  context.report('graph/not-an-output', path, `\`${key}\` contains \`${name}\`, which is not an output`, {
    atKey: true,
    help: meant === undefined ? known : `did you mean \`${meant}\`?`,
    fixes,
  })
}

/** Reports outputs that have no entry in the map of losses. Keras accepts them, and does not train them. */
function reportUntrained({ loss }: Spec, outputs: readonly string[], source: SourceDocument): Diagnostic[] {
  if (loss === undefined || 'all' in loss) return []
  const written = withoutNotes((source.value as { loss: Readonly<Record<string, unknown>> }).loss)
  const example = Object.values(written)[0]
  return outputs.flatMap((output) => {
    if (valueForOutput(loss, output) !== undefined) return []
    const edits = addEntry(source, ['loss'], output, example)
    return reportAt(
      source,
      'graph/output-without-loss',
      ['loss'],
      `\`loss\` has no entry for the output \`${output}\``,
      {
        atKey: true,
        help: 'add a loss for it, or remove it from `outputs`: without a loss it is not trained',
        fixes: edits ? [{ kind: 'suggestion', title: `add \`${output}: ${yamlText(example)}\``, edits }] : [],
      },
    )
  })
}
