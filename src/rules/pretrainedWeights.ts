/** Checks that the file of `weights` has what the layers of the network need, before anything is trained. */
import { countOf } from '../diagnostics/formatCount.ts'
import { didYouMean, listWords } from '../diagnostics/didYouMean.ts'
import type { Fix } from '../diagnostics/diagnostic.ts'
import { formatShape } from '../language/dims.ts'
import {
  arraysOfLayer,
  layersOfArrays,
  readableType,
  type NamedShape,
  type SavedArray,
} from '../language/savedArrays.ts'
import { pretrainedLayers } from '../graph/pretrainedLayers.ts'
import type { ShapedNode } from '../graph/shapes.ts'
import { addEntry, setValue, yamlText } from '../source/edits.ts'
import type { CheckedNetwork } from './checkedNetwork.ts'
import { defineRule, type Finding } from './defineRule.ts'

/** The largest number of layers that a message lists. */
const mostListed = 5

export const pretrainedWeights = defineRule({
  codes: ['weights/missing-layer', 'weights/not-found', 'weights/unreadable', 'weights/other-shape'],
  check(network) {
    const { spec, shaped } = network
    const { weights, weightsFacts: { header, problem } = {} } = spec
    if (weights === undefined) return []
    const path = ['weights', 'from']
    const found: Finding[] = []
    if (problem !== undefined) {
      const { isMissing, message, help } = problem
      found.push({ code: isMissing ? 'weights/not-found' : 'weights/unreadable', path, message, help })
    }
    if (!shaped.complete || header === undefined) return found
    const { arrays } = header
    const chosen = pretrainedLayers(shaped.nodes, weights)
    const saved = chosen.map((node) => ({ node, own: arraysOfLayer(node.name, node.weights, arrays) }))
    const unreadable = saved.flatMap(({ own }) => own).find(({ type }) => type !== readableType)
    if (unreadable !== undefined) found.push(reportType(unreadable, weights.from))
    const missing = saved.filter(({ own }) => own.length === 0).map(({ node }) => node)
    const misfits = saved.flatMap(({ node, own }) => (own.length === 0 ? [] : findMisfit(node, own, network)))
    return [...found, ...reportMissing(missing, layersOfArrays(arrays), network), ...misfits]
  },
})

/** Reports numbers that training does not read, such as those in half precision. */
function reportType({ name, type }: SavedArray, from: string): Finding {
  const message = `\`${name}\` in ${from} has numbers of the type ${type}, but only ${readableType} can be read`
  const help = 'convert its arrays to single precision, and save it again'
  return { code: 'weights/unreadable', path: ['weights', 'from'], message, help }
}

function reportMissing(missing: readonly ShapedNode[], saved: readonly string[], network: CheckedNetwork): Finding[] {
  const [first] = missing
  if (first === undefined) return []
  const { from } = network.spec.weights!
  const names = missing.map(({ name }) => name)
  const more = names.length > mostListed ? ` and ${countOf(names.length - mostListed, 'other layer')}` : ''
  const listed =
    more === ''
      ? listWords(names, 'and')
      : names
          .slice(0, mostListed)
          .map((name) => `\`${name}\``)
          .join(', ')
  const meant = names.length === 1 ? didYouMean(first.name, saved) : undefined
  const similar = meant === undefined ? '' : `the file has \`${meant}\`: give the layer this name, or `
  const has = saved.slice(0, 2 * mostListed).map((name) => `\`${name}\``)
  const others = saved.length > has.length ? ` and ${countOf(saved.length - has.length, 'other layer')}` : ''
  const contents = meant !== undefined || saved.length === 0 ? '' : `; the file has ${has.join(', ')}${others}`
  return [
    {
      path: ['weights', 'from'],
      message: `${from} has no weights for ${listed}${more}`,
      help: `${similar}list what keeps its initial weights in \`except\`, or what the file has in \`layers\`${contents}`,
      related: missing.slice(0, mostListed).map(({ name, item }) => ({
        message: `\`${name}\` is here`,
        span: network.source.locateKey(item.path),
      })),
      fixes: leaveOut(names, network),
    },
  ]
}

function findMisfit(node: ShapedNode, own: readonly NamedShape[], network: CheckedNetwork): Finding[] {
  const { spec, source } = network
  const { from } = spec.weights!
  const common = {
    code: 'weights/other-shape' as const,
    path: node.item.path,
    atKey: true,
    related: [{ message: 'its weights are read from here', span: source.locateValue(['weights', 'from']) }],
    fixes: leaveOut([node.name], network),
  }
  const help = `change the layer, or add it to \`except\`, so that it keeps its initial weights`
  if (own.length !== node.weights.length) {
    const message = `\`${node.name}\` has ${countOf(node.weights.length, 'weight')}, but ${from} has ${own.length} for it: ${own.map(describe).join(', ')}`
    return [{ ...common, message, help }]
  }
  const different = node.weights.flatMap((weight, index) => {
    const array = own[index]!
    const isSame =
      weight.shape.length === array.shape.length && weight.shape.every((size, axis) => size === array.shape[axis])
    return isSame
      ? []
      : [`its ${weight.name} is ${formatShape(weight.shape)}, but ${formatShape(array.shape)} in the file`]
  })
  if (different.length === 0) return []
  return [{ ...common, message: `\`${node.name}\` does not fit the weights in ${from}: ${different.join('; ')}`, help }]
}

function describe({ name, shape }: NamedShape): string {
  return `${name} ${formatShape(shape)}`
}

/** Adds layers to `except`. */
function leaveOut(names: readonly string[], { spec, source }: CheckedNetwork): Fix[] {
  const { except } = spec.weights!
  const all = [...except, ...names]
  const value = all.length === 1 ? all[0] : all
  const edits =
    except.length === 0
      ? addEntry(source, ['weights'], 'except', value)
      : setValue(source, ['weights', 'except'], value)
  return edits ? [{ kind: 'suggestion', title: `set \`except: ${yamlText(value)}\``, edits }] : []
}
