/** Merges the diagnostics that composition multiplied, and reports how many uses of a block have the mistake. */
import {
  keyOfSpan,
  type Diagnostic,
  type Fix,
  type RelatedPlace,
  type TracedDiagnostic,
  type Uses,
} from './diagnostic.ts'

/** The largest number of uses whose chain of calls is shown. */
const mostChains = 3

/** Merges diagnostics of one code and origin into the first of them, which keeps its message. Other diagnostics stay as they are. */
export function mergeUses(found: readonly TracedDiagnostic[]): TracedDiagnostic[] {
  const groups = new Map<TracedDiagnostic | string, TracedDiagnostic[]>()
  for (const one of found) {
    const key = one.uses === undefined ? one : `${one.code} ${keyOfSpan(one.span)}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [one])
    else group.push(one)
  }
  return [...groups.values()].map(mergeGroup)
}

/** Merges diagnostics of one code and span. */
export function mergeGroup(group: readonly TracedDiagnostic[]): TracedDiagnostic {
  const [first] = group as [TracedDiagnostic]
  if (group.length === 1 || first.uses === undefined) return first
  const users = new Set(group.flatMap(({ uses }) => [...(uses?.users ?? [])]))
  const most = mostChainsOf(users.size, first.uses.copies)
  const chains = group.flatMap(({ uses }) => uses?.chains ?? []).slice(0, most)
  return { ...first, uses: { ...first.uses, users, chains } }
}

/** The largest number of chains to show. What is wrong in every use is wrong in the block: one chain shows how it is used. */
export function mostChainsOf(users: number, copies: number): number {
  return users < copies ? mostChains : 1
}

/** Completes a diagnostic of a composed spec: its path as written, the number of uses, and the chains of calls as related places. */
export function describeUses(diagnostic: TracedDiagnostic): Diagnostic {
  const { uses, ...rest } = diagnostic
  if (uses === undefined) return diagnostic
  const { path, users, copies, chains, parents } = uses
  // Items of a spec that is too large may be reported without being counted as copies.
  const count = users.size < copies ? `${users.size} of ${copies}` : `all ${users.size}`
  const message = users.size > 0 && copies > 1 ? `${rest.message} (in ${count} uses)` : rest.message
  const related = withoutRepeats([...rest.related, ...chains.flat(), ...parents])
  return { ...rest, message, path, related, fixes: rest.fixes.flatMap((fix) => editsOfDefinition(fix, uses)) }
}

function withoutRepeats(places: readonly RelatedPlace[]): RelatedPlace[] {
  const seen = new Map(places.map((place) => [`${place.message} ${keyOfSpan(place.span)}`, place]))
  return [...seen.values()]
}

/** For a fix that replaces `$name` with a value: first the same change where the value of `name` is written, then the fix itself. */
function editsOfDefinition(fix: Fix, { reference }: Uses): Fix[] {
  const [edit, ...others] = fix.edits
  if (reference === undefined || edit === undefined || others.length > 0) return [fix]
  const { file } = reference.definition
  if ((file !== undefined && file !== reference.span.file) || keyOfSpan(edit.span) !== keyOfSpan(reference.span))
    return [fix]
  const { name, definition } = reference
  return [
    { ...fix, title: `${fix.title} as the value of \`${name}\``, edits: [{ ...edit, span: definition }] },
    { ...fix, title: `${fix.title} instead of \`$${name}\`` },
  ]
}
