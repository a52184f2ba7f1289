import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Clocks } from '../../catalogue/read/point.ts'
import { PortolanError } from '../../domain/errors.ts'
import { type AsOf, parseAsOf } from '../../domain/read/as-of.ts'
import { type Instant, parseInstant } from '../../domain/time/instant.ts'

export interface ClockArguments {
  readonly asOf?: AsOf
  readonly effectiveAt?: Instant
}

/** The clocks of a command that reads all catalogues. Only an instant says what had been published in all of them. */
export interface SharedClockArguments {
  readonly asOf?: Instant
  readonly effectiveAt?: Instant
}

export function asOfOption(): Option {
  return new Option(
    '--as-of <revision>',
    'what had been published: 2, label:2.3 or an instant (default: the newest revision)'
  ).argParser(readAsOf)
}

export function addClocks(command: Command): Command {
  return command.addOption(asOfOption()).addOption(effectiveAtOption())
}

export function addSharedClocks(command: Command): Command {
  return command
    .addOption(
      new Option('--as-of <instant>', 'what had been published by this instant (default: everything)').argParser(
        readInstantArgument
      )
    )
    .addOption(effectiveAtOption())
}

function effectiveAtOption(): Option {
  return new Option(
    '--effective-at <instant>',
    'what holds at this instant, which may lie in the future (default: now)'
  ).argParser(readInstantArgument)
}

export function clocksOfArguments({ asOf = { kind: 'newest' }, effectiveAt }: ClockArguments): Clocks {
  return { asOf, ...(effectiveAt !== undefined && { effectiveAt }) }
}

export function readInstantArgument(text: string): Instant {
  const parsed = parseInstant(text)
  if ('fault' in parsed) throw new InvalidArgumentError(`It ${parsed.fault}.`)
  return parsed.instant
}

export function readAsOf(text: string): AsOf {
  try {
    return parseAsOf(text)
  } catch (error) {
    if (!(error instanceof PortolanError)) throw error
    const fault = error.faults[0]?.detail ?? 'is not valid'
    const label = /^\S{1,30}$/.test(text) ? ` If it is a label, write label:${text}.` : ''
    throw new InvalidArgumentError(
      `It is neither a revision number nor label:TEXT, and as an instant it ${fault}.${label}`
    )
  }
}
