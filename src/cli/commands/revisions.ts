import type { Command } from 'commander'
import { withBackend } from '../backend/open-backend.ts'
import type { Shell } from '../shell/shell.ts'
import { clipText } from '../shell/table.ts'

export function revisionsCommand(program: Command, shell: Shell): void {
  program
    .command('revisions')
    .description('Lists the revisions of a catalogue, newest first.')
    .argument('<id>', 'id of the catalogue')
    .option('--json', 'print the answer of GET /v1/catalogues/ID/revisions, unpaged')
    .addHelpText('after', '\nExample:\n  $ portolan revisions clearswift-exchange-gateway-4.8')
    .action(async (id: string, { json }: { readonly json?: boolean }, command: Command) => {
      await withBackend(shell, command, 'existing', async (backend) => {
        const items = await backend.revisions(id)
        if (json) return shell.printItems(items)
        shell.printTable(
          ['number', 'label', 'published', 'added', 'removed', 'changed', 'author', 'overrides', 'summary'],
          items.map(({ counts, author = '', overrides, ...revision }) => [
            String(revision.number),
            revision.label,
            revision.publishedAt,
            String(counts.added),
            String(counts.removed),
            String(counts.changed),
            author,
            overrides.join(' '),
            clipText(revision.summary, 100)
          ])
        )
      })
    })
}
