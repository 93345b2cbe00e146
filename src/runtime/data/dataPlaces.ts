/** Finds published datasets: the folder that is named, else the places where they are usually found. */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { unreadableData } from '../../system/knownError.ts'
import { homeFolder } from '../../system/cacheRoot.ts'

/** Where a published dataset may be. */
export interface DataSearch {
  /** Its name, as people know it. */
  readonly title: string
  /** The folder that the command line names; nothing else is looked at then. */
  readonly folder: string | undefined
  /** The folder that the spec names, likewise. */
  readonly path: string | undefined
  /** The places where it is usually found, in the order in which they are looked at; of a package that is not there, none. */
  readonly places: readonly (string | undefined)[]
  /** Whether a place holds it, by the names of its files. */
  has(place: string): boolean
  /** How to get it. */
  readonly help: string
}

/**
 * The place of a published dataset.
 *
 * @throws KnownError where it is in none.
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

/** A folder of an npm package, where it is installed so that this module or the working directory sees it. */
export function packagePlace(name: string, folder: string): string | undefined {
  for (const origin of [import.meta.url, join(process.cwd(), 'package.json')]) {
    try {
      return join(dirname(createRequire(origin).resolve(`${name}/package.json`)), folder)
    } catch {
      // Not installed where this origin sees it.
    }
  }
  return undefined
}
