/** Go to definition, references and rename, for layers, blocks, variables, parameters and counters. */
import type { Span, TextEdit } from '../diagnostics/diagnostic.ts'
import { findInheritedNames, findNames, type NamePlace } from './names.ts'
import type { SpecDocument } from './specDocument.ts'

/**
 * Returns the place where the name at an offset is defined: for an automatic name, the item of its layer. Variables, blocks
 * and the layers that `override` changes may be in a file that the spec extends.
 */
export function definitionAt(document: SpecDocument, offset: number): Span | undefined {
  const { names, here } = findAt(document, offset)
  if (here === undefined) return undefined
  const own = names.find((one) => one.isDefinition && isSame(one, here))
  const found = own ?? findInheritedNames(document.analysis.source).find((one) => isNamedAs(one, here))
  return found?.span ?? automaticDefinition(document, here)
}

/** Returns the use of the name of a layer at an offset, such as in `inputs` or `override`. */
export function layerUseAt(document: SpecDocument, offset: number): NamePlace | undefined {
  const { here } = findAt(document, offset)
  return here?.kind === 'layer' && !here.isDefinition ? here : undefined
}

/** Returns all places of the name at an offset. */
export function referencesAt(document: SpecDocument, offset: number, withDefinition = true): readonly Span[] {
  const { names, here } = findAt(document, offset)
  if (here === undefined) return []
  return names.filter((one) => isSame(one, here) && (withDefinition || !one.isDefinition)).map(({ span }) => span)
}

/** The name at an offset, if it can be renamed: it is defined in this spec. */
export function renamableAt(document: SpecDocument, offset: number): Span | undefined {
  const { names, here } = findAt(document, offset)
  const isDefined = here !== undefined && names.some((one) => one.isDefinition && isSame(one, here))
  return isDefined ? here.span : undefined
}

/** Returns the edits that rename what is at an offset; a text if the new name is not allowed. */
export function renameAt(document: SpecDocument, offset: number, to: string): readonly TextEdit[] | string {
  const { names, here } = findAt(document, offset)
  if (here === undefined || renamableAt(document, offset) === undefined) return 'nothing here can be renamed'
  const pattern = here.kind === 'variable' ? /^[A-Za-z_]\w*$/ : /^[A-Za-z][A-Za-z0-9_-]*$/
  if (!pattern.test(to)) {
    const allowed = here.kind === 'variable' ? 'letters, digits and _' : 'letters, digits, _ and -'
    return `\`${to}\` is not a name: write a letter, then ${allowed}`
  }
  const isTaken = names.some(
    (one) => one.isDefinition && one.kind === here.kind && one.scope === here.scope && one.name === to,
  )
  if (isTaken && to !== here.name) return `\`${to}\` is already the name of another ${here.kind}`
  return names.filter((one) => isSame(one, here)).map(({ span }) => ({ span, newText: to }))
}

function findAt({ analysis, text }: SpecDocument, offset: number) {
  const names = findNames(analysis.source)
  const isHere = ({ span }: NamePlace) =>
    span.start <= offset && offset <= span.end && text.slice(span.start, span.end) !== ''
  return { names, here: names.find(isHere) }
}

function isSame(one: NamePlace, other: NamePlace): boolean {
  return isNamedAs(one, other) && one.scope === other.scope
}

function isNamedAs(one: NamePlace, other: NamePlace): boolean {
  return one.kind === other.kind && one.name === other.name
}

function automaticDefinition(
  { analysis: { source, graph } }: SpecDocument,
  { kind, name, scope }: NamePlace,
): Span | undefined {
  const node =
    kind === 'layer' && scope === '' ? graph.nodes.find((one) => one.name === name && !one.implied) : undefined
  return node && source.locateKey(node.item.path)
}
