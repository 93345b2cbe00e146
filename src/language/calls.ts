/** Builds calls of functions by name. TypeScript checks them against the types of the functions, whose modules are not loaded. */
import { express, reference, type Call, type Expressible, type Expression, type Reference } from './expression.ts'

type Plain = null | undefined | boolean | number | string
type Anything = (...args: never) => unknown

/** The names of the functions of a module. */
type NamesOf<M> = { [K in keyof M]: M[K] extends Anything ? K : never }[keyof M] & string

/** An argument of type T in a call: an expression, or the value itself if it is plain data. */
type Lowered<T> = Expression | (T extends Anything ? never : T extends readonly (infer I)[] ? readonly Lowered<I>[] : T)

/** As `Lowered`, but each option of an options object may be an expression. */
type LoweredArgument<T> =
  | Expression
  | (T extends Plain | Anything | readonly unknown[]
      ? Lowered<T>
      : { readonly [K in keyof T]: Lowered<T[K]> | (undefined extends T[K] ? undefined : never) })

type LoweredArguments<F> = F extends (...args: infer A extends readonly unknown[]) => unknown
  ? { [I in keyof A]: LoweredArgument<A[I]> }
  : never

/** Refuses keys that the options of the function do not have, so that a misspelt option is a type error. */
type WithoutOthers<Given, Wanted> = Given extends Plain | Expression | readonly unknown[]
  ? Given
  : Given & { readonly [K in Exclude<keyof Given, KeysOf<Wanted>>]: never }

type KeysOf<T> = T extends T ? keyof T : never

/**
 * Returns a function that builds calls of one module: with `callsTo<typeof import('…/adam.run.ts')>()`, the call
 * `('adam', { beta1 })` is checked against the type of `adam`, without loading it. An empty options object is omitted.
 *
 * @param path The prefix of the names in a program: `tf.layers.`.
 */
export function callsTo<M>(path = '') {
  return <K extends NamesOf<M>, A extends LoweredArguments<M[K]> & readonly unknown[]>(
    callee: K,
    ...args: {
      [I in keyof A]: I extends keyof LoweredArguments<M[K]> ? WithoutOthers<A[I], LoweredArguments<M[K]>[I]> : A[I]
    } & A
  ): Call => {
    const given = (args as readonly (Expressible | undefined)[]).filter((arg) => arg !== undefined)
    return { kind: 'call', callee: `${path}${callee}`, args: dropEmptyOptions(given.map(express)) }
  }
}

/** As `callsTo`, for functions that only compiled scripts call. */
export const scriptCallsTo = callsTo

/** Returns a function that builds references to the functions of one module, checked as calls are by `callsTo`. */
export function functionsOf<M>() {
  return (name: NamesOf<M>): Reference => reference(name)
}

function dropEmptyOptions(args: readonly Expression[]): readonly Expression[] {
  const last = args.at(-1)
  return last?.kind === 'record' && last.fields.length === 0 ? args.slice(0, -1) : args
}
