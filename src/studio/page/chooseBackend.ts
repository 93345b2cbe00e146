/** Chooses where specs come from: the server, which marks the page that it sends, or the page itself. */
import type { Backend } from '../backend.ts'

export async function chooseBackend(): Promise<Backend> {
  if (document.querySelector('meta[name=shapewright-server]') !== null)
    return (await import('./serverBackend.ts')).createServerBackend()
  const { createPageBackend } = await import('./pageBackend.ts')
  return await createPageBackend()
}
