/** Hover on the patterns of `trainable`, `learningRates` and `weights`: the layers that they match, and what these get. */
import { countOf } from '../diagnostics/formatCount.ts'
import { pretrainedLayers } from '../graph/pretrainedLayers.ts'
import type { ShapedNode } from '../graph/shapes.ts'
import { matchesName } from '../language/layerPattern.ts'
import type { Spec } from '../validation/spec.ts'
import type { Place } from './cursor.ts'
import type { SpecDocument } from './specDocument.ts'

export function describeChoice({ analysis }: SpecDocument, { path, role, word }: Place): string[] {
  const { spec, shaped } = analysis
  const [section, key] = path
  const weighted = shaped.nodes.filter(({ weights }) => weights.length > 0)
  if (section === 'trainable' || section === 'learningRates') {
    const lines = path.length === 2 ? describeEntry(spec, section, String(key), weighted) : []
    return lines.length === 0 ? [] : [lines.join('  \n')]
  }
  if (section !== 'weights' || role === 'key') return []
  if (key === 'from') return describeFile(spec, weighted)
  if (key !== 'layers' && key !== 'except') return []
  const matched = weighted.filter(({ name }) => matchesName(word, name))
  return word.includes('*') ? [describeMatches(word, matched)] : []
}

/** An entry of a map from patterns to what they set. */
function describeEntry(
  spec: Spec,
  section: 'trainable' | 'learningRates',
  pattern: string,
  weighted: readonly ShapedNode[],
): string[] {
  const patterns = Object.keys(spec[section])
  // A note or a wrong value is not an entry.
  if (!patterns.includes(pattern)) return []
  const matched = weighted.filter(({ name }) => matchesName(pattern, name))
  const isDecisive = ({ name, item }: ShapedNode) =>
    patterns.findLast((one) => matchesName(one, name)) === pattern &&
    !(section === 'trainable' && item.statesTrainable === true)
  const decided = matched.filter(isDecisive)
  const isShared = decided.length < matched.length
  return [
    describeMatches(pattern, matched),
    ...(isShared
      ? [`It decides for ${listNames(decided)}; a later pattern or the layer itself decides for the others.`]
      : []),
    ...(section === 'learningRates' ? describeRate(spec, pattern, decided) : []),
  ]
}

/** The learning rate that an entry leads to. */
function describeRate(
  { learningRates, optimizer, schedule }: Spec,
  pattern: string,
  decided: readonly ShapedNode[],
): string[] {
  const factor = learningRates[pattern]
  const base = optimizer?.options['learningRate']
  const frozen = decided.filter(({ trainableParams }) => trainableParams === 0)
  const rest = frozen.length === 0 ? [] : [`frozen, so without a rate: ${listNames(frozen)}`]
  if (typeof factor !== 'number' || typeof base !== 'number') return rest
  const scheduled = schedule === undefined ? '' : `, before the schedule \`${schedule.type}\``
  return [`learning rate ${factor} × ${base} = **${Number((factor * base).toPrecision(6))}**${scheduled}`, ...rest]
}

/** The file of trained weights, and the layers that take theirs from it. */
function describeFile({ weights, weightsFacts }: Spec, weighted: readonly ShapedNode[]): string[] {
  if (weights === undefined) return []
  const header = weightsFacts?.header
  const file = header === undefined ? [] : [`${countOf(header.arrays.length, 'array')} in the format ${header.format}`]
  const chosen = pretrainedLayers(weighted, weights)
  const kept = weighted.filter((node) => !chosen.includes(node))
  const initial = kept.length === 0 ? [] : [`initial weights: ${listNames(kept)}`]
  return [[...file, `weights from it: ${listNames(chosen)}`, ...initial].join('  \n')]
}

function describeMatches(pattern: string, matched: readonly ShapedNode[]): string {
  if (matched.length === 0) return `\`${pattern}\` matches no layer that has weights`
  return `\`${pattern}\` matches ${countOf(matched.length, 'layer')}: ${listNames(matched)}`
}

/** The largest number of layers that are listed. */
const mostListed = 8

function listNames(nodes: readonly ShapedNode[]): string {
  if (nodes.length === 0) return 'no layer'
  const names = nodes.slice(0, mostListed).map(({ name }) => `\`${name}\``)
  const more = nodes.length > mostListed ? [`and ${nodes.length - mostListed} more`] : []
  return [...names, ...more].join(', ')
}
