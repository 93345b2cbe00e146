/** Chooses where specs come from: the server, whose address has a token, or the page itself. */
import type { Backend } from '../backend.ts'

export async function chooseBackend(): Promise<Backend> {
  const { createPageBackend } = await import('./pageBackend.ts')
  return await createPageBackend()
}
