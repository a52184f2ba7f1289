import { type Command, Option } from 'commander'
import type { Comparand } from '../../catalogue/history/compare.ts'
import type { AsOf } from '../../domain/read/as-of.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { ComparisonJson } from '../backend/backend.ts'
import { withBackend } from '../backend/open-backend.ts'
import { changeTable } from '../shell/change-table.ts'
import { readAsOf, readInstantArgument } from '../shell/clock-options.ts'
import type { Shell } from '../shell/shell.ts'

interface DiffOptions {
  readonly fromEffectiveAt?: Instant
  readonly toEffectiveAt?: Instant
  readonly json?: boolean
}

export function diffCommand(program: Command, shell: Shell): void {
  const effect = (name: string) =>
    new Option(`--${name}-effective-at <instant>`, `read ${name.toUpperCase()} as a view at this instant`).argParser(
      readInstantArgument
    )
  program
    .command('diff')
    .description('Compares two revisions or two views: + added, - removed, ~ changed.')
    .argument('<id>', 'id of the catalogue')
    .argument('[from]', '1, label:2.3, or an instant (default: the revision before TO)', readAsOf)
    .argument('[to]', 'as FROM (default: the newest revision)', readAsOf)
    .addOption(effect('from'))
    .addOption(effect('to'))
    .option('--json', 'print the answer of GET /v1/catalogues/ID/diff')
    .addHelpText(
      'after',
      '\nExamples:\n  $ portolan diff clearswift-exchange-gateway-4.8 1 label:2.3\n  $ portolan diff clearswift-exchange-gateway-4.8 2 2 --from-effective-at 2018-11-21T00:00:00Z --to-effective-at 2018-11-22T00:00:00Z'
    )
    .action(
      async (id: string, from: AsOf | undefined, to: AsOf | undefined, options: DiffOptions, command: Command) => {
        const { fromEffectiveAt, toEffectiveAt, json } = options
        await withBackend(shell, command, 'existing', async (backend) => {
          const comparison = await backend.diff(id, comparand(from, fromEffectiveAt), comparand(to, toEffectiveAt))
          if (json) shell.printJson(comparison)
          else shell.print(comparisonText(shell, comparison))
        })
      }
    )
}

function comparand(asOf: AsOf | undefined, effectiveAt: Instant | undefined): Comparand {
  return { ...(asOf && { asOf }), ...(effectiveAt !== undefined && { effectiveAt }) }
}

function comparisonText(shell: Shell, { from, to, counts, edition, changes }: ComparisonJson): string {
  const { added, removed, changed } = counts
  const head = `${sideText(from)} → ${sideText(to)}: ${added} added, ${removed} removed, ${changed} changed`
  const labels = edition && [...new Set([edition.before.label, edition.after.label])].join(' → ')
  const editionLine = labels && shell.colours.yellow(`~  edition ${labels}`)
  return [shell.colours.bold(head), editionLine, ...(changes.length > 0 ? [changeTable(shell, changes)] : [])]
    .filter((part) => part !== undefined)
    .join('\n')
}

function sideText({ revision, effectiveAt }: ComparisonJson['from']): string {
  const at = effectiveAt === undefined ? '' : ` at ${effectiveAt}`
  return `revision ${revision.number} (${revision.label})${at}`
}
