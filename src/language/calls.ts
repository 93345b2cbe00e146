/** Calls of functions by name, checked by the compiler against the types of what they call, of which nothing is loaded. */
import { express, reference, type Call, type Expressible, type Expression, type Reference } from './expression.ts'

type Plain = null | undefined | boolean | number | string
type Anything = (...args: never) => unknown

/** The names of the functions of a module. */
type NamesOf<M> = { [K in keyof M]: M[K] extends Anything ? K : never }[keyof M] & string

/** What stands for a value of type T in a call: an expression that gives one, or the value where it is plain data. */
type Lowered<T> = Expression | (T extends Anything ? never : T extends readonly (infer I)[] ? readonly Lowered<I>[] : T)

/** Of an options object, each option may be an expression. */
type LoweredArgument<T> =
  | Expression
  | (T extends Plain | Anything | readonly unknown[]
      ? Lowered<T>
      : { readonly [K in keyof T]: Lowered<T[K]> | (undefined extends T[K] ? undefined : never) })

type LoweredArguments<F> = F extends (...args: infer A extends readonly unknown[]) => unknown
  ? { [I in keyof A]: LoweredArgument<A[I]> }
  : never

/** An options object has no other keys than those that the function takes: a misnamed option is an error. */
type WithoutOthers<Given, Wanted> = Given extends Plain | Expression | readonly unknown[]
  ? Given
  : Given & { readonly [K in Exclude<keyof Given, KeysOf<Wanted>>]: never }

type KeysOf<T> = T extends T ? keyof T : never

/**
 * Makes the calls of one module: `callsTo<typeof import('…/adam.run.ts')>()` checks `('adam', { beta1 })` against that
 * function, and loads nothing. Options that are all left out are no argument.
 *
 * @param path What comes before the names in a program: `tf.layers.`.
 */
export function callsTo<M>(path = '') {
  return <K extends NamesOf<M>, A extends LoweredArguments<M[K]> & readonly unknown[]>(
    callee: K,
    ...args: {
      [I in keyof A]: I extends keyof LoweredArguments<M[K]> ? WithoutOthers<A[I], LoweredArguments<M[K]>[I]> : A[I]
    } & A
  ): Call => {
    const given = (args as readonly (Expressible | undefined)[]).filter((arg) => arg !== undefined)
    return { kind: 'call', callee: `${path}${callee}`, args: withoutEmptyEnd(given.map(express)) }
  }
}

/** As `callsTo`, of functions that only compiled scripts call. */
export const scriptCallsTo = callsTo

/** References to the functions of one module, checked as `callsTo` checks calls. */
export function functionsOf<M>() {
  return (name: NamesOf<M>): Reference => reference(name)
}

function withoutEmptyEnd(args: readonly Expression[]): readonly Expression[] {
  const last = args.at(-1)
  return last?.kind === 'record' && last.fields.length === 0 ? args.slice(0, -1) : args
}
