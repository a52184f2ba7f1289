import type { Command } from 'commander'
import { withBackend } from '../backend/open-backend.ts'
import { addSharedClocks, type SharedClockArguments } from '../shell/clock-options.ts'
import type { Shell } from '../shell/shell.ts'

interface ListOptions extends SharedClockArguments {
  readonly json?: boolean
}

export function listCommand(program: Command, shell: Shell): void {
  addSharedClocks(program.command('list'))
    .description('Lists all catalogues with their newest revision and their next transition.')
    .option('--json', 'print the answer of GET /v1/catalogues')
    .addHelpText('after', '\nExample:\n  $ portolan list --effective-at 2018-11-01T00:00:00Z')
    .action(async ({ json, ...clocks }: ListOptions, command: Command) => {
      await withBackend(shell, command, 'existing', async (backend) => {
        const items = await backend.catalogues(clocks)
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
