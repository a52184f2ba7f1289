import { type Command, InvalidArgumentError } from 'commander'
import { PortolanError } from '../../domain/errors.ts'
import { currentPlaces } from '../../domain/lookup/current-places.ts'
import { parseLookup } from '../../domain/lookup/lookup.ts'
import type { ViewEndpoint } from '../../domain/view/view.ts'
import { withBackend } from '../backend/open-backend.ts'
import { addSharedClocks, type SharedClockArguments } from '../shell/clock-options.ts'
import { endpointName, servicesText, statusCell } from '../shell/endpoint-text.ts'
import type { Shell } from '../shell/shell.ts'

interface LookupOptions extends SharedClockArguments {
  readonly json?: boolean
}

export function lookupCommand(program: Command, shell: Shell): void {
  addSharedClocks(program.command('lookup'))
    .description('Lists the requirements and endpoints of all catalogues that a value belongs to or belonged to.')
    .argument(
      '<value>',
      'an address, CIDR, host name, port (tcp/443, tcp/8000-8100, icmp/8), protocol (esp, ip/97) or flow (tcp/203.0.113.7/443, esp/203.0.113.7)',
      readValue
    )
    .option('--json', 'print the answer of GET /v1/lookup, unpaged')
    .addHelpText('after', '\nExample:\n  $ portolan lookup 184.72.245.1')
    .action(async (value: string, { json, ...clocks }: LookupOptions, command: Command) => {
      await withBackend(shell, command, 'existing', async (backend) => {
        const found = await backend.lookUp(value, clocks)
        if (json) return shell.printItems(found)
        if (found.length === 0) return shell.print(`${value} is in no catalogue, and never was.`)
        const { places, ended } = currentPlaces(found)
        shell.printTable(
          ['catalogue', 'requirement', 'status', 'endpoint', 'match', 'services', 'from', 'until', 'added', 'removed'],
          places.map(({ catalogue, requirement, status, endpoint, match = '', services, addedIn, removedIn }) => [
            catalogue,
            requirement.key,
            statusCell(shell, status),
            endpointCell(endpoint),
            match,
            servicesText(services),
            endpoint?.from ?? '',
            endpoint?.until ?? '',
            `in ${addedIn.number}`,
            removedIn ? `in ${removedIn.number}` : ''
          ])
        )
        if (ended > 0)
          shell.print(`Left out: ${ended} times at which a value that is listed ended before. --json has them all.`)
        if (found.some(({ match = '' }) => ['any', 'role', 'feed'].includes(match)))
          shell.print('Of any, role and feed it cannot be told which addresses they are: you know yours.')
      })
    })
}

/** The endpoint, and of a row of a feed which revision it is of: `address 203.0.113.0/24 of feed.ranges:2`. */
function endpointCell(endpoint: ViewEndpoint | undefined): string {
  if (!endpoint) return ''
  const { feed } = endpoint
  return feed ? `${endpointName(endpoint)} of ${feed.catalogue}:${feed.revision}` : endpointName(endpoint)
}

/** Refuses a value that cannot be looked up before a store is opened. */
function readValue(text: string): string {
  try {
    parseLookup(text)
  } catch (error) {
    if (error instanceof PortolanError) throw new InvalidArgumentError(error.message)
    throw error
  }
  return text
}
