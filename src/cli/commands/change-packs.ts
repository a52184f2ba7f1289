import { type Command, Option } from 'commander'
import type { WrittenPackRequest } from '../../catalogue/change-pack/change-pack.ts'
import { type PackFormatName, packFormatNames } from '../../render/change-pack/pack-formats.ts'
import { withBackend } from '../backend/open-backend.ts'
import { addFilters } from '../shell/filter-options.ts'
import type { Shell } from '../shell/shell.ts'

type ChangePackOptions = WrittenPackRequest & { readonly format: PackFormatName }

export function changePackCommand(program: Command, shell: Shell): void {
  addFilters(program.command('change-pack'))
    .description('Prints what a firewall has to do between two states of a catalogue, in steps with dates.')
    .argument('<id>', 'id of the catalogue')
    .option('--from <revision>', 'the earlier revision: 1, label:2.3, or an instant; it stands with --to')
    .option('--to <revision>', 'the later revision, as --from')
    .option('--at <instant>', 'one transition of the newest revision')
    .option('--as-of <revision>', 'the revision whose transition --at is (default: the newest)')
    .option('--since <tag>', 'the ETag of what was loaded last, or a seq: the work from there to now')
    .option('--lead <duration>', 'open what is planned so much earlier, such as P7D')
    .addOption(new Option('--format <format>', 'how it is written').choices(packFormatNames).default('markdown'))
    .addHelpText(
      'after',
      '\nExamples:\n  $ portolan change-pack clearswift-exchange-gateway-4.8 --from 1 --to 2\n  $ portolan change-pack clearswift-exchange-gateway-4.8 --from 1 --to 2 --format servicenow'
    )
    .action(async (id: string, { format, ...query }: ChangePackOptions, command: Command) => {
      await withBackend(shell, command, 'existing', async (backend) => {
        shell.write(Buffer.from(await backend.changePack(id, format, query)))
      })
    })
}
