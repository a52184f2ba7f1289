import { type Command, InvalidArgumentError } from 'commander'
import { firstChanges } from '../../render/history/revision-json.ts'
import type { PublishAnswer } from '../backend/backend.ts'
import { withBackend } from '../backend/open-backend.ts'
import { changeTable } from '../shell/change-table.ts'
import { type FormatOptions, formatOption, readManuscript } from '../shell/manuscript.ts'
import {
  authorOption,
  type OverrideOptions,
  overrideOption,
  overridesOf,
  reasonOption
} from '../shell/override-options.ts'
import type { Shell } from '../shell/shell.ts'
import { requireDraft } from './validate.ts'

interface PublishOptions extends OverrideOptions, FormatOptions {
  readonly dryRun?: boolean
  readonly json?: boolean
}

export function publishCommand(program: Command, shell: Shell): void {
  program
    .command('publish')
    .description('Publishes a document as a new revision, with or without a running service.')
    .argument('<file>', 'the whole document in YAML or JSON; - for the standard input')
    .addOption(formatOption())
    .option('--dry-run', 'print what would happen, and write nothing')
    .addOption(overrideOption())
    .addOption(reasonOption())
    .addOption(authorOption())
    .option('--json', 'print the answer of PUT /v1/catalogues/ID/document')
    .addHelpText('after', '\nExample:\n  $ portolan publish catalogue.yaml --dry-run')
    .action(async (file: string, options: PublishOptions, command: Command) => {
      const overrides = overridesOf(command, options)
      const manuscript = await readManuscript(shell, command, file, options)
      const { id } = requireDraft(manuscript).document
      const isDryRun = options.dryRun === true
      await withBackend(shell, command, isDryRun ? 'rehearse' : 'create', async (backend) => {
        printPublished(shell, id, await backend.publish(id, manuscript, { isDryRun, ...overrides }), options)
      })
    })
}

export function restoreCommand(program: Command, shell: Shell): void {
  program
    .command('restore')
    .description('Rolls back: publishes the document of an earlier revision as a new one.')
    .argument('<id>', 'id of the catalogue')
    .argument('<number>', 'number of the revision', readNumber)
    .addOption(reasonOption().makeOptionMandatory())
    .option('--dry-run', 'print what would happen, and write nothing')
    .addOption(overrideOption())
    .addOption(authorOption())
    .option('--json', 'print the answer of POST /v1/catalogues/ID/revisions/NUMBER/restore')
    .addHelpText(
      'after',
      '\nExample:\n  $ portolan restore clearswift-exchange-gateway-4.8 1 --reason "the mirrors are late"'
    )
    .action(async (id: string, number: number, options: PublishOptions, command: Command) => {
      const overrides = overridesOf(command, options)
      await withBackend(shell, command, 'existing', async (backend) => {
        const restored = await backend.restore(id, number, { isDryRun: options.dryRun === true, ...overrides })
        printPublished(shell, id, restored, options)
      })
    })
}

function readNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be the number of a revision, 1 or more.')
  return Number(text)
}

function printPublished(shell: Shell, catalogue: string, answer: PublishAnswer, { json }: PublishOptions): void {
  if (json) shell.printJson(publishedJson(answer))
  else shell.print(publishedText(shell, catalogue, answer))
}

/** What came of a publish, or would come, as REST answers it. */
export function publishedJson({ revision, changes, isPart }: PublishAnswer) {
  return { ...revision, ...firstChanges(changes), ...(isPart && { truncated: true }) }
}

/** The same for people. */
export function publishedText(
  shell: Shell,
  catalogue: string,
  { kind, revision, changes, isPart }: PublishAnswer
): string {
  const { number, label, counts } = revision
  const name = `revision ${number} (${label}) of ${catalogue}`
  if (kind === 'unchanged') return `Unchanged: this is ${name} already. Nothing was written.`
  const tally = `${counts.added} added, ${counts.removed} removed, ${counts.changed} changed`
  const head =
    kind === 'published' ? `Published ${name}: ${tally}` : `Would publish ${name}: ${tally}. Nothing was written.`
  return [
    shell.colours.bold(head),
    ...(changes.length > 0 ? [changeTable(shell, changes)] : []),
    ...(isPart ? [`These are the first ${changes.length} changes.`] : [])
  ].join('\n')
}
