import type { Command } from 'commander'
import { withBackend } from '../backend/open-backend.ts'
import { addSharedClocks, type SharedClockArguments } from '../shell/clock-options.ts'
import { endpointName, statusCell } from '../shell/endpoint-text.ts'
import type { Shell } from '../shell/shell.ts'

interface SearchOptions extends SharedClockArguments {
  readonly json?: boolean
}

export function searchCommand(program: Command, shell: Shell): void {
  addSharedClocks(program.command('search'))
    .description('Lists catalogues, requirements and endpoints in which all of the words stand.')
    .argument('<words...>', 'words, a host name (finds what lies under it), or an address')
    .option('--json', 'print the answer of GET /v1/search, unpaged')
    .addHelpText('after', '\nExample:\n  $ portolan search clearswift.net')
    .action(async (words: readonly string[], { json, ...clocks }: SearchOptions, command: Command) => {
      await withBackend(shell, command, 'existing', async (backend) => {
        const hits = await backend.search(words.join(' '), clocks)
        if (json) return shell.printItems(hits)
        if (hits.length === 0) return shell.print(`Nothing has ${words.join(' ')}.`)
        shell.printTable(
          ['found', 'catalogue', 'requirement', 'title', 'endpoint', 'status', 'in'],
          hits.map((hit) => [
            hit.type,
            hit.catalogue,
            hit.type === 'catalogue' ? '' : hit.requirement,
            hit.title,
            hit.type === 'endpoint' ? endpointName(hit.endpoint) : '',
            hit.type === 'endpoint' ? statusCell(shell, hit.endpoint.status) : '',
            hit.fields.join(' ')
          ])
        )
      })
    })
}
