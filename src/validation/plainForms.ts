/** Finds the meaning of values and entries in a form that the language does not accept. */

/** Splits an entry without a space after its colon, such as `units:10`, which YAML reads as one word. */
export function gluedEntry(key: string, known: readonly string[]): { key: string; text: string } | undefined {
  const [, word = '', value = ''] = /^([A-Za-z]\w*):(\S.*)$/.exec(key) ?? []
  return known.includes(word) ? { key: word, text: `${word}: ${value}` } : undefined
}

/**
 * Converts a value to one of the wanted types: `"3"` to 3, `"yes"` to true, `3x3` to [3, 3], a to [a], `1/255` to an expression.
 *
 * @param length The length of a list.
 */
export function plainForm(value: unknown, wanted: readonly string[], asNumber: number, length = 1): unknown {
  if (wanted.includes('number') && Number.isFinite(asNumber)) return asNumber
  if (wanted.includes('integer') && Number.isInteger(asNumber)) return asNumber
  const expression = typeof value === 'string' && wanted.some(isNumeric) ? asExpression(value) : undefined
  if (expression !== undefined) return expression
  if (wanted.includes('boolean') && typeof value === 'string') {
    if (/^(yes|on|true)$/i.test(value)) return true
    if (/^(no|off|false)$/i.test(value)) return false
  }
  if (wanted.includes('boolean') && (value === 0 || value === 1)) return value === 1
  const sizes = typeof value === 'string' ? sizesIn(value) : undefined
  if (wanted.includes('array') && sizes !== undefined) return sizes
  const isListOrMap = wanted.every((kind) => kind === 'array' || kind === 'object')
  if (wanted.includes('array') && isListOrMap && isScalarValue(value)) return Array.from({ length }, () => value)
  if (!wanted.includes('array') && Array.isArray(value) && value.length === 1 && isScalarValue(value[0]))
    return value[0]
  return undefined
}

function isNumeric(kind: string): boolean {
  return kind === 'number' || kind === 'integer'
}

/** Reads arithmetic as in Python, such as `1./255` or `2 ** 5`, as the expression that computes it. */
export function asExpression(text: string): string | undefined {
  const isArithmetic =
    text.length <= 100 && /^[\d.\s()+*/-]+$/.test(text) && /\d\.?\s*([-+/]|\*\*?|\/\/)\s*[\d(-]/.test(text)
  return isArithmetic ? `$(${text.trim().replaceAll(/(\d)\.(?!\d)/g, '$1')})` : undefined
}

/** Converts a percentage, such as `20%` or 20, to the fraction that an option below 1 takes; undefined otherwise. */
export function fractionOf(value: unknown): number | undefined {
  const [, digits] = (typeof value === 'string' ? /^\s*(\d+(?:\.\d+)?)\s*%\s*$/.exec(value) : null) ?? []
  if (digits !== undefined) return Number(digits) < 100 ? Number(digits) / 100 : undefined
  // A smaller number, such as a factor of 2, is no percentage.
  return typeof value === 'number' && value >= 5 && value < 100 ? value / 100 : undefined
}

/** Reads the numbers of `3x3`, `(3, 3)` or `28 × 28 × 1`. */
function sizesIn(text: string): number[] | undefined {
  const inner = text.trim().replace(/^[([](.*?),?[)\]]$/, '$1')
  const parts = inner.split(/[x×,]/).map((part) => part.trim())
  return parts.length > 1 && parts.every((part) => /^\d{1,9}$/.test(part)) ? parts.map(Number) : undefined
}

function isScalarValue(value: unknown): boolean {
  return value !== null && typeof value !== 'object'
}
