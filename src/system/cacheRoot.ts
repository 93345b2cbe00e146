/** Where Shapewright keeps its caches. */
import { homedir, userInfo } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'

/**
 * The folder of caches: `$SHAPEWRIGHT_CACHE`, where a relative path begins in the working folder; else `$XDG_CACHE_HOME/shapewright`; else
 * `~/.cache/shapewright`. An empty variable counts as not set, and so does a relative `$XDG_CACHE_HOME`, as its
 * specification says (https://specifications.freedesktop.org/basedir-spec).
 */
export function cacheRoot(): string {
  const { SHAPEWRIGHT_CACHE: own, XDG_CACHE_HOME: xdg = '' } = process.env
  if (own !== undefined && own !== '') return resolve(own)
  return join(isAbsolute(xdg) ? xdg : join(homeFolder(), '.cache'), 'shapewright')
}

/** Never the working folder: `/` where neither `$HOME` nor the list of users knows a home, as in many containers. */
export function homeFolder(): string {
  for (const find of [homedir, () => userInfo().homedir]) {
    try {
      const home = find()
      if (isAbsolute(home)) return home
    } catch {
      // The user is not listed.
    }
  }
  return resolve('/')
}
