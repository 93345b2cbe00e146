/** Replaces variables in the text of layers by their values, in `$name` and in `$(expressions)`. */
import { yamlText } from '../source/edits.ts'

/**
 * Returns the text with all uses of the names replaced. Undefined if that is not possible: a list or a map has no form in an
 * expression, and a required parameter no value.
 *
 * @param values The values as written: numbers, texts, or references such as `$width` and `$(2 * width)`.
 */
export function substituteNames(text: string, values: ReadonlyMap<string, unknown>): string | undefined {
  let isPossible = true
  const whole = text.replaceAll(/\$([A-Za-z_]\w*)(?![\w(])/g, (written, name: string) => {
    if (!values.has(name)) return written
    return yamlValue(values.get(name))
  })
  const replaced = whole.replaceAll(/\$\(([^\n]*)\)/g, (written, expression: string) => {
    const changed = expression.replaceAll(/"[^"]*"|'[^']*'|[A-Za-z_]\w*/g, (name) => {
      if (!values.has(name)) return name
      const term = termOf(values.get(name))
      isPossible &&= term !== undefined
      return term ?? name
    })
    return changed === expression ? written : `$(${changed})`
  })
  return isPossible ? replaced : undefined
}

function yamlValue(value: unknown): string {
  return typeof value === 'string' && value.startsWith('$') ? value : yamlText(value)
}

/** A value as an operand of an expression. */
function termOf(value: unknown): string | undefined {
  if (typeof value === 'number') return value < 0 ? `(${value})` : String(value)
  if (typeof value === 'boolean') return String(value)
  if (typeof value !== 'string') return undefined
  const [, name, expression] = /^\$(?:([A-Za-z_]\w*)|\((.*)\))$/s.exec(value) ?? []
  return name ?? (expression === undefined ? JSON.stringify(value) : `(${expression})`)
}
