/** Replaces references and expressions in the values of a spec: `$name`, `$(expression)`, and `$$text` for the literal `$text`. */
import type { Span } from '../diagnostics/diagnostic.ts'
import { didYouMean, listWords } from '../diagnostics/didYouMean.ts'
import { showValue } from '../diagnostics/schemaMessages.ts'
import { withCommas } from '../source/splitTexts.ts'
import type { Composition } from './composition.ts'
import { evaluate, unknown } from './expressions/evaluate.ts'
import { ExpressionProblem } from './expressions/problem.ts'
import { originInside, valueSpan, type Expanded, type Origin, type UsedName } from './origins.ts'
import { meantReference } from './meantReference.ts'
import { findBinding, mayBeHidden, namesIn, type Scope } from './scope.ts'

/** Expands a value that was written at `place`. */
export function expandValue(context: Composition, value: unknown, place: Origin, scope: Scope): Expanded {
  if (typeof value === 'string') return expandText(context, value, place, scope)
  if (Array.isArray(value)) return expandItems(context, value, place, scope)
  if (value !== null && typeof value === 'object') return expandMap(context, value, place, scope)
  return plain(value, place)
}

function plain(value: unknown, place: Origin): Expanded {
  return { value, origin: place, size: 1, isPlain: true }
}

/** Whether a text means something else than itself: a reference, an expression, or a text that escapes a `$`. */
export function isReference(value: unknown): value is string {
  return typeof value === 'string' && value.startsWith('$')
}

function expandItems(context: Composition, items: readonly unknown[], place: Origin, scope: Scope): Expanded {
  const expanded = items.map((item, index) => expandValue(context, item, originInside(place, index), scope))
  return joinEntries(items, place, [...expanded.entries()], () => expanded.map(({ value }) => value))
}

function expandMap(context: Composition, map: object, place: Origin, scope: Scope): Expanded {
  const entries = Object.entries(map).map(
    // Notes are free: they may contain any text.
    ([key, value]) =>
      [
        key,
        key.startsWith('x-')
          ? plain(value, originInside(place, key))
          : expandValue(context, value, originInside(place, key), scope),
      ] as const,
  )
  return joinEntries(map, place, entries, () => mapOf(entries.map(([key, { value }]) => [key, value] as const)))
}

/** Returns a map without a prototype, so that a key such as `__proto__` is a key like any other. */
export function mapOf(entries: Iterable<readonly [string, unknown]>): Record<string, unknown> {
  const map = Object.create(null) as Record<string, unknown>
  for (const [key, value] of entries) map[key] = value
  return map
}

/** The expanded list or map. It is the written one itself if nothing inside has changed. */
function joinEntries(
  written: object,
  place: Origin,
  entries: readonly (readonly [string | number, Expanded])[],
  build: () => unknown,
): Expanded {
  const changed = entries.filter(([, { isPlain }]) => !isPlain)
  const size = entries.reduce((sum, [, one]) => sum + one.size, 1)
  if (changed.length === 0) return { value: written, origin: place, size, isPlain: true }
  const inside = new Map([...(place.inside ?? []), ...changed.map(([key, { origin }]) => [key, origin] as const)])
  return { value: build(), origin: { ...place, inside }, size, isPlain: false }
}

function expandText(context: Composition, text: string, place: Origin, scope: Scope): Expanded {
  if (!isReference(text)) return plain(text, place)
  const { use } = scope
  if (text.startsWith('$$')) return { value: text.slice(1), origin: place, size: 1, isPlain: false }
  const [, name] = /^\$([A-Za-z_]\w*)$/.exec(text) ?? []
  if (name !== undefined) return expandName(context, name, place, scope)
  // The name of such a variable was reported.
  if (findBinding(scope, text.slice(1)) !== undefined) return expandedUnknown(place)
  if (!text.startsWith('$(')) {
    const span = place.written.locateValue(place.path)
    const escaped = { kind: 'suggestion', title: `write \`$${text}\``, edits: [{ span, newText: `$${text}` }] } as const
    context.report('compose/bad-reference', place, `\`${text}\` is not a reference`, {
      use,
      help: 'a reference is all of a value: `$name` or `$(expression)`; `$$` begins a text with a `$`',
      fixes: [escaped],
      ...meantReference(text, namesIn(scope), span),
    })
    return expandedUnknown(place)
  }
  return expandExpression(context, text, place, scope)
}

function expandedUnknown(place: Origin): Expanded {
  return { value: unknown, origin: place, size: 1, isPlain: false }
}

function expandName(context: Composition, name: string, place: Origin, scope: Scope): Expanded {
  const found = lookUp(context, name, place, scope)
  if (found === undefined) return expandedUnknown(place)
  const { value, size } = found
  if (!context.takeValues(size, place)) return expandedUnknown(place)
  const isContainer = value !== null && typeof value === 'object'
  const origin: Origin = {
    ...place,
    ...(isContainer && { content: found.origin }),
    names: [{ name, value, origin: found.origin, isWhole: true }],
  }
  return { value, origin, size, isPlain: false }
}

function expandExpression(context: Composition, text: string, place: Origin, scope: Scope): Expanded {
  const inner = withCommas(text.endsWith(')') ? text.slice(2, -1) : text.slice(2))
  const names: UsedName[] = []
  try {
    if (!text.endsWith(')'))
      throw new ExpressionProblem('the parenthesis of this expression is not closed', 0, inner.length)
    const value = evaluate(context.expressionOf(inner), (name, inExpression) => {
      const found = lookUp(context, name, place, scope, spanInside(place, inner, inExpression))
      if (found === undefined) return unknown
      names.push({ name, value: found.value, origin: found.origin, isWhole: false })
      return found.value
    })
    return { value, origin: { ...place, names }, size: 1, isPlain: false }
  } catch (error) {
    if (!(error instanceof ExpressionProblem)) throw error
    context.report('compose/bad-expression', place, error.message, {
      span: spanInside(place, inner, error),
      use: scope.use,
      ...(error.help !== undefined && { help: error.help }),
      related: names.slice(0, 3).map(({ name, value, origin }) => ({
        message: `\`${name}\` is ${showValue(value)}`,
        span: valueSpan(origin, context.file),
      })),
    })
    return expandedUnknown(place)
  }
}

/** Returns the value of a name, or undefined after reporting that it has none. */
function lookUp(context: Composition, name: string, place: Origin, scope: Scope, span?: Span): Expanded | undefined {
  const found = findBinding(scope, name)?.resolve()
  if (found !== undefined) return found.value === unknown ? undefined : found
  if (mayBeHidden(scope)) return undefined
  const known = namesIn(scope)
  const meant = didYouMean(name, known)
  const word = span ?? spanInside(place, name, { start: 0, end: name.length })
  const help =
    scope.unnamedCounter === true
      ? `name the counter of the repeat: \`as: ${name}\``
      : known.length === 0
        ? 'define it in `vars`'
        : `the names here are ${listWords(known.slice(0, 12), 'and')}; others are defined in \`vars\``
  context.report('compose/unknown-name', place, `there is no variable or parameter \`${name}\``, {
    span: word,
    use: scope.use,
    help: meant === undefined ? help : `did you mean \`${meant}\`?`,
    fixes:
      meant === undefined || word === undefined
        ? []
        : [
            {
              kind: 'suggestion',
              title: `replace \`${name}\` with \`${meant}\``,
              edits: [{ span: word, newText: meant }],
            },
          ],
  })
  return undefined
}

/** The span of a part of the expression `text` at `path`; undefined if the text of the spec has it in another form, such as with escapes. */
export function spanInside(
  { written, path }: Origin,
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
): Span | undefined {
  const whole = written.locateValue(path)
  const from = written.text.slice(whole.start, whole.end).indexOf(text)
  if (from < 0) return undefined
  const last = whole.start + from + text.length
  const part = { start: whole.start + from + start, end: whole.start + from + end }
  // What is missing at the end of an expression is marked at its last character.
  return part.start < part.end ? part : { start: Math.min(part.start, last) - 1, end: Math.min(part.start, last) }
}
