import { refuseArguments } from '../options.ts'

/** Returns the groups of a comparison, or the one that `--only` names. Ends the program if no group has that name. */
export function pickGroups<Group>(
  groups: Readonly<Record<string, Group>>,
  only: string | undefined,
): (readonly [name: string, group: Group])[] {
  const names = Object.keys(groups)
  if (only !== undefined && !names.includes(only))
    refuseArguments('interop -- TARGET', `--only names one of these groups: ${names.join('; ')}.`)
  return Object.entries(groups).filter(([name]) => only === undefined || name === only)
}
