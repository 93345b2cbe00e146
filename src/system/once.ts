/** Returns a function that computes a value at its first call and keeps it, so a cold start need not compute it. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => (made ??= { value: make() }).value
}
