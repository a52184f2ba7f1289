import type { Command } from 'commander'
import type { Published } from '../../catalogue/publishing/publish.ts'
import type { feedJson } from '../../render/polling/feed-json.ts'
import { openClient } from '../backend/open-backend.ts'
import type { RestClient } from '../backend/rest-client.ts'
import type { Shell } from '../shell/shell.ts'
import { fetchToFolder } from './feed-files.ts'

type FeedJson = ReturnType<typeof feedJson>
interface JsonOption {
  readonly json?: boolean
}

/** What the service fetches, and what waits for a person. Only a running service knows its feeds. */
export function feedsCommand(program: Command, shell: Shell): void {
  const feeds = program
    .command('feeds')
    .description(
      'Shows the lists that a service fetches by itself, and decides about changes that are held. All but fetch --to need --url.'
    )
  feeds
    .command('list')
    .description('Lists the feeds with their states.')
    .option('--json', 'print the answer of GET /v1/feeds')
    .action(async ({ json }: JsonOption, command: Command) => {
      const { items } = await clientOf(shell, command).json<{ readonly items: readonly FeedJson[] }>('/v1/feeds')
      if (json) return shell.printItems(items)
      shell.printTable(
        ['id', 'state', 'last fetch', 'outcome', 'next'],
        items.map(({ id, state, lastFetch, next }) => [id, state, lastFetch?.at ?? '', lastFetch?.outcome ?? '', next])
      )
    })
  one(feeds, 'show', 'Prints a feed: its state, the last fetch and the next, as JSON.').action(
    async (id: string, _options: object, command: Command) =>
      shell.printJson(await clientOf(shell, command).json(pathOf(id)))
  )
  one(
    feeds,
    'fetch',
    'Lets the service fetch a list now, and prints what came of it, as JSON; or fetches it to a file.'
  )
    .option('--to <folder>', 'without a service: write the list, as it is now, to a new file of the folder of a mirror')
    .action(async (id: string, { to }: { readonly to?: string }, command: Command) => {
      if (to !== undefined) return shell.print(`Written: ${await fetchToFolder(shell, command, id, to)}`)
      shell.printJson(await clientOf(shell, command).json<FeedJson>(`${pathOf(id)}/fetch`, { method: 'POST' }))
    })
  one(feeds, 'held', 'Prints the change that guard rails refused, with what they found, as JSON.').action(
    async (id: string, _options: object, command: Command) =>
      shell.printJson(await clientOf(shell, command).json(`${pathOf(id)}/held`))
  )
  one(feeds, 'accept', 'Publishes the change that guard rails refused.')
    .requiredOption('--reason <text>', 'why it is right; kept with the revision')
    .option('--digest <digest>', 'the change that was looked at: refused where another one is held by now')
    .action(async (id: string, { reason, digest }: { reason: string; digest?: string }, command: Command) => {
      const query = { reason, digest }
      const { number, label } = await clientOf(shell, command).json<Pick<Published['revision'], 'number' | 'label'>>(
        `${pathOf(id)}/held/accept`,
        { method: 'POST', query }
      )
      shell.print(`Published revision ${number} (${label}) of ${id}`)
    })
}

function one(feeds: Command, name: string, description: string): Command {
  return feeds.command(name).description(description).argument('<id>', 'id of the feed')
}

function clientOf(shell: Shell, command: Command): RestClient {
  const client = openClient(shell, command)
  if (!client) command.error('error: only a running service knows its feeds: name it with --url')
  return client
}

function pathOf(id: string): string {
  return `/v1/feeds/${encodeURIComponent(id)}`
}
