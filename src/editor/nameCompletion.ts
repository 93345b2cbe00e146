/** Completes names of the spec and of files: variables, layers, and the paths of datasets and parent specs. */
import { functionNames } from '../compose/expressions/functions.ts'
import type { GraphNode } from '../graph/graph.ts'
import { applyType } from '../language/apply.ts'
import { showValue } from '../diagnostics/schemaMessages.ts'
import { folderOf, joinPaths } from '../system/paths.ts'
import type { Choice, Cursor } from './completionItem.ts'
import { findNames, type NamePlace } from './names.ts'

/** The variables, parameters and counters that are known at the cursor. */
export function completeVariables({ document, place }: Cursor): readonly Choice[] {
  const { source } = document.analysis
  const vars = (source.written.value as { readonly vars?: Readonly<Record<string, unknown>> } | null)?.vars ?? {}
  const names = definitionsAround(findNames(source), 'variable', place.path)
  const variables = names.map(({ name, scope }): Choice => {
    const detail = scope === '' ? showValue(vars[name]) : 'parameter or counter'
    return { label: `$${name}`, kind: 'variable', snippet: `\\$${name}`, detail, isLikely: scope !== '' }
  })
  return [
    ...variables,
    { label: '$(…)', kind: 'variable', snippet: '\\$($1)', detail: `an expression, with ${functionNames}` },
  ]
}

/** The names of layers, where a value refers to one. */
export function completeNames({ document, place: { path } }: Cursor): readonly Choice[] {
  const [key, parent] = [path.at(-1), path.at(-2)]
  const isInput = key === 'inputs' || parent === 'inputs' || (key === 'layer' && parent === applyType)
  const isOutput = path[0] === 'outputs'
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

/** Files and folders beside the spec, where a value is a path. */
export function completeFiles({ document, place: { path } }: Cursor): readonly Choice[] {
  const key = path.at(-1)
  const isPath =
    path[0] === 'extends' || (path[0] === 'dataset' && (key === 'path' || key === 'files' || key === 'file'))
  const { host } = document.options
  if (!isPath || host === undefined) return []
  const entries = [...(host.list(joinPaths(folderOf(document.file), '.')) ?? [])]
  return entries
    .filter(({ name }) => !name.startsWith('.'))
    .slice(0, 200)
    .map(({ name, kind }) => ({
      label: `./${name}${kind === 'folder' ? '/' : ''}`,
      kind: 'file',
      snippet: `./${name}`,
    }))
}
