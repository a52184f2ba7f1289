import type { Command } from 'commander'
import { pointAt } from '../../catalogue/read/point.ts'
import { viewOf } from '../../catalogue/read/view.ts'
import { filterOf } from '../../domain/view/written-filter.ts'
import { addClocks, clocksOfArguments } from '../shell/clock-options.ts'
import { servicesText } from '../shell/endpoint-text.ts'
import { addFilters, type ViewOptions } from '../shell/filter-options.ts'
import type { Shell } from '../shell/shell.ts'
import { withCatalogues } from '../shell/store.ts'

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
    .action(async (id: string, options: RequirementsOptions, command: Command) => {
      const filter = filterOf(options)
      await withCatalogues(shell, command, 'existing', async (catalogues) => {
        const point = await pointAt(catalogues, id, clocksOfArguments(options))
        const { requirements } = await viewOf(catalogues, point, filter)
        if (options.json) return shell.printItems(requirements)
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
