import { type Command, InvalidArgumentError, Option } from 'commander'
import { deviceNames } from '../../domain/export/device-limit.ts'
import { wildcardChoices } from '../../domain/export/wildcards.ts'
import { parseDuration } from '../../domain/time/duration.ts'
import { formatJson } from '../../render/formats/format-json.ts'
import { formats } from '../../render/formats/formats.ts'
import type { ExportQuestion } from '../backend/backend.ts'
import { withBackend } from '../backend/open-backend.ts'
import { addClocks } from '../shell/clock-options.ts'
import { addFeeds } from '../shell/feed-options.ts'
import { addFilters, type ViewOptions } from '../shell/filter-options.ts'
import type { Shell } from '../shell/shell.ts'

type ExportOptions = ExportQuestion & { readonly report?: boolean }
type SlicesOptions = ViewOptions & { readonly json?: boolean }

export function exportCommand(program: Command, shell: Shell): void {
  addFilters(addFeeds(addClocks(program.command('export')), 'feeds'))
    .description('Prints what holds now in the format of a tool: the bytes of GET /v1/catalogues/ID/exports/FORMAT.')
    .argument('<id>', 'id of the catalogue')
    .argument('<format>', 'name of the format, see portolan formats')
    .option('--slice <slice>', 'the slice that a list is for, see portolan slices; all joins all slices')
    .option('--part <part>', 'one file of an export that has several; without it they are one tar archive')
    .option('--mode <mode>', 'a variant of the format')
    .option('--aggregate <how>', 'exact, none, or budget:N')
    .option(
      '--max-extra <count>',
      'how many IPv4 addresses, and how many /64 networks of IPv6, budget:N may open beyond the catalogue'
    )
    .addOption(new Option('--empty <how>', 'what a list without entries contains').choices(['placeholder', 'none']))
    .addOption(durationOption('--lead <duration>', 'also include what becomes active within this time, such as P7D'))
    .addOption(durationOption('--lag <duration>', 'also include what retired within this time, such as P1D'))
    .addOption(
      new Option('--limits <device>', 'refuse an export that exceeds the limits of this device').choices(deviceNames)
    )
    .addOption(
      new Option(
        '--wildcards <how>',
        'what a list of names does with wildcards: leave them out, or name the apex'
      ).choices(wildcardChoices)
    )
    .option('--headroom <count>', 'how many entries more than it has a list of aws-prefix-list gets room for')
    .option('--timed', 'write lifetimes as dates of the device, so that its rules begin and end by themselves')
    .option('--report', 'print what the export leaves out or widens, and why, as JSON in place of its bytes')
    .addHelpText(
      'after',
      '\nExamples:\n  $ portolan export clearswift-exchange-gateway-4.8 plain-ip --slice out-tcp-80\n  $ portolan export clearswift-exchange-gateway-4.8 nftables --lead P7D | nft -f -'
    )
    .action(async (id: string, format: string, { report, ...options }: ExportOptions, command: Command) => {
      await withBackend(shell, command, 'existing', async (backend) => {
        if (report) shell.printJson(await backend.exportReport(id, format, options))
        else shell.write(await backend.export(id, format, options))
      })
    })
}

export function slicesCommand(program: Command, shell: Shell): void {
  addFilters(addFeeds(addClocks(program.command('slices'))))
    .description('Lists the slices of a catalogue: one for each combination of direction, transport and ports.')
    .argument('<id>', 'id of the catalogue')
    .option('--json', 'print the answer of GET /v1/catalogues/ID/slices, without its links')
    .addHelpText('after', '\nExample:\n  $ portolan slices clearswift-exchange-gateway-4.8 --scope external')
    .action(async (id: string, { json, ...options }: SlicesOptions, command: Command) => {
      await withBackend(shell, command, 'existing', async (backend) => {
        const slices = await backend.slices(id, options)
        if (json) return shell.printJson({ items: slices })
        shell.printTable(
          ['slice', 'requirements', 'addresses', 'hosts', 'roles', 'feeds', 'any'],
          slices.map(({ name, counts: { requirements, address, host, role, feed, any } }) => [
            name,
            ...[requirements, address, host, role, feed, any].map(String)
          ])
        )
      })
    })
}

export function formatsCommand(program: Command, shell: Shell): void {
  program
    .command('formats')
    .description('Lists the export formats.')
    .option('--json', 'print the answer of GET /v1/formats')
    .action((options: { readonly json?: boolean }) => {
      if (options.json) return shell.printJson({ items: formats.map(formatJson) })
      shell.printTable(
        ['format', 'kind', 'title'],
        formats.map(({ name, kind, title }) => [name, kind, title])
      )
    })
}

function durationOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser((text: string) => {
    const parsed = parseDuration(text)
    if ('fault' in parsed) throw new InvalidArgumentError(`It ${parsed.fault}.`)
    return text
  })
}
