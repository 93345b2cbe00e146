/** Finds the folder of Shapewright's caches. */
import { homedir, userInfo } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'

/**
 * The folder of caches: `$SHAPEWRIGHT_CACHE`, resolved from the working folder; otherwise `$XDG_CACHE_HOME/shapewright`;
 * otherwise `~/.cache/shapewright`. An empty variable counts as not set, and so does a relative `$XDG_CACHE_HOME`, as its
 * specification requires (https://specifications.freedesktop.org/basedir-spec).
 */
export function cacheRoot(): string {
  const { SHAPEWRIGHT_CACHE: own, XDG_CACHE_HOME: xdg = '' } = process.env
  if (own !== undefined && own !== '') return resolve(own)
  return join(isAbsolute(xdg) ? xdg : join(homeFolder(), '.cache'), 'shapewright')
}

/** The user's home folder. `/` if neither `$HOME` nor the user database has an absolute path, as in many containers. */
export function homeFolder(): string {
  for (const find of [homedir, () => userInfo().homedir]) {
    try {
      const home = find()
      if (isAbsolute(home)) return home
    } catch {
      // The user is not in the user database.
    }
  }
  return resolve('/')
}
