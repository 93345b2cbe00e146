/** Finds published datasets: in the given folder, otherwise in the places where they are usually found. */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { unreadableData } from '../../system/knownError.ts'
import { homeFolder } from '../../system/cacheRoot.ts'

/** The places to search for a published dataset. */
export interface DataSearch {
  /** Its title in messages. */
  readonly title: string
  /** The folder from the command line; if given, no other place is searched. */
  readonly folder: string | undefined
  /** The folder from the spec; if given, the usual places are not searched. */
  readonly path: string | undefined
  /** The places where it is usually found, in the order of search; undefined for a package that is not installed. */
  readonly places: readonly (string | undefined)[]
  /** Whether a place has it, judging by file names. */
  has(place: string): boolean
  /** The help of the error if it is not found: how to get it. */
  readonly help: string
}

/**
 * Returns the place of a published dataset.
 *
 * @throws KnownError if it is in none of the usual places.
 */
export function findDataset({ title, folder, path, places, has, help }: DataSearch): string {
  const named = folder ?? path
  if (named !== undefined) return named
  const known = places.filter((place) => place !== undefined)
  const found = known.find(has)
  if (found === undefined) throw unreadableData(`${title} was not found in ${known.join(' or in ')}.`, help)
  return found
}

/** Whether a folder has a file of that name, plain or gzipped. */
export function hasFile(folder: string, name: string): boolean {
  return existsSync(join(folder, name)) || existsSync(join(folder, `${name}.gz`))
}

/** The folder where Keras keeps its datasets: `datasets` in `$KERAS_HOME`, else in `~/.keras`. */
export function kerasFolder(): string {
  return join(process.env['KERAS_HOME'] || join(homeFolder(), '.keras'), 'datasets')
}

/** A folder of an npm package that is installed where this module or the working directory can resolve it. */
export function packagePlace(name: string, folder: string): string | undefined {
  for (const origin of [import.meta.url, join(process.cwd(), 'package.json')]) {
    try {
      return join(dirname(createRequire(origin).resolve(`${name}/package.json`)), folder)
    } catch {
      // It is not installed for this origin.
    }
  }
  return undefined
}
