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
  const rules = `guard rail to pass; repeat for several; needs --reason: ${guardRails.join(', ')}`
  return new Option('--override <rule>', rules).argParser(collectOneOf(guardRails))
}

export function reasonOption(): Option {
  return new Option('--reason <text>', 'why; kept with the revision').argParser((text: string) => prose(text, 1000))
}

export function authorOption(): Option {
  return new Option('--author <name>', 'who; kept with the revision').argParser(readName)
}

export function readName(text: string): string {
  return prose(text, 200, 'one')
}

function prose(text: string, longest: number, lines: 'one' | 'many' = 'many'): string {
  const clean = cleanText(text, lines)
  if ('fault' in clean) throw new InvalidArgumentError(`It ${clean.fault}.`)
  if (clean.text.length > longest) throw new InvalidArgumentError(`It is longer than ${longest} characters.`)
  return clean.text
}

/** What publishing and restoring take of the options alike. An override without a reason is wrong usage. */
export function overridesOf(command: Command, { override = [], reason, author }: OverrideOptions) {
  if (override.length > 0 && reason === undefined)
    command.error('error: --override needs --reason TEXT, which is kept with the revision')
  return { overrides: override, ...(reason !== undefined && { reason }), ...(author !== undefined && { author }) }
}
