/** Reads JSON that a file holds, without trust in its content. */

type FieldType = 'string' | 'number' | 'object'

/**
 * @param fields The fields that the object must have, with their types; others may be there.
 * @returns Nothing where the text is no JSON, or another kind of value.
 */
export function parseRecord(
  text: string,
  fields: Readonly<Record<string, FieldType>>,
): Readonly<Record<string, unknown>> | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!isRecord(value)) return undefined
  const isWhole = Object.entries(fields).every(([name, type]) => typeof value[name] === type && value[name] !== null)
  return isWhole ? value : undefined
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
