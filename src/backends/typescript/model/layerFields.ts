/** Reads and replaces the options of the call that creates a layer. */
import type { Call, Expression } from '../../../language/expression.ts'

export type Fields = readonly (readonly [string, Expression])[]

/** Returns the options of a layer; if the call wraps a layer, those of the wrapped one. */
export function fieldsOf({ args: [options] }: Call): Fields {
  if (options?.kind === 'call') return fieldsOf(options)
  return options?.kind === 'record' ? options.fields : []
}

export function withFields(made: Call, fields: Fields): Call {
  const [first, ...others] = made.args
  if (first?.kind === 'call') return { ...made, args: [withFields(first, fields), ...others] }
  // The types of some layers require options even if they are empty.
  return { ...made, args: [{ kind: 'record', fields }, ...others] }
}
