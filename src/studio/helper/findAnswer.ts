import { asKnownError } from '../../system/systemError.ts'
import type { Problem } from '../calls.ts'
import type { HelperQuestion } from '../server/helperProcess.ts'

/** Answers a question. Each kind of question loads what it needs when it is asked first. */
export async function findAnswer({ kind, question }: HelperQuestion): Promise<unknown> {
  switch (kind) {
    case 'compile':
      return await (await import('./compileSpec.ts')).compileSpec(question)
    case 'data':
      return await (await import('./viewDataset.ts')).viewDataset(question)
    case 'predict':
      return await (await import('./predictImage.ts')).predictImage(question)
  }
}

/** Describes an error for the user. */
export function problemOf(error: unknown): Problem {
  const known = asKnownError(error)
  if (known) return { message: known.message, help: known.help }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return { message, help: 'This is a bug in shapewright: report it with this message.' }
}
