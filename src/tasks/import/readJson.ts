/** Reads JSON of files that others wrote: with a limit on its nesting, and without assumptions about its form. */
import { unreadableModel } from './importError.ts'

export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export type JsonObject = { readonly [key: string]: Json | undefined }

/** Deep enough for nested models, and far from what would exhaust the stack. */
const deepest = 200

/** @throws KnownError if the text is not JSON, or nested too deeply. */
export function readJson(text: string, file: string): Json {
  if (depthOf(text) > deepest) {
    throw unreadableModel(
      `${file} is nested more than ${deepest} levels deep, which no model needs.`,
      'Check that it is the intended file.',
    )
  }
  try {
    return JSON.parse(text) as Json
  } catch (error) {
    throw unreadableModel(`${file} is damaged: it is not JSON.`, 'Save the model again.', error)
  }
}

/** The deepest nesting of brackets outside of strings. */
function depthOf(text: string): number {
  let depth = 0
  let most = 0
  let isInString = false
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at]
    if (isInString) {
      if (letter === '\\') at += 1
      else if (letter === '"') isInString = false
    } else if (letter === '"') isInString = true
    else if (letter === '[' || letter === '{') most = Math.max(most, ++depth)
    else if (letter === ']' || letter === '}') depth -= 1
  }
  return most
}

export function isObject(value: unknown): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

export function asObject(value: Json | undefined): JsonObject | undefined {
  return isObject(value) ? value : undefined
}

export function asList(value: Json | undefined): readonly Json[] | undefined {
  return isList(value) ? value : undefined
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value)
}

export function asText(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** A value for a message, cut if it is long. */
export function showJson(value: Json | undefined): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 80 ? `${text.slice(0, 77)}…` : text
}
