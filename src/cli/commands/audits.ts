import { type Command, Option } from 'commander'
import type { Audit } from '../../domain/lookup/audit.ts'
import { auditHalves } from '../../domain/lookup/audit-missing.ts'
import { formatInstant } from '../../domain/time/instant.ts'
import type { AuditAnswer, AuditQuery } from '../backend/backend.ts'
import { withBackend } from '../backend/open-backend.ts'
import { readAuditEntries } from '../shell/audit-entries.ts'
import { addClocks } from '../shell/clock-options.ts'
import { servicesText } from '../shell/endpoint-text.ts'
import { exitCodes } from '../shell/failure.ts'
import { addFeeds } from '../shell/feed-options.ts'
import { addFilters } from '../shell/filter-options.ts'
import { readSource } from '../shell/manuscript.ts'
import type { Shell } from '../shell/shell.ts'
import { type Paint, renderTable, type TableRow } from '../shell/table.ts'

type AuditOptions = AuditQuery & { readonly check?: boolean; readonly json?: boolean }

const auditLists = ['current', 'retiring', 'planned', 'retired', 'unknown'] as const

export function auditCommand(program: Command, shell: Shell): void {
  addFilters(addFeeds(addClocks(program.command('audit'))), 'all')
    .description('Compares the destinations that a firewall lets through with a catalogue.')
    .argument('<id>', 'id of the catalogue')
    .argument(
      '[file]',
      'one destination on each line, such as 192.0.2.1 tcp/80; or {"entries": […]}; - for the standard input',
      '-'
    )
    .addOption(
      new Option('--by <half>', 'what is enough of names and addresses that belong together').choices([...auditHalves])
    )
    .option('--check', 'exit with 1 if something may be closed, is missing, or cannot be read')
    .option('--json', 'print the answer of POST /v1/catalogues/ID/audit, unpaged')
    .addHelpText('after', '\nExample:\n  $ portolan audit clearswift-exchange-gateway-4.8 destinations.txt --check')
    .action(async (id: string, file: string, { check, json, ...options }: AuditOptions, command: Command) => {
      const entries = readAuditEntries(await readSource(shell, command, file))
      await withBackend(shell, command, 'existing', async (backend) => {
        const answer = await backend.audit(id, entries, options)
        if (json) shell.printJson({ ...answer.page, page: { next: null, cursor: null } })
        else shell.print(auditText(shell, id, answer))
        if (check && hasDrift(answer.page)) shell.exitCode = exitCodes.refused
      })
    })
}

/** What is needed elsewhere must stay open, and nobody knows of what is unknown. */
function hasDrift({ retired, missing, invalid }: Audit): boolean {
  return missing.length + invalid.length > 0 || retired.some(({ neededElsewhere = [] }) => neededElsewhere.length === 0)
}

function auditText({ colours }: Shell, catalogue: string, { revision, instant, page: audit }: AuditAnswer): string {
  const { number, label } = revision
  const paints: Readonly<Record<keyof Audit, Paint>> = {
    current: colours.green,
    retiring: colours.yellow,
    planned: colours.cyan,
    retired: colours.red,
    unknown: colours.dim,
    missing: colours.magenta,
    covered: colours.dim,
    invalid: colours.red
  }
  const rows = auditLists.flatMap((list) =>
    audit[list].map(({ value, port = '', matches, matchCount, detail }): TableRow => {
      const requirements = [...new Set(matches.map(({ requirement }) => requirement))]
      if (matchCount > matches.length) requirements.push('…')
      return [{ text: list, paint: paints[list] }, value, port, requirements.join(' '), detail]
    })
  )
  const lacking = (['missing', 'covered'] as const).flatMap((list) =>
    audit[list].map(
      ({ kind, value, requirements }): TableRow => [
        { text: list, paint: paints[list] },
        `${kind} ${value}`,
        [...new Set(requirements.map(({ services }) => servicesText(services)))].join(', '),
        requirements.map(({ requirement }) => requirement).join(' '),
        [...new Set(requirements.map(({ necessity }) => necessity))].join(', ')
      ]
    )
  )
  const invalid = audit.invalid.map(
    ({ entry, detail }): TableRow => [{ text: 'invalid', paint: paints.invalid }, entry, detail]
  )
  const counted = (lists: readonly (keyof Audit)[]) => lists.map((list) => `${audit[list].length} ${list}`).join(', ')
  const others = (['covered', 'invalid'] as const).filter((list) => audit[list].length > 0)
  const head = `${catalogue}, revision ${number} (${label}), at ${formatInstant(instant)}: ${counted([...auditLists, 'missing'])}`
  return [
    colours.bold(head),
    ...(others.length > 0 ? [counted(others)] : []),
    ...[rows, lacking, invalid].filter(({ length }) => length > 0).map((part) => renderTable(part))
  ].join('\n')
}
