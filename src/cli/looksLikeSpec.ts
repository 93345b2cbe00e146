/** Tells specs from the other YAML files that a search finds. */
import { didYouMean } from '../diagnostics/didYouMean.ts'

const specKeys = ['layers', 'input', 'dataset'] as const

/**
 * False for a mapping whose keys are all of something else, as in a compose file. What cannot be told apart, such as a text
 * with a mistake in its syntax, is taken as a spec: the check says what is wrong with it.
 */
export function looksLikeSpec(text: string): boolean {
  if (/^# *yaml-language-server:.*shapewright/m.test(text)) return true
  const keys = [...text.matchAll(topLevelKey)].map(([, quoted, plain]) => quoted ?? plain!)
  return keys.length === 0 || keys.some((key) => didYouMean(key, specKeys) !== undefined)
}

/** A key without indentation. */
const topLevelKey = /^\ufeff?(?:["']([^"'\n]+)["']|([A-Za-z_][^:#\n]*?))[ \t]*:(?:\s|$)/gm
