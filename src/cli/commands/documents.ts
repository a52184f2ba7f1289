import { type Command, Option } from 'commander'
import { withBackend } from '../backend/open-backend.ts'
import { asOfOption, type ClockArguments } from '../shell/clock-options.ts'
import type { Shell } from '../shell/shell.ts'

type DocumentOptions = Pick<ClockArguments, 'asOf'> & { readonly json?: boolean }

export function documentCommand(program: Command, shell: Shell): void {
  program
    .command('document')
    .description('Prints the document as it was authored, in canonical form, to be edited and published again.')
    .argument('<id>', 'id of the catalogue')
    .addOption(asOfOption())
    .addOption(new Option('--yaml', 'print YAML, which is the default').conflicts('json'))
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample:\n  $ portolan document clearswift-exchange-gateway-4.8 --as-of 1 > catalogue.yaml'
    )
    .action(async (id: string, { asOf, json }: DocumentOptions, command: Command) => {
      await withBackend(shell, command, 'existing', async (backend) => {
        if (json) shell.print(await backend.document(id, asOf, 'json'))
        else shell.io.output(await backend.document(id, asOf, 'yaml'))
      })
    })
}
