/** Completes the names of a spec: variables and layers. */
import { isMap } from '../compose/blocks.ts'
import { functionNames } from '../compose/expressions/functions.ts'
import type { GraphNode } from '../graph/graph.ts'
import { applyType } from '../language/apply.ts'
import { countOf } from '../diagnostics/formatCount.ts'
import { showValue } from '../diagnostics/schemaMessages.ts'
import { formatShape } from '../language/dims.ts'
import type { Choice, Cursor } from './completionItem.ts'
import { findNames, type NamePlace } from './names.ts'
import { readParents } from './parentSources.ts'
import type { SpecDocument } from './specDocument.ts'
import type { SourceDocument } from '../source/source.ts'

/** The largest number of names that are offered. */
export const mostNames = 500

/** The variables, parameters and counters that are known at the cursor, as references. */
export function completeVariables(cursor: Cursor): readonly Choice[] {
  return [
    ...variablesAt(cursor).map((choice) => ({ ...choice, label: `$${choice.label}`, snippet: `\\$${choice.snippet}` })),
    { label: '$(…)', kind: 'variable', snippet: '\\$($1)', detail: `an expression, with ${functionNames}` },
  ]
}

/** The names inside an expression: variables and functions. */
export function completeExpression(cursor: Cursor): readonly Choice[] {
  const functions = functionNames.match(/\w+(?=`)/g) ?? []
  return [
    ...variablesAt(cursor),
    ...functions.map((name): Choice => ({ label: name, kind: 'block', snippet: `${name}($1)`, detail: 'a function' })),
  ]
}

function variablesAt({ document, place }: Cursor): readonly Choice[] {
  const { source } = document.analysis
  const values = Object.assign({}, ...[...readParents(source), source.written].map(variablesOf)) as Values
  const own = definitionsAround(findNames(source), 'variable', place.path)
  const inherited = Object.keys(values).filter((name) => own.every((one) => one.name !== name))
  return [...own, ...inherited.map((name) => ({ name, scope: '' }))].map(({ name, scope }): Choice => {
    const detail = scope === '' ? showValue(values[name]) : 'parameter or counter'
    return { label: name, kind: 'variable', snippet: name, detail, isLikely: scope !== '' }
  })
}

type Values = Readonly<Record<string, unknown>>

function variablesOf({ value }: SourceDocument): Values {
  return isMap(value) && isMap(value['vars']) ? value['vars'] : {}
}

/** The names of the layers that `override` can change, with their types and outputs. */
export function completeOverridden({ analysis: { shaped } }: SpecDocument): readonly Choice[] {
  return shaped.nodes
    .filter(({ implied }) => !implied)
    .slice(0, mostNames)
    .map(({ name, layer, shape }): Choice => {
      const detail = `${layer.type} → ${formatShape(shape)}`
      // Of a deep network, what the spec calls by a name of its own is listed before what is inside calls.
      return { label: name, kind: 'name', snippet: name, detail, isLikely: !name.includes('/') }
    })
}

/** The names of the layers that have weights, where a pattern chooses some of them. */
export function completeWeighted({ analysis: { shaped } }: SpecDocument): readonly Choice[] {
  const weighted = shaped.nodes.filter(({ weights }) => weights.length > 0).slice(0, mostNames)
  return weighted.map(({ name, layer, params }): Choice => {
    const detail = `${layer.type}, ${countOf(params, 'parameter')}`
    return { label: name, kind: 'name', snippet: name, detail, isLikely: !name.includes('/') }
  })
}

/** The names of layers, where a value refers to one. */
export function completeNames({ document, place: { path } }: Cursor): readonly Choice[] {
  const [key, parent] = [path.at(-1), path.at(-2)]
  const isInput = key === 'inputs' || parent === 'inputs' || (key === 'layer' && parent === applyType)
  const isOutput = path[0] === 'outputs'
  if (path[0] === 'weights' && [key, parent].some((one) => one === 'layers' || one === 'except')) {
    return completeWeighted(document)
  }
  if (!isInput && !isOutput) return []
  const { source, graph } = document.analysis
  const stated = definitionsAround(findNames(source), 'layer', path).map(({ name }) => name)
  const isInBlock = path[0] === 'blocks'
  const index = isOutput ? graph.nodes.length : Number(path[1])
  const isAbove = ({ implied, item, name }: GraphNode) =>
    (implied || Number(item.path[1]) < index) && !name.includes('/')
  const automatic = isInBlock ? ['input'] : graph.nodes.filter(isAbove).map(({ name }) => name)
  return [...new Set([...stated, ...automatic])].map((name) => ({ label: name, kind: 'name', snippet: name }))
}

/** The definitions whose scope is around a path: the scope of a block or a repeat is the path of it. */
function definitionsAround(
  names: readonly NamePlace[],
  kind: NamePlace['kind'],
  path: readonly unknown[],
): NamePlace[] {
  const here = `${path.join('/')}/`
  const isAround = ({ scope }: NamePlace) => scope === '' || here.startsWith(`${scope}/`)
  // Names of layers inside a block are local to it.
  const isLocal = kind === 'layer' && path[0] === 'blocks'
  return names.filter((one) => one.isDefinition && one.kind === kind && isAround(one) && !(isLocal && one.scope === ''))
}
