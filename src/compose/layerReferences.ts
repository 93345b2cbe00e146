/** Replaces the names by which layers refer to each other with those of the plain spec. */
import { didYouMean, listWords } from '../diagnostics/didYouMean.ts'
import { wrongType } from '../diagnostics/schemaMessages.ts'
import { impliedInputName } from '../language/layerNames.ts'
import type { Composition } from './composition.ts'
import { unknown } from './expressions/evaluate.ts'
import { namesOf, resolveName, type Frame } from './frames.ts'
import type { ListedItem } from './layerItems.ts'
import { originAt, type Expanded, type Origin } from './origins.ts'

/** An expanded value that is not what was written. */
export function changed(value: unknown, origin: Origin): Expanded {
  return { value, origin, size: 1, isPlain: false }
}

/** @param key Whether the names are those of `inputs`, or of the layer of an `apply`. */
export function resolveNames(
  context: Composition,
  { value, origin }: Expanded,
  frame: Frame,
  key: 'inputs' | 'layer',
  isOfCall = false,
): Expanded {
  const resolve = (name: unknown, place: Origin): unknown => {
    if (typeof name !== 'string') return name
    // The graph reports unknown inputs of layers, but those of a call would be reported inside its block.
    const isMissing = isOfCall && !name.includes('/') && !isKnown(frame, name)
    const found = isMissing ? undefined : resolveName(frame, name)
    if (found === undefined) reportUnknownName(context, name, place, frame, key)
    return found ?? unknown
  }
  if (!Array.isArray(value)) return changed(resolve(value, origin), origin)
  const names = value.map((name: unknown, index) => resolve(name, originAt(origin, [index])))
  return changed(names, origin)
}

function isKnown(frame: Frame, name: string): boolean {
  if (name === impliedInputName || frame.inputs.has(name) || frame.names.has(name)) return true
  return frame.outer !== undefined && isKnown(frame.outer, name)
}

function reportUnknownName(context: Composition, name: string, place: Origin, frame: Frame, key: string): void {
  const known = namesOf(frame)
  const where = frame.prefix === '' ? '' : ' in this block'
  const meant = didYouMean(name, known)
  const edits = [{ span: place.written.locateValue(place.path), newText: meant ?? '' }]
  const code = key === 'layer' ? 'graph/unknown-shared-layer' : 'graph/unknown-input'
  context.report(code, place, `there is no layer named \`${name}\`${where}`, {
    use: frame.scope.use,
    help: meant === undefined ? `its names are ${listWords(known.slice(0, 12), 'and')}` : `did you mean \`${meant}\`?`,
    fixes: meant === undefined ? [] : [{ kind: 'suggestion', title: `replace \`${name}\` with \`${meant}\``, edits }],
  })
}

/** The layers that feed a call or a repeat: those that it states, or the one before it. */
export function inputsOfCall(context: Composition, { item, frame, input }: ListedItem): readonly string[] | undefined {
  if (!Object.hasOwn(item.options, 'inputs')) return input === undefined ? undefined : [input]
  const { value, origin } = resolveNames(context, item.expand('inputs'), frame, 'inputs', true)
  const inputs = inputsIn(value)
  // Names that do not exist were reported.
  if (inputs === undefined && ![value].flat().includes(unknown)) {
    const help = 'write the name of a layer, or a list of names'
    context.report('schema/wrong-type', origin, wrongType('`inputs`', value, ['string', 'array']), {
      use: frame.scope.use,
      help,
    })
  }
  return inputs
}

/** The names in a value of `inputs`; undefined if it has another form. */
export function inputsIn(value: unknown): readonly string[] | undefined {
  const names = [value].flat()
  return value !== undefined && names.every((name) => typeof name === 'string') ? names : undefined
}
