import { setTimeout as pause } from 'node:timers/promises'
import { type Command, Option } from 'commander'
import type { Catalogues } from '../../catalogue/catalogues.ts'
import { eventsAfter, type ReadEvent } from '../../catalogue/event/events.ts'
import { requirePlace } from '../../catalogue/event/log-place.ts'
import { productName } from '../../catalogue/heads.ts'
import { readConfig } from '../../config/config.ts'
import { type EventType, eventTypes } from '../../domain/event/event.ts'
import { formatInstant } from '../../domain/time/instant.ts'
import { eventJson } from '../../render/event/event-json.ts'
import { eventTitle } from '../../render/event/event-text.ts'
import { collectOneOf, collectText } from '../shell/filter-options.ts'
import { readCount, readSeq } from '../shell/seq-option.ts'
import type { Shell } from '../shell/shell.ts'
import { withCatalogues } from '../shell/store.ts'

interface EventsOptions {
  readonly after: number
  readonly catalogue?: readonly string[]
  readonly type?: readonly EventType[]
  readonly count?: number
  readonly follow?: boolean
  readonly json?: boolean
}

const pageSize = 1000
/** How often `--follow` looks for new events, in ms. */
const pollMs = 1000

export function eventsCommand(program: Command, shell: Shell): void {
  program
    .command('events')
    .description('Prints the log, ascending: every publish and every transition.')
    .addOption(new Option('--after <seq>', 'events after this seq').argParser(readCount).default(0))
    .addOption(new Option('--catalogue <id>', 'id of a catalogue').argParser(collectText))
    .addOption(
      new Option('--type <type>', `type of event: ${eventTypes.join(', ')}`).argParser(collectOneOf(eventTypes))
    )
    .addOption(new Option('--count <number>', 'end after this many events').argParser(readSeq))
    .option('--follow', 'wait for new events until the command is interrupted')
    .option('--json', 'print the answer of GET /v1/events, unpaged; with --follow one event on each line')
    .addHelpText('after', '\nExample:\n  $ portolan events --type catalogue.transitioned --follow')
    .action(async (options: EventsOptions, command: Command) => {
      const { host, port, publicUrl = `http://${host}:${port}` } = readConfig(shell.io.environment)
      await withCatalogues(shell, command, 'existing', async (catalogues) => {
        const json = (event: ReadEvent) => eventJson(event, event.prevSeq, catalogues.store.epoch, publicUrl)
        const events = readEvents(catalogues, options)
        if (options.json && !options.follow) {
          const items: object[] = []
          for await (const event of events) items.push(json(event))
          return shell.printItems(items)
        }
        for await (const event of events)
          if (options.json) shell.printJson(json(event))
          else shell.print(eventLine(catalogues, event))
      })
    })
}

/** Reads events page by page; with `follow` the generator ends only after `count` events. */
async function* readEvents(catalogues: Catalogues, options: EventsOptions): AsyncGenerator<ReadEvent> {
  const { catalogue, type, follow = false, count = Number.POSITIVE_INFINITY } = options
  const filter = { ...(catalogue && { catalogues: catalogue }), ...(type && { types: type }) }
  let [after, left] = [options.after, count]
  await requirePlace(catalogues, { seq: after })
  while (left > 0) {
    const limit = Math.min(pageSize, left)
    const { events, hasMore } = await eventsAfter(catalogues, { after, limit, ...filter })
    yield* events
    after = events.at(-1)?.seq ?? after
    left -= events.length
    if (hasMore || left <= 0) continue
    if (!follow) return
    await pause(pollMs)
    // The heads say whether there are new events, and name the products of new catalogues.
    await catalogues.heads.refresh()
  }
}

function eventLine({ heads }: Catalogues, event: ReadEvent): string {
  const head = heads.get(event.catalogue)
  const title = eventTitle(event, head ? productName(head) : event.catalogue)
  return `${event.seq}  ${formatInstant(event.occurredAt)}  ${event.type}  ${title}`
}
