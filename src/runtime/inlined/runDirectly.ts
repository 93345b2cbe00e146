import { existsSync, realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * Whether Node was started with this module, and did not merely import it.
 *
 * @param url The module's `import.meta.url`.
 */
export function isRunDirectly(url: string): boolean {
  const [, started] = process.argv
  return started !== undefined && existsSync(started) && realpathSync(started) === realpathSync(fileURLToPath(url))
}
