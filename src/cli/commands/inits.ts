import type { Command } from 'commander'
import { parseDocument } from '../../domain/document/parse-document.ts'
import { parseYaml } from '../../domain/json/yaml.ts'
import { invalidDocument } from '../../domain/publishing/draft.ts'
import { slugOf } from '../../domain/slug.ts'
import { type DocumentNames, firstDocument } from '../../render/first-document.ts'
import { writeNewFile } from '../shell/new-file.ts'
import { readName } from '../shell/override-options.ts'
import { schemaUrl } from '../shell/schema-url.ts'
import type { Shell } from '../shell/shell.ts'

interface InitOptions {
  readonly id?: string
  readonly title?: string
  readonly vendor?: string
  readonly product?: string
  readonly productVersion?: string
}

export function initCommand(program: Command, shell: Shell): void {
  program
    .command('init')
    .description(
      'Writes a first document with comments, to be filled in. At a terminal it asks for what no option says.'
    )
    .argument('[file]', 'the new file; - for the standard output', 'catalogue.yaml')
    .option('--id <id>', 'id of the catalogue (default: from product and version)', readName)
    .option('--title <text>', 'title of the catalogue (default: from product and version)', readName)
    .option('--vendor <name>', 'vendor of the product', readName)
    .option('--product <name>', 'name of the product', readName)
    .option('--product-version <version>', 'version of the product', readName)
    .addHelpText(
      'after',
      '\nExample:\n  $ portolan init example-gateway-4.yaml --vendor Example --product "Example Gateway" --product-version 4'
    )
    .action(async (file: string, options: InitOptions, command: Command) => {
      const text = firstDocument(await namesOf(shell, options), schemaUrl(shell.io.environment, command))
      requireValid(text)
      await writeNewFile(shell, file, text)
      if (file === '-') return
      shell.print(`Written: ${file}. Next:\n  portolan validate ${file}\n  portolan publish ${file} --dry-run`)
    })
}

async function namesOf({ io: { ask } }: Shell, options: InitOptions): Promise<DocumentNames> {
  const answer = async (given: string | undefined, question: string, fallback: string): Promise<string> =>
    given ?? ((await ask?.(`${question} [${fallback}]: `))?.trim() || fallback)
  const vendor = await answer(options.vendor, 'Vendor', 'Example')
  const product = await answer(options.product, 'Product', 'Example Gateway')
  const version = await answer(options.productVersion, 'Version of the product', '1')
  const title = await answer(options.title, 'Title', `${product} ${version}: ports and protocols`)
  const id = await answer(options.id, 'Id of the catalogue', slugOf(`${product} ${version}`) || 'catalogue')
  return { id, title, vendor, product, version }
}

/** What was asked for may not fit a document. @throws PortolanError `invalid_document` */
function requireValid(text: string): void {
  const read = parseYaml(Buffer.from(text))
  if ('fault' in read) throw new Error(read.fault)
  const parsed = parseDocument(read.value)
  if ('faults' in parsed) throw invalidDocument(parsed)
}
