import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * The folder where a data set is looked for when none is named: a subfolder of `$SHAPEWRIGHT_CACHE`, else of
 * `$XDG_CACHE_HOME/shapewright`, else of `~/.cache/shapewright`.
 */
export function cacheFolder(dataset: string): string {
  const { SHAPEWRIGHT_CACHE: own, XDG_CACHE_HOME: xdg } = process.env
  return join(own || join(xdg || join(homedir(), '.cache'), 'shapewright'), dataset)
}
