/** Go to definition, references and rename, for layers, blocks, variables, parameters and counters. */
import { checkText } from '../analyze.ts'
import { applyEdits, type Span, type TextEdit } from '../diagnostics/diagnostic.ts'
import { documentLinks } from './fileLinks.ts'
import { findInheritedNames, findNames, type NamePlace } from './names.ts'
import { choicesByPatterns } from './sameNetwork.ts'
import type { SpecDocument } from './specDocument.ts'

/**
 * Returns the place where the name at an offset is defined: for an automatic name, the item of its layer. Variables, blocks
 * and the layers that `override` changes may be in a file that the spec extends. A path leads to the beginning of its file.
 */
export function definitionAt(document: SpecDocument, offset: number): Span | undefined {
  const { names, here } = findAt(document, offset)
  if (here === undefined) return fileAt(document, offset)
  const own = names.find((one) => one.isDefinition && isSame(one, here))
  const found = own ?? findInheritedNames(document.analysis.source).find((one) => isNamedAs(one, here))
  return found?.span ?? automaticDefinition(document, here)
}

function fileAt(document: SpecDocument, offset: number): Span | undefined {
  const link = documentLinks(document).find(({ span }) => span.start <= offset && offset <= span.end)
  return link && { file: link.file, start: 0, end: 0 }
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
  const edits = names.filter((one) => isSame(one, here)).map(({ span }) => ({ span, newText: to }))
  const isChosenAlike = here.kind !== 'layer' || keepsChoices(document, edits)
  return isChosenAlike
    ? edits
    : `\`${to}\` matches other patterns of layer names than \`${here.name}\`: change the patterns first`
}

/** Whether the patterns of the spec still set the same for each layer after it has been renamed. */
function keepsChoices({ analysis, text, file, options }: SpecDocument, edits: readonly TextEdit[]): boolean {
  return choicesByPatterns(analysis) === choicesByPatterns(checkText(applyEdits(text, edits), file, options))
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
  { kind, layer }: NamePlace,
): Span | undefined {
  const node = kind === 'layer' ? graph.nodes.find((one) => one.name === layer && !one.implied) : undefined
  return node && source.locateKey(node.item.path)
}
