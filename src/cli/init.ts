/** `shapewright init`: a first spec. */
import { lstatSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { writeOutput } from '../output/writeOutput.ts'
import { packageFolder } from './packageFolder.ts'
import { exitCodes, UsageError } from './exitCodes.ts'
import { readSpecFile } from './specFiles.ts'

export interface InitOptions {
  readonly template: string
  readonly force?: boolean
}

const templates = ['mnist-cnn', 'cifar10-cnn']

export async function initCommand(name: string, { template, force }: InitOptions): Promise<number> {
  if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(name)) {
    throw new UsageError(`${name} is not a name`, 'a name is a letter, then letters, digits, _ and -')
  }
  if (!templates.includes(template))
    throw new UsageError(`there is no template ${template}`, `templates: ${templates.join(', ')}`)
  const file = `${name}.yaml`
  if (lstatSync(file, { throwIfNoEntry: false }) && force !== true)
    throw new UsageError(`${file} exists already`, 'choose another name, or --force')
  const text = readSpecFile(fileURLToPath(new URL(`configs/${template}.yaml`, packageFolder())))
  const content = text.replace(/^name: .*$/m, `name: ${name}`).replace(/^# yaml-language-server:.*\n/, '')
  // A spec is its owner's from the start.
  writeOutput([{ path: file, content: [content], isOurs: () => false }], { force })
  process.stdout.write(`wrote ${file}\n`)
  process.stderr.write(`next: shapewright check ${file}, then shapewright train ${file}\n`)
  return exitCodes.fine
}
