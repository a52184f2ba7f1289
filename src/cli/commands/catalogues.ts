import type { Command } from 'commander'
import { listCatalogues, listedHeadsAt } from '../../catalogue/read/catalogue-list.ts'
import { addSharedClocks, type SharedClockArguments } from '../shell/clock-options.ts'
import type { Shell } from '../shell/shell.ts'
import { withCatalogues } from '../shell/store.ts'

interface ListOptions extends SharedClockArguments {
  readonly json?: boolean
}

export function listCommand(program: Command, shell: Shell): void {
  addSharedClocks(program.command('list'))
    .description('Lists all catalogues with their newest revision and their next transition.')
    .option('--json', 'print the answer of GET /v1/catalogues')
    .addHelpText('after', '\nExample:\n  $ portolan list --effective-at 2018-11-01T00:00:00Z')
    .action(async ({ asOf, effectiveAt, json }: ListOptions, command: Command) => {
      await withCatalogues(shell, command, 'existing', async (catalogues) => {
        const heads = await listedHeadsAt(catalogues, {
          seq: catalogues.heads.seq,
          ...(asOf !== undefined && { asOf })
        })
        const page = { offset: 0, limit: heads.length }
        const { items } = listCatalogues(heads, effectiveAt ?? catalogues.now(), page)
        if (json) return shell.printItems(items)
        if (items.length === 0) return shell.print('There is no catalogue.')
        shell.printTable(
          ['id', 'revision', 'label', 'published', 'next transition', 'title'],
          items.map(({ id, revision, nextTransition = '', title }) => [
            id,
            String(revision.number),
            revision.label,
            revision.publishedAt,
            nextTransition,
            title
          ])
        )
      })
    })
}
