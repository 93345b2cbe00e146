/** Implements `shapewright init`: writes a first spec from a template. */
import { lstatSync } from 'node:fs'
import { isAbsolute, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { KnownError } from '../system/knownError.ts'
import { writeOutput } from '../system/writeOutput.ts'
import { templates, type init } from './commands/init.ts'
import type { OptionsOf } from './commands/declareCommand.ts'
import { packageFolder } from './packageFolder.ts'
import { exitCodes } from '../system/exitCodes.ts'
import { readSpecFile } from './specFiles.ts'

type InitOptions = OptionsOf<typeof init>

export async function initCommand(name: string, { template, force }: InitOptions): Promise<number> {
  if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(name)) {
    throw new KnownError(
      'usage',
      `${name} is not a valid name`,
      `a name must be a letter, then letters, digits, _ and -${/\.ya?ml$/.test(name) ? '; the file gets `.yaml` by itself' : ''}`,
    )
  }
  const source = Object.hasOwn(templates, template) ? templates[template] : undefined
  if (source === undefined)
    throw new KnownError('usage', `there is no template ${template}`, `templates: ${Object.keys(templates).join(', ')}`)
  const file = `${name}.yaml`
  if (lstatSync(file, { throwIfNoEntry: false }) && force !== true)
    throw new KnownError('usage', `${file} already exists`, 'choose another name or pass --force')
  const text = readSpecFile(fileURLToPath(new URL(source, packageFolder())))
  const content = text
    .replace(/^name: .*$/m, `name: ${name}`)
    .replace(/^# yaml-language-server:.*/, `# yaml-language-server: $$schema=${schemaPath()}`)
  // A spec belongs to the user from the start, so only --force replaces it.
  writeOutput([{ path: file, content: [content], isOurs: () => false }], { force })
  process.stdout.write(`wrote ${file}\n`)
  process.stderr.write(`next: shapewright check ${file}, then shapewright train ${file}\n`)
  return exitCodes.fine
}

/** The path of the schema relative to the working folder, such as `./node_modules/shapewright/schema/…`, or its URL. */
function schemaPath(): string {
  const schema = new URL('schema/shapewright.schema.json', packageFolder())
  const path = relative(process.cwd(), fileURLToPath(schema)).split(sep).join('/')
  // The comment of yaml-language-server ends at the first blank.
  if (/\s/.test(path) || isAbsolute(path)) return schema.href
  return path.startsWith('.') ? path : `./${path}`
}
