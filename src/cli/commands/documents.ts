import { type Command, Option } from 'commander'
import { documentJson, loadDocument } from '../../catalogue/read/document.ts'
import { pointAt } from '../../catalogue/read/point.ts'
import { renderYaml } from '../../render/yaml.ts'
import { asOfOption, type ClockArguments, clocksOfArguments } from '../shell/clock-options.ts'
import type { Shell } from '../shell/shell.ts'
import { withCatalogues } from '../shell/store.ts'

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
    .action(async (id: string, options: DocumentOptions, command: Command) => {
      await withCatalogues(shell, command, 'existing', async (catalogues) => {
        const { revision } = await pointAt(catalogues, id, clocksOfArguments(options))
        if (options.json) shell.print(Buffer.from(await documentJson(catalogues, revision)).toString('utf8'))
        else shell.io.output(renderYaml(await loadDocument(catalogues, revision)))
      })
    })
}
