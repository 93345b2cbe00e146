/** Shrinks a schema for validation: repeated parts become shared definitions. */

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** Keys that only editors read. */
const annotations = new Set(['description', 'examples', 'default', 'title', '$schema'])

/** The minimum length of a shared schema: shorter ones cost less inline than a call. */
const leastLength = 40

/**
 * Returns the schema without annotations and with its repeated parts shared. It is equivalent, and gives the same errors
 * except for `schemaPath`.
 */
export function shareSubschemas(schema: object): object {
  const bare = strip(schema as Json, false) as { definitions: Record<string, Json> }
  const counts = new Map<string, number>()
  visit(bare, false, (part) => {
    const text = JSON.stringify(part)
    counts.set(text, (counts.get(text) ?? 0) + 1)
  })
  const shared = new Map<string, string>()
  for (const [text, count] of counts) {
    if (count > 1 && text.length >= leastLength) shared.set(text, `shared${shared.size}`)
  }
  const replaced = replace(bare, shared, false) as { definitions: Record<string, Json> }
  for (const [text, name] of shared) {
    const part = JSON.parse(text) as { [key: string]: Json }
    replaced.definitions[name] = Object.fromEntries(
      Object.entries(part).map(([key, value]) => [key, replace(value, shared, isMapOfSchemas(key))]),
    )
  }
  return replaced
}

/** Whether the keys of a value are our own names, not keywords: a property may be named `description`. */
function isMapOfSchemas(key: string): boolean {
  return key === 'properties' || key === 'patternProperties' || key === 'definitions'
}

function strip(value: Json, isMap: boolean): Json {
  if (Array.isArray(value)) return value.map((item) => strip(item, false))
  if (value === null || typeof value !== 'object') return value
  const kept = Object.entries(value).filter(([key]) => isMap || !annotations.has(key))
  return Object.fromEntries(kept.map(([key, item]) => [key, strip(item, !isMap && isMapOfSchemas(key))]))
}

function visit(value: Json, isMap: boolean, see: (schema: Json) => void): void {
  if (Array.isArray(value)) for (const item of value) visit(item, false, see)
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return
  if (!isMap) see(value)
  for (const [key, item] of Object.entries(value)) visit(item, !isMap && isMapOfSchemas(key), see)
}

function replace(value: Json, shared: ReadonlyMap<string, string>, isMap: boolean): Json {
  if (Array.isArray(value)) return value.map((item) => replace(item, shared, false))
  if (value === null || typeof value !== 'object') return value
  const name = isMap ? undefined : shared.get(JSON.stringify(value))
  if (name !== undefined) return { $ref: `#/definitions/${name}` }
  const parts = Object.entries(value)
  return Object.fromEntries(parts.map(([key, item]) => [key, replace(item, shared, !isMap && isMapOfSchemas(key))]))
}
