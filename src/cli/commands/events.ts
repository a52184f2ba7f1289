import { type Command, Option } from 'commander'
import { type EventType, eventTypes } from '../../domain/event/event.ts'
import { readInstant } from '../../domain/time/instant.ts'
import { eventTitle } from '../../render/event/event-text.ts'
import type { Backend, EventJson } from '../backend/backend.ts'
import { withBackend } from '../backend/open-backend.ts'
import { collectOneOf, collectText } from '../shell/filter-options.ts'
import { readCount, readSeq } from '../shell/seq-option.ts'
import type { Shell } from '../shell/shell.ts'

interface EventsOptions {
  readonly after: number
  readonly catalogue?: readonly string[]
  readonly type?: readonly EventType[]
  readonly count?: number
  readonly follow?: boolean
  readonly json?: boolean
}

const pageSize = 1000

export function eventsCommand(program: Command, shell: Shell): void {
  program
    .command('events')
    .description('Prints the log, ascending: every publish and every transition.')
    .addOption(new Option('--after <seq>', 'events after this seq').argParser(readCount).default(0))
    .addOption(new Option('--catalogue <id>', 'id of a catalogue').argParser(collectText))
    .addOption(new Option('--type <type>', 'type of event').choices(eventTypes).argParser(collectOneOf(eventTypes)))
    .addOption(new Option('--count <number>', 'end after this many events').argParser(readSeq))
    .option('--follow', 'wait for new events until the command is interrupted')
    .option('--json', 'print the answer of GET /v1/events, unpaged; with --follow one event on each line')
    .addHelpText('after', '\nExample:\n  $ portolan events --type catalogue.transitioned --follow')
    .action(async (options: EventsOptions, command: Command) => {
      await withBackend(shell, command, 'existing', async (backend) => {
        const events = readEvents(backend, options)
        if (options.json && !options.follow) {
          const items: EventJson[] = []
          for await (const event of events) items.push(event)
          return shell.printItems(items)
        }
        for await (const event of events)
          if (options.json) shell.printJson(event)
          else shell.print(eventLine(event, 'site' in event ? event.site : await backend.productName(event.catalogue)))
      })
    })
}

/** Reads events page by page; with `follow` the generator ends only after `count` events. */
async function* readEvents(backend: Backend, options: EventsOptions): AsyncGenerator<EventJson> {
  const { catalogue, type, follow = false, count = Number.POSITIVE_INFINITY } = options
  const filter = { ...(catalogue && { catalogue }), ...(type && { type }) }
  let [after, left] = [options.after, count]
  while (left > 0) {
    const limit = Math.min(pageSize, left)
    const { events, hasMore } = await backend.events({ after, limit, ...filter, isWaiting: follow })
    yield* events
    after = events.at(-1)?.seq ?? after
    left -= events.length
    if (!hasMore && !follow) return
  }
}

function eventLine(event: EventJson, product: string): string {
  const title = eventTitle({ ...event, effectiveAt: readInstant(event.effectiveAt) }, product)
  return `${event.seq}  ${event.occurredAt}  ${event.type}  ${title}`
}
