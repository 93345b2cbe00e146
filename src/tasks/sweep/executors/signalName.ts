import { constants } from 'node:os'

/** The name of a signal by its number: `SIGKILL`. */
export function signalName(number: number): string {
  const [name] = Object.entries(constants.signals).find(([, value]) => value === number) ?? []
  return name ?? `signal ${number}`
}
