import { type Command, InvalidArgumentError, Option } from 'commander'
import { PortolanError } from '../../domain/errors.ts'
import { parseFeedsAsOf, type Resolve, resolves } from '../../domain/read/feeds-as-of.ts'

/** Adds how references to feeds are read. */
export function addFeeds(command: Command, byDefault: Resolve = 'none'): Command {
  return command
    .addOption(
      new Option(
        '--resolve <what>',
        `whether rows of feeds stand in the place of references to them (default: ${byDefault})`
      ).choices(resolves)
    )
    .addOption(
      new Option(
        '--feeds-as-of <revision>',
        'what feeds had published: an instant, or CATALOGUE:NUMBER, repeated for several (default: now)'
      ).argParser(collectFeedsAsOf)
    )
}

function collectFeedsAsOf(text: string, previous: readonly string[] = []): readonly string[] {
  try {
    const all = [...previous, text]
    parseFeedsAsOf(all)
    return all
  } catch (error) {
    if (!(error instanceof PortolanError)) throw error
    throw new InvalidArgumentError(`It is no CATALOGUE:NUMBER, and ${error.message}`)
  }
}
