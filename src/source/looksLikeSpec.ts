/** Recognizes specs among the YAML files that a search finds. */
import { didYouMean } from '../diagnostics/didYouMean.ts'

const specKeys = ['layers', 'input', 'dataset', 'extends'] as const

/**
 * Returns false for a mapping without any key of a spec, such as a compose file. Returns true if the text cannot be
 * recognized, such as after a syntax error, so that the check reports the problem.
 */
export function looksLikeSpec(text: string): boolean {
  if (/^# *yaml-language-server:.*shapewright/m.test(text)) return true
  const keys = [...text.matchAll(topLevelKey)].map(([, quoted, plain]) => quoted ?? plain!)
  return keys.length === 0 || keys.some((key) => didYouMean(key, specKeys) !== undefined)
}

/** A key without indentation. */
const topLevelKey = /^\ufeff?(?:["']([^"'\n]+)["']|([A-Za-z_][^:#\n]*?))[ \t]*:(?:\s|$)/gm
