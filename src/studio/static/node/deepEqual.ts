/** Whether two values of plain data, typed arrays and maps are equal, as `isDeepStrictEqual` of Node.js decides. */
export function isDeepStrictEqual(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  if (Object.getPrototypeOf(one) !== Object.getPrototypeOf(other)) return false
  if (one instanceof Map || one instanceof Set) return isDeepStrictEqual([...one], [...(other as typeof one)])
  const keys = Object.keys(one)
  return keys.length === Object.keys(other).length && keys.every((key) => hasEqual(one, other, key))
}

function hasEqual(one: object, other: object, key: string): boolean {
  const valueOf = (holder: object) => (holder as Readonly<Record<string, unknown>>)[key]
  return Object.hasOwn(other, key) && isDeepStrictEqual(valueOf(one), valueOf(other))
}
