/**
 * Compiles the schema to the validator that the command line loads at every start. ajv generates code for features that
 * this validator does not need; removing it halves the text.
 */
import { Ajv } from 'ajv'
import standaloneCode from 'ajv/dist/standalone/index.js'
import { transformSync } from 'esbuild'
import { shareSubschemas } from './shareSubschemas.ts'

/** Returns the text of a module that exports `validateSchema`. */
export function compileValidator(schema: object): string {
  const ajv = new Ajv({
    allErrors: true,
    strict: false,
    // YAML has .inf and .nan, which JSON lacks: the validator refuses them as numbers.
    strictNumbers: true,
    messages: false,
    inlineRefs: false,
    code: { esm: true, source: true, lines: false },
  })
  const generateCode = (standaloneCode as unknown as { default?: typeof standaloneCode }).default ?? standaloneCode
  const code = (generateCode as unknown as (ajv: Ajv, refs: Record<string, string>) => string)(
    ajv.addSchema(shareSubschemas(schema), 'spec'),
    { validateSchema: 'spec' },
  )
  const compact = hoistConstants(rewrites.reduce((text, rewrite) => rewriteAll(text, rewrite), code))
  return transformSync(`${compact}\n${helpers}`, { minify: true, target: 'es2022' }).code
}

interface Rewrite {
  readonly from: RegExp
  readonly to: (...groups: string[]) => string
  /** A text that remains if ajv's output has changed and `from` no longer matches. */
  readonly rest: string
}

const rewrites: readonly Rewrite[] = [
  {
    from: /const (err\d+) = \{instancePath(?::(.+?))?,schemaPath:"[^"]*",keyword:"(\w+)",params:(.*?)\};if\(vErrors === null\)\{vErrors = \[\1\];\}else \{vErrors\.push\(\1\);\}errors\+\+;/g,
    to: (_all, _name, path = 'instancePath', keyword, params) =>
      `vErrors = addError(vErrors, ${path}, "${keyword}", ${params});errors++;`,
    rest: 'schemaPath',
  },
  {
    // Concatenating into a new list for each part takes quadratic time: seconds for thousands of broken layers.
    from: /vErrors = vErrors === null \? ([\w.]+)\.errors : vErrors\.concat\(\1\.errors\);/g,
    to: (_all, name) => `vErrors = joinErrors(vErrors, ${name}.errors);`,
    rest: '.concat(',
  },
  {
    from: /\{instancePath="", parentData, parentDataProperty, rootData=data\}=\{\}/g,
    to: () => 'instancePath = ""',
    rest: 'rootData=data',
  },
  {
    from: /\{instancePath(?::([^{}]+?))?,parentData(?::\w+)?,parentDataProperty(?::(?:"[^"]*"|\w+))?,rootData\}/g,
    to: (_all, path = 'instancePath') => path,
    rest: 'rootData',
  },
]

function rewriteAll(text: string, { from, to, rest }: Rewrite): string {
  const written = text.replaceAll(from, to)
  if (written.includes(rest)) throw new Error(`ajv writes \`${rest}\` in another way than this script knows`)
  return written
}

/** Replaces schemas, of which only word lists and key sets are read, by these lists and sets. */
function hoistConstants(code: string): string {
  const schemas = new Map<string, unknown>()
  const bare = code.replaceAll(
    /const (schema\d+) = (\{.*?\});(?=const |function |export )/g,
    (_all, name: string, text: string) => {
      schemas.set(name, JSON.parse(text))
      return ''
    },
  )
  const names = new Map<string, string>()
  const body = bare.replaceAll(
    /(schema\d+)((?:\.\w+|\[\d+\])*)\.(enum|properties)\b/g,
    (_all, name: string, path: string, last: string) => {
      const steps = [...path.matchAll(/\w+/g), [last]].map(([step]) => step)
      const found = steps.reduce(
        (value, step) => (value as Record<string, unknown>)[step!],
        schemas.get(name),
      ) as object
      const text = JSON.stringify(
        last === 'enum' ? found : Object.fromEntries(Object.keys(found).map((key) => [key, 1])),
      )
      if (!names.has(text)) names.set(text, `words${names.size}`)
      return names.get(text)!
    },
  )
  if (/schema\d/.test(body)) throw new Error('ajv reads schemas in another way than this script knows')
  return `${[...names].map(([text, name]) => `const ${name} = ${text};`).join('')}${body}`
}

const helpers = `
function addError(all, instancePath, keyword, params) { (all ??= []).push({ instancePath, keyword, params }); return all }
function joinErrors(all, more) { if (all === null) return more; for (const one of more) all.push(one); return all }`
