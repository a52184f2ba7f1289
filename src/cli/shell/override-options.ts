import { type Command, InvalidArgumentError, Option } from 'commander'
import { type GuardRail, guardRails } from '../../domain/history/revision.ts'
import { cleanText } from '../../domain/text.ts'
import { collectOneOf } from './filter-options.ts'

export interface OverrideOptions {
  readonly override?: readonly GuardRail[]
  readonly reason?: string
  readonly author?: string
}

export function overrideOption(): Option {
  const rules = 'guard rail to override; repeat for several; needs --reason'
  return new Option('--override <rule>', rules).choices(guardRails).argParser(collectOneOf(guardRails))
}

export function reasonOption(): Option {
  return new Option('--reason <text>', 'reason, which is kept with the revision').argParser((text: string) =>
    readProse(text, 1000)
  )
}

export function authorOption(): Option {
  return new Option('--author <name>', 'name of the author, which is kept with the revision').argParser(readName)
}

export function readName(text: string): string {
  return readProse(text, 200, 'one')
}

function readProse(text: string, longest: number, lines: 'one' | 'many' = 'many'): string {
  const clean = cleanText(text, lines)
  if ('fault' in clean) throw new InvalidArgumentError(`It ${clean.fault}.`)
  if (clean.text.length > longest) throw new InvalidArgumentError(`It is longer than ${longest} characters.`)
  return clean.text
}

/** The part of a request that publishing and restoring share. An override without a reason is wrong usage. */
export function overridesOf(command: Command, { override = [], reason, author }: OverrideOptions) {
  if (override.length > 0 && reason === undefined)
    command.error('error: --override needs --reason TEXT, which is kept with the revision')
  return { overrides: override, ...(reason !== undefined && { reason }), ...(author !== undefined && { author }) }
}
