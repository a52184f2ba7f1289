import type { Command } from 'commander'
import { auditEntries } from '../../catalogue/lookup/audit.ts'
import { type Point, pointAt } from '../../catalogue/read/point.ts'
import type { Audit } from '../../domain/lookup/audit.ts'
import { formatInstant } from '../../domain/time/instant.ts'
import { addClocks, type ClockArguments, clocksOfArguments } from '../shell/clock-options.ts'
import { servicesText } from '../shell/endpoint-text.ts'
import { exitCodes } from '../shell/failure.ts'
import { readSource } from '../shell/manuscript.ts'
import type { Shell } from '../shell/shell.ts'
import { withCatalogues } from '../shell/store.ts'
import { type Paint, renderTable, type TableRow } from '../shell/table.ts'
import { readAuditEntries } from './audit-entries.ts'

type AuditOptions = ClockArguments & { readonly check?: boolean; readonly json?: boolean }

const auditLists = ['current', 'retiring', 'planned', 'retired', 'unknown'] as const

export function auditCommand(program: Command, shell: Shell): void {
  addClocks(program.command('audit'))
    .description('Compares the destinations that a firewall lets through with a catalogue.')
    .argument('<id>', 'id of the catalogue')
    .argument(
      '[file]',
      'one destination on each line, such as 192.0.2.1 tcp/80; or {"entries": […]}; - for the standard input',
      '-'
    )
    .option('--check', 'exit with 1 if something is retired or missing')
    .option('--json', 'print the answer of POST /v1/catalogues/ID/audit')
    .addHelpText('after', '\nExample:\n  $ portolan audit clearswift-exchange-gateway-4.8 destinations.txt --check')
    .action(async (id: string, file: string, options: AuditOptions, command: Command) => {
      const entries = readAuditEntries(await readSource(shell, command, file))
      await withCatalogues(shell, command, 'existing', async (catalogues) => {
        const point = await pointAt(catalogues, id, clocksOfArguments(options))
        const audit = await auditEntries(catalogues, point, entries)
        if (options.json) shell.printJson(audit)
        else shell.print(auditText(shell, point, audit))
        if (options.check && audit.retired.length + audit.missing.length > 0) shell.exitCode = exitCodes.refused
      })
    })
}

function auditText({ colours }: Shell, { revision, instant }: Point, audit: Audit): string {
  const { catalogue, number, label } = revision
  const paints: Readonly<Record<keyof Audit, Paint>> = {
    current: colours.green,
    retiring: colours.yellow,
    planned: colours.cyan,
    retired: colours.red,
    unknown: colours.dim,
    missing: colours.magenta
  }
  const rows = auditLists.flatMap((list) =>
    audit[list].map(({ value, port = '', matches, detail }): TableRow => {
      const requirements = [...new Set(matches.map(({ requirement }) => requirement))].join(' ')
      return [{ text: list, paint: paints[list] }, value, port, requirements, detail]
    })
  )
  const missing = audit.missing.map(
    ({ kind, value, requirements }): TableRow => [
      { text: 'missing', paint: paints.missing },
      `${kind} ${value}`,
      [...new Set(requirements.map(({ services }) => servicesText(services)))].join(', '),
      requirements.map(({ requirement }) => requirement).join(' '),
      [...new Set(requirements.map(({ necessity }) => necessity))].join(', ')
    ]
  )
  const counts = [...auditLists, 'missing' as const].map((list) => `${audit[list].length} ${list}`).join(', ')
  const head = `${catalogue}, revision ${number} (${label}), at ${formatInstant(instant)}: ${counts}`
  return [
    colours.bold(head),
    ...[rows, missing].filter(({ length }) => length > 0).map((part) => renderTable(part))
  ].join('\n')
}
