/** Reads JSON files and validates their content. */
import { type CodeOf, KnownError } from './knownError.ts'

/**
 * The form of a JSON value: a type, a list of items of one form, or an object with at least these fields. `?` after the name
 * of a field means that it is optional; `*` is the form of all other fields.
 */
export type JsonForm = JsonType | readonly [JsonForm] | JsonFields

export type JsonFields = { readonly [field: string]: JsonForm }

type JsonType = keyof typeof typeTests

const typeTests = {
  string: (value: unknown) => typeof value === 'string',
  number: (value: unknown) => typeof value === 'number',
  boolean: (value: unknown) => typeof value === 'boolean',
  object: isObject,
  list: Array.isArray,
} as const

/** The file of a record, for the error if its content has another form. */
export interface RecordFile {
  readonly path: string
  readonly code: CodeOf<'run' | 'usage'>
  /** The help of the error. */
  readonly help: string
}

/**
 * Parses a JSON object and validates its form.
 *
 * @throws KnownError with the path of the wrong value, if the text is not JSON or a value has another form.
 */
export function readRecord<Fields>(text: string, fields: JsonFields, { path, code, help }: RecordFile): Fields {
  const found = tryParse(text)
  const problem = found === undefined ? 'it is not JSON' : findMisfit(found.value, fields)
  if (problem === undefined) return found!.value as Fields
  throw new KnownError(code, `${path} is damaged: ${problem}.`, help)
}

/** As `readRecord`, but returns undefined instead of throwing. */
export function parseRecord<Fields = Readonly<Record<string, unknown>>>(
  text: string,
  fields: JsonFields,
): Fields | undefined {
  const found = tryParse(text)
  return found && findMisfit(found.value, fields) === undefined ? (found.value as Fields) : undefined
}

/** Parses the lines of a text as `parseRecord` does. A line that was cut off by a kill is left out. */
export function parseRecordLines<Fields>(text: string, fields: JsonFields): Fields[] {
  return text.split('\n').flatMap((line) => parseRecord<Fields>(line, fields) ?? [])
}

function tryParse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return undefined
  }
}

/** Describes the first part of a value that has another form: "`training.epochs` is not a number". */
function findMisfit(value: unknown, form: JsonForm, place = 'its content'): string | undefined {
  if (typeof form === 'string') return typeTests[form](value) ? undefined : misfit(place, form)
  const at = (step: string | number) => (place === 'its content' ? `${step}` : `${place}.${step}`)
  if (isList(form)) {
    if (!Array.isArray(value)) return misfit(place, 'list')
    return findFirst([...value.entries()], ([index, item]) => findMisfit(item, form[0], at(index)))
  }
  if (!isObject(value)) return misfit(place, 'object')
  const { '*': others, ...fields } = form
  const named = findFirst(Object.entries(fields), ([field, inner]) => {
    const name = field.replace(/\?$/, '')
    if (value[name] !== undefined) return findMisfit(value[name], inner, at(name))
    return field === name ? `\`${at(name)}\` is missing` : undefined
  })
  if (named !== undefined || others === undefined) return named
  const rest = Object.entries(value).filter(([name]) => !(name in fields))
  return findFirst(rest, ([name, item]) => findMisfit(item, others, at(name)))
}

function misfit(place: string, type: JsonType): string {
  const shown = place === 'its content' ? place : `\`${place}\``
  return `${shown} is not ${type === 'object' ? 'an' : 'a'} ${type}`
}

function findFirst<Item>(items: readonly Item[], find: (item: Item) => string | undefined): string | undefined {
  for (const item of items) {
    const found = find(item)
    if (found !== undefined) return found
  }
  return undefined
}

function isList(form: JsonForm): form is readonly [JsonForm] {
  return Array.isArray(form)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
