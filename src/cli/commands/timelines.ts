import type { Command } from 'commander'
import type { Counts } from '../../domain/history/revision.ts'
import { withBackend } from '../backend/open-backend.ts'
import { addClocks, type ClockArguments } from '../shell/clock-options.ts'
import type { Shell } from '../shell/shell.ts'
import { clipText } from '../shell/table.ts'

type TimelineOptions = ClockArguments & { readonly json?: boolean }

export function timelineCommand(program: Command, shell: Shell): void {
  addClocks(program.command('timeline'))
    .description('Prints the change history by time: revisions, and the transitions that happened or are announced.')
    .argument('<id>', 'id of the catalogue')
    .option('--json', 'print the answer of GET /v1/catalogues/ID/timeline, unpaged')
    .addHelpText(
      'after',
      '\nExample:\n  $ portolan timeline clearswift-exchange-gateway-4.8 --effective-at 2018-11-01T00:00:00Z'
    )
    .action(async (id: string, { json, ...clocks }: TimelineOptions, command: Command) => {
      await withBackend(shell, command, 'existing', async (backend) => {
        const entries = await backend.timeline(id, clocks)
        if (json) return shell.printItems(entries)
        const { cyan } = shell.colours
        shell.printTable(
          ['at', 'state', 'what', 'changes', 'summary'],
          entries.map(({ at, kind, state, revision: { number, label }, counts, summary }) => [
            at,
            state === 'announced' ? { text: state, paint: cyan } : state,
            kind === 'revision' ? `revision ${number} (${label})` : `transition under ${number}`,
            countsText(counts),
            clipText(summary, 100)
          ])
        )
      })
    })
}

function countsText({ added, removed, changed }: Counts): string {
  return `+${added} -${removed} ~${changed}`
}
