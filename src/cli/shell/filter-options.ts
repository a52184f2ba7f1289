import { type Command, InvalidArgumentError, Option } from 'commander'
import { directions, necessities, scopes } from '../../domain/document/document.ts'
import { endpointKinds, statuses } from '../../domain/document/endpoint.ts'
import { isTransport, transportNames } from '../../domain/network/protocol.ts'
import type { WrittenResolve } from '../../domain/read/feeds-as-of.ts'
import type { WrittenFilter } from '../../domain/view/written-filter.ts'
import type { ClockArguments } from './clock-options.ts'

/** The filters have the names and values of the query parameters, so `filterOf` reads both. */
export type ViewOptions = ClockArguments & WrittenFilter & WrittenResolve

/** Adds the filters of a view. A repeated option matches any of its values. `statusDefault`: the statuses without the option. */
export function addFilters(command: Command, statusDefault = 'all but retired'): Command {
  const texts = (flags: string, description: string) => new Option(flags, description).argParser(collectText)
  const words = (flags: string, values: readonly string[], description: string) =>
    new Option(flags, description).choices(values).argParser(collectOneOf(values))
  return command
    .addOption(texts('--requirement <key>', 'key of a requirement'))
    .addOption(words('--scope <scope>', scopes, 'scope'))
    .addOption(words('--direction <direction>', directions, 'direction; both matches each'))
    .addOption(words('--necessity <necessity>', necessities, 'necessity'))
    .addOption(texts('--tag <tag>', 'tag'))
    .addOption(
      new Option(
        '--transport <transport>',
        `transport; any matches each: ${transportNames.join(', ')}, or ip/ and a protocol number`
      ).argParser(collectTransport)
    )
    .addOption(new Option('--port <port>', 'port').argParser(collectPort))
    .addOption(texts('--owner <owner>', 'owner'))
    .addOption(texts('--component <key>', 'key of a component'))
    .addOption(new Option('--external-id <id>', 'external id, as namespace:value').argParser(collectExternalId))
    .addOption(words('--kind <kind>', endpointKinds, 'kind of the endpoint'))
    .addOption(words('--family <family>', ['ipv4', 'ipv6'], 'family of an address'))
    .addOption(texts('--endpoint-tag <tag>', 'tag of an endpoint'))
    .addOption(
      words(
        '--status <status>',
        [...statuses, 'all'],
        `status (default: ${statusDefault}; active leaves out retiring endpoints)`
      )
    )
}

/** Collects the values of a repeated option. */
export function collectText(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value]
}

/** Collects the values of a repeated option that takes one of these values. */
export function collectOneOf<T extends string>(values: readonly T[]) {
  return (value: string, previous: readonly T[] = []): readonly T[] => {
    const found = values.find((known) => known === value)
    if (found === undefined) throw new InvalidArgumentError(`It must be one of ${values.join(', ')}.`)
    return [...previous, found]
  }
}

function collectTransport(value: string, previous: readonly string[] = []): readonly string[] {
  if (isTransport(value)) return [...previous, value]
  throw new InvalidArgumentError(`It must be one of ${transportNames.join(', ')}, or ip/ and a number, such as ip/97.`)
}

function collectExternalId(value: string, previous: readonly string[] = []): readonly string[] {
  if (!/^[^:]+:./.test(value)) throw new InvalidArgumentError('It must be namespace:value.')
  return [...previous, value]
}

function collectPort(value: string, previous: readonly number[] = []): readonly number[] {
  const port = /^\d{1,5}$/.test(value) ? Number(value) : 0
  if (port < 1 || port > 65535) throw new InvalidArgumentError('It must be a whole number from 1 to 65535.')
  return [...previous, port]
}
