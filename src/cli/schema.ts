/** `shapewright schema`: the JSON Schema of specs. */
import { composeSchema } from '../spec/schema.ts'
import { exitCodes } from './exitCodes.ts'

export function schemaCommand(): number {
  process.stdout.write(`${JSON.stringify(composeSchema(), null, 2)}\n`)
  return exitCodes.fine
}
