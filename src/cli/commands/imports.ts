import { Argument, type Command } from 'commander'
import type { Document } from '../../domain/document/document.ts'
import type { Adapter } from '../../domain/feed/adapter.ts'
import { type Imported, unreadableSource } from '../../domain/feed/adapter.ts'
import { type AdapterName, adapterNames, adapters } from '../../domain/feed/adapters.ts'
import { importedDocument } from '../../domain/feed/imported-document.ts'
import { observe, seenSource } from '../../domain/feed/observe.ts'
import { requireReadable } from '../../domain/feed/parse-imported.ts'
import { withoutUndefined } from '../../domain/json/without-undefined.ts'
import { writtenDraft } from '../../domain/publishing/draft.ts'
import { dayMs } from '../../domain/time/duration.ts'
import { formatInstant } from '../../domain/time/instant.ts'
import { renderAuthored } from '../../render/authored-yaml.ts'
import { headDocument } from '../backend/head-document.ts'
import { withBackend } from '../backend/open-backend.ts'
import { isUrl, type ListSource, readListSource } from '../shell/list-source.ts'
import { writeNewFile } from '../shell/new-file.ts'
import {
  authorOption,
  type OverrideOptions,
  overrideOption,
  overridesOf,
  readName,
  reasonOption
} from '../shell/override-options.ts'
import { withProgress } from '../shell/progress.ts'
import { schemaUrl } from '../shell/schema-url.ts'
import type { Shell } from '../shell/shell.ts'
import { importHistory } from './import-histories.ts'
import { feedUrlOption, lingerOption, mapOf, selectOf, selectOption } from './import-options.ts'
import { importJson, importText } from './import-report.ts'
import { publishedJson, publishedText } from './publishing.ts'

interface ImportOptions extends OverrideOptions {
  readonly catalogue: string
  readonly title?: string
  readonly vendor?: string
  readonly product?: string
  readonly productVersion?: string
  readonly label?: string
  readonly summary?: string
  readonly sheet?: string
  readonly select?: Parameters<typeof selectOf>[2]
  readonly linger?: number
  readonly feedUrl?: string
  readonly map?: string
  readonly mirrorOf?: string
  readonly history?: string
  readonly output?: string
  readonly dryRun?: boolean
  readonly json?: boolean
}

export function importCommand(program: Command, shell: Shell): void {
  program
    .command('import')
    .description(
      'Makes a catalogue of a list that a provider publishes, or of a table that people have, and publishes it, or writes it as YAML to go on with.'
    )
    .addArgument(
      new Argument('<adapter>', adapters.map(({ name, title }) => `${name}: ${title}`).join('; ')).choices(adapterNames)
    )
    .argument('[source]', 'the file, or a URL; - for the standard input')
    .requiredOption('--catalogue <id>', 'id of the catalogue that it becomes')
    .option('--title <text>', 'title of the catalogue (default: as it is, else from the id)', readName)
    .option('--vendor <name>', 'vendor of the product', readName)
    .option('--product <name>', 'name of the product', readName)
    .option('--product-version <version>', 'version of the product', readName)
    .option('--label <text>', 'label of the edition (default: the day)', readName)
    .option('--summary <text>', 'what is new in the edition (default: where it was imported from)', readName)
    .option('--sheet <name>', 'sheet of a workbook (default: the first with a table)')
    .addOption(selectOption())
    .addOption(lingerOption())
    .addOption(feedUrlOption())
    .option('--mirror-of <url>', 'origin of a catalogue that is itself a mirror: of the adapter portolan')
    .option('--map <file>', 'JSONata expression that makes requirements of JSON: of the adapter json')
    .option(
      '--history <folder>',
      'first publish the states of the list that are files of this folder, each dated by its source (--linger: P0D)'
    )
    .option(
      '--output <file>',
      'write the document as YAML to a new file, - for the standard output, and publish nothing'
    )
    .option('--dry-run', 'print what would happen, and write nothing')
    .addOption(overrideOption())
    .addOption(reasonOption())
    .addOption(authorOption())
    .option('--json', 'print the answer of PUT /v1/catalogues/ID/document, and what was taken of the source')
    .addHelpText(
      'after',
      '\nExamples:\n  $ portolan import csv ports.csv --catalogue example-gateway-4 --output example-gateway-4.yaml\n  $ portolan import xlsx ports.xlsx --catalogue example-gateway-4 --vendor Example --dry-run\n  $ portolan import json okta.json --map okta.jsonata --catalogue feed.okta'
    )
    .action(async (name: AdapterName, file: string | undefined, options: ImportOptions, command: Command) => {
      const overrides = overridesOf(command, options)
      const adapter = adapterNamed(name)
      const { sheet, mirrorOf } = options
      const map = await mapOf(shell, command, adapter, options.map)
      const read = withoutUndefined({ sheet, select: selectOf(command, adapter, options.select), map, mirrorOf })
      const { history } = options
      if (history !== undefined) {
        const said = namesOf(options)
        await importHistory(shell, command, { adapter, options: read, overrides, said }, { ...options, history })
      } else if (file === undefined)
        command.error('error: a source is missing: a file, a URL, or - for the standard input')
      if (file === undefined) return
      const headToken = await headTokenOf(shell, command, adapter, file, options.catalogue)
      const source = await withProgress(shell, (progress) => {
        progress('reading')
        return readListSource(shell, command, { adapter, source: file, headToken })
      })
      shell.manuscript = file
      const imported = await (await adapter.load())(
        source,
        withoutUndefined({ ...read, datesAfter: source.datesAfter })
      )
      if (!options.json && options.output !== '-') shell.io.error(importText(shell, source.name, imported))
      requireReadable(source, imported)
      const isDryRun = options.dryRun === true
      const access = isDryRun || options.output !== undefined ? 'rehearse' : 'create'
      await withBackend(shell, command, access, async (backend) => {
        const head = await headDocument(backend, options.catalogue)
        const document = nextDocument(shell, { adapter, source, imported, head }, options)
        if (options.output !== undefined) {
          await writeNewFile(shell, options.output, renderAuthored(document, schemaUrl(shell.io.environment, command)))
          if (options.output !== '-')
            shell.print(`Written: ${options.output}. Look at it, then: portolan publish ${options.output} --dry-run`)
          return
        }
        const published = await withProgress(shell, (progress) => {
          progress('publishing')
          return backend.publish(options.catalogue, writtenDraft({ document }), { isDryRun, ...overrides })
        })
        if (options.json) shell.printJson({ ...publishedJson(published), import: importJson(adapter, imported) })
        else shell.print(publishedText(shell, options.catalogue, published))
      })
    })
}

function adapterNamed(name: AdapterName): Adapter {
  const adapter = adapters.find((each) => each.name === name)
  if (!adapter) throw new Error(`there is no adapter ${name}`)
  return adapter
}

/** What the catalogue has of the list already: some providers are asked for what came since. */
async function headTokenOf(shell: Shell, command: Command, adapter: Adapter, source: string, id: string) {
  if (!adapter.gather || !isUrl(source)) return undefined
  let token: string | undefined
  await withBackend(shell, command, 'rehearse', async (backend) => {
    token = (await headDocument(backend, id))?.edition.source?.token
  })
  return token
}

interface Reading {
  readonly adapter: Adapter
  readonly source: ListSource
  readonly imported: Imported
  readonly head: Document | undefined
}

function namesOf({ title, vendor, product, productVersion: version }: ImportOptions) {
  return withoutUndefined({ title, vendor, product, version })
}

/** What the catalogue would be. Where nothing but the edition would differ, it is the head, and publishing it changes nothing. */
function nextDocument(shell: Shell, { adapter, source, imported, head }: Reading, options: ImportOptions): Document {
  const { catalogue: id, label, summary } = options
  const names = namesOf(options)
  const at = shell.io.now()
  if (adapter.kind === 'table') {
    const edition = {
      label: label ?? formatInstant(at).slice(0, 10),
      summary: summary ?? `Imported from ${source.name}`
    }
    return importedDocument(source, imported, withoutUndefined({ id, ...names, edition, head }))
  }
  const { linger: lingerMs = 7 * dayMs, feedUrl: url = source.url } = options
  const said = withoutUndefined({ ...names, label, summary })
  const seen = observe(
    withoutUndefined({ adapter, source: seenSource(source), imported, id, url, at, lingerMs, head, said })
  )
  switch (seen.kind) {
    case 'changed':
      return seen.document
    case 'unchanged':
      if (!head) throw new Error('a list is a change where there is no head')
      return head
    case 'behind':
      throw unreadableSource(
        source,
        'behind',
        `has the token ${seen.token}, and ${id} knows ${seen.newest} already: it is an older state of the list`
      )
    default:
      throw new Error(`unknown outcome ${seen satisfies never}`)
  }
}
