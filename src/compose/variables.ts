/** Reads `vars`, whose values may refer to each other in any order. */
import { wrongType } from '../diagnostics/schemaMessages.ts'
import type { Composition } from './composition.ts'
import { expandValue } from './expandValue.ts'
import { unknown } from './expressions/evaluate.ts'
import { isReservedWord } from './expressions/readExpression.ts'
import { originInside, type Expanded, type Origin, type Use } from './origins.ts'
import type { Binding, Scope } from './scope.ts'

/**
 * Reads the variables of the spec, and computes all of them, so that mistakes in unused ones are found as well.
 *
 * @param isIncomplete Whether other specs may define more of them.
 */
export function readVariables(context: Composition, written: unknown, place: Origin, isIncomplete: boolean): Scope {
  const bindings = new Map<string, Binding>()
  const scope: Scope = { bindings, isIncomplete }
  if (written === undefined || written === null) return scope
  if (typeof written !== 'object' || Array.isArray(written)) {
    context.report('schema/wrong-type', place, wrongType('`vars`', written, ['object']))
    return { bindings, isIncomplete: true }
  }
  for (const [name, value] of Object.entries(written)) {
    const one = originInside(place, name)
    if (name.startsWith('x-')) continue
    // A variable with a bad name is known, so that its references are not reported as well.
    checkName(context, one, name, 'variable')
    bindings.set(
      name,
      bindLater(context, name, one, () => expandValue(context, value, one, scope)),
    )
  }
  for (const binding of bindings.values()) binding.resolve()
  return scope
}

/** Reports a name that an expression could not use. */
export function checkName(context: Composition, place: Origin, name: string, what: string, use?: Use): boolean {
  const isReserved = isReservedWord(name)
  if (/^[A-Za-z_]\w*$/.test(name) && !isReserved) return true
  const message = isReserved
    ? `\`${name}\` is a word of expressions, so no ${what} can have this name`
    : `\`${name}\` is not the name of a ${what}`
  context.report('schema/bad-name', place, message, {
    use,
    atKey: true,
    help: `the name of a ${what} is a letter, then letters, digits and _, as in \`$base_width\``,
  })
  return false
}

/** Binds a name to a value that is computed once, when it is first used. */
export function bindLater(context: Composition, name: string, place: Origin, compute: () => Expanded): Binding {
  let state: 'new' | 'open' | Expanded = 'new'
  return {
    resolve() {
      if (state === 'open') {
        const help = `a name means its innermost value: here \`$${name}\` is \`${name}\` itself`
        context.report('compose/cycle', place, `the value of \`${name}\` depends on itself`, { atKey: true, help })
        return { value: unknown, origin: place, size: 1, isPlain: false }
      }
      if (state !== 'new') return state
      state = 'open'
      state = compute()
      return state
    },
  }
}
