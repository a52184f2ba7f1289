import type { Command } from 'commander'
import { withBackend } from '../backend/open-backend.ts'
import { addClocks } from '../shell/clock-options.ts'
import { servicesText } from '../shell/endpoint-text.ts'
import { addFilters, type ViewOptions } from '../shell/filter-options.ts'
import type { Shell } from '../shell/shell.ts'

type RequirementsOptions = ViewOptions & { readonly json?: boolean }

export function requirementsCommand(program: Command, shell: Shell): void {
  addFilters(addClocks(program.command('requirements')))
    .description('Lists the requirements of a catalogue.')
    .argument('<id>', 'id of the catalogue')
    .option('--json', 'print the answer of GET /v1/catalogues/ID/requirements, unpaged')
    .addHelpText(
      'after',
      '\nExample:\n  $ portolan requirements clearswift-exchange-gateway-4.8 --scope external --port 443 --port 80'
    )
    .action(async (id: string, { json, ...options }: RequirementsOptions, command: Command) => {
      await withBackend(shell, command, 'existing', async (backend) => {
        const { requirements } = await backend.view(id, options)
        if (json) return shell.printItems(requirements)
        if (requirements.length === 0) return shell.print('No requirement matches.')
        shell.printTable(
          ['key', 'scope', 'direction', 'necessity', 'services', 'endpoints', 'title'],
          requirements.map(({ key, scope, direction, necessity, services, endpoints, title }) => [
            key,
            scope,
            direction,
            necessity,
            servicesText(services),
            String(endpoints.length),
            title
          ])
        )
      })
    })
}
