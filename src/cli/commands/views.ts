import type { Command } from 'commander'
import type { CatalogueView, ViewRequirement } from '../../domain/view/view.ts'
import { withBackend } from '../backend/open-backend.ts'
import { addClocks } from '../shell/clock-options.ts'
import { endpointRemarks, servicesText, statusCell } from '../shell/endpoint-text.ts'
import { addFeeds } from '../shell/feed-options.ts'
import { addFilters, type ViewOptions } from '../shell/filter-options.ts'
import type { Shell } from '../shell/shell.ts'
import { renderTable } from '../shell/table.ts'

type ShowOptions = ViewOptions & { readonly json?: boolean }

export function showCommand(program: Command, shell: Shell): void {
  addFilters(addFeeds(addClocks(program.command('show'))))
    .description('Shows a catalogue on two clocks: what had been published, and what holds according to it.')
    .argument('<id>', 'id of the catalogue')
    .option('--json', 'print the answer of GET /v1/catalogues/ID')
    .addHelpText(
      'after',
      '\nExample:\n  $ portolan show clearswift-exchange-gateway-4.8 --as-of label:2.3 --effective-at 2018-11-22T00:00:00Z'
    )
    .action(async (id: string, { json, ...options }: ShowOptions, command: Command) => {
      await withBackend(shell, command, 'existing', async (backend) => {
        const view = await backend.view(id, options)
        if (json) shell.printJson(view)
        else shell.print(viewText(shell, view))
      })
    })
}

function viewText(shell: Shell, view: CatalogueView): string {
  const components = view.components?.map(({ key, title }) => [key, title])
  const guidance = view.guidance?.map(({ key, topic, text }) => [key, topic, text])
  return [
    headText(shell, view),
    ...view.requirements.map((requirement) => requirementText(shell, requirement)),
    ...(components ? [`${shell.colours.bold('components')}\n${renderTable(components, '  ')}`] : []),
    ...(guidance ? [`${shell.colours.bold('guidance')}\n${renderTable(guidance, '  ')}`] : [])
  ].join('\n\n')
}

function headText({ colours }: Shell, view: CatalogueView): string {
  const { id, title, aliases, revision } = view
  const facts = [
    ['id', id],
    ['product', `${view.vendor} ${view.product} ${view.version}`],
    ...(aliases ? [['also', aliases.join(', ')]] : []),
    ['revision', `${revision.number} (${revision.label}), published ${revision.publishedAt}`],
    ['holds', intervalText(view)],
    ...(view.endOfSupport === undefined ? [] : [['supported', `until ${view.endOfSupport}`]]),
    ...(view.successor === undefined ? [] : [['successor', view.successor]])
  ]
  return `${colours.bold(title)}\n${renderTable(facts, '  ')}`
}

function intervalText({ validFrom, validUntil }: CatalogueView): string {
  if (validUntil === undefined) return validFrom === undefined ? 'at all times' : `from ${validFrom} on`
  return `${validFrom === undefined ? '' : `from ${validFrom} `}until ${validUntil}`
}

function requirementText(shell: Shell, requirement: ViewRequirement): string {
  const { key, title, scope, direction, necessity, condition, component, services, endpoints, remarks } = requirement
  const head = `${shell.colours.bold(key)}  ${title} (${scope}, ${direction}, ${necessity})`
  const rows = [
    ['services', servicesText(services)],
    ...(component === undefined ? [] : [['component', component]]),
    ...(condition === undefined ? [] : [['condition', condition]]),
    ...(remarks === undefined ? [] : [['remarks', remarks]])
  ]
  const table = endpoints.map((endpoint) => [
    statusCell(shell, endpoint.status),
    endpoint.kind,
    endpoint.kind === 'any' ? '' : endpoint.value,
    endpointRemarks(endpoint)
  ])
  return [head, renderTable(rows, '  '), ...(table.length > 0 ? [renderTable(table, '  ')] : [])].join('\n')
}
