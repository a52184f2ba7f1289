import { type Command, InvalidArgumentError, Option } from 'commander'
import {
  activateSubscription,
  changeSubscription,
  createSubscription,
  deleteSubscription,
  listDeadLetters,
  listDeliveries,
  listSubscriptions,
  pauseSubscription,
  pingSubscription,
  redriveDeadLetters,
  replaySubscription,
  requireSubscription,
  resumeSubscription,
  rotateSubscriptionSecret,
  type Subscribing
} from '../catalogue/subscriptions.ts'
import { readConfig } from '../config.ts'
import { Egress, lookup } from '../delivery/egress.ts'
import { formatInstant } from '../domain/instant.ts'
import type { Subscription } from '../domain/subscription.ts'
import { deadLetterJson, definitionOf, deliveryJson, patched, subscriptionJson } from '../http/subscription-json.ts'
import type { Shell } from './shell.ts'
import { withCatalogues } from './store.ts'
import { addDefinition, type DefinitionOptions, definitionInput } from './subscription-options.ts'

interface Json {
  readonly json?: boolean
}

const id = ['<id>', 'id of the subscription, from subscriptions list'] as const

/** A shell on the store is an operator's: it sees all subscriptions. A running service sends; here it is only told what. */
export function subscriptionsCommand(program: Command, shell: Shell): void {
  const subscriptions = program.command('subscriptions').description('Receivers of webhooks.')
  createCommand(subscriptions, shell)
  listCommand(subscriptions, shell)
  showCommand(subscriptions, shell)
  changeCommand(subscriptions, shell)
  deleteCommand(subscriptions, shell)
  for (const [name, description, act] of actions) actionCommand(subscriptions, shell, name, description, act)
  rotateCommand(subscriptions, shell)
  replayCommand(subscriptions, shell)
  deliveriesCommand(subscriptions, shell)
  deadLettersCommand(subscriptions, shell)
  redriveCommand(subscriptions, shell)
}

async function withSubscriptions(
  shell: Shell,
  command: Command,
  use: (subscribing: Subscribing) => Promise<void>
): Promise<void> {
  const { egress: policy, host, port } = readConfig(shell.io.environment)
  // Of a service that runs with the same settings.
  const listeners = (await lookup(host).catch(() => [])).map((address) => ({ address, port }))
  const receivers = new Egress({ policy, lookup, connectMs: 5000, listeners: () => listeners })
  return withCatalogues(shell, command, 'existing', (catalogues) => use({ ...catalogues, receivers }))
}

function createCommand(subscriptions: Command, shell: Shell): void {
  addDefinition(subscriptions.command('create').description('Makes a subscription and shows its secret, once.'))
    .argument('<url>', 'where requests go')
    .option('--owner <key>', 'id of the key that it belongs to (default: administrators only)')
    .option('--json', 'as REST answers it')
    .addHelpText('after', '\nExample:\n  $ portolan subscriptions create https://receiver.example/hook --impact closes')
    .action(async (url: string, options: DefinitionOptions & Json & { readonly owner?: string }, command: Command) => {
      await withSubscriptions(shell, command, async (subscribing) => {
        const definition = definitionOf({ url, ...definitionInput(options) })
        const { subscription, secret } = await createSubscription(subscribing, definition, options.owner)
        if (options.json) return shell.printJson({ ...subscriptionJson(subscription, subscribing.now()), secret })
        shell.print(`${subscription.id}\n${secret}\nThe secret is not shown again. Give it to the receiver, then ping.`)
      })
    })
}

function listCommand(subscriptions: Command, shell: Shell): void {
  subscriptions
    .command('list')
    .description('All subscriptions, oldest first.')
    .option('--json', 'as REST answers it')
    .addHelpText('after', '\nExample:\n  $ portolan subscriptions list')
    .action(async ({ json }: Json, command: Command) => {
      await withSubscriptions(shell, command, async (subscribing) => {
        const all = await listSubscriptions(subscribing, 'shell')
        if (json) return shell.printItems(all.map((one) => subscriptionJson(one, subscribing.now())))
        if (all.length === 0) return shell.print('There is no subscription.')
        shell.printTable(
          ['id', 'state', 'cursor', 'newest', 'url', 'description'],
          all.map(({ id, state, cursor, matched, url, description = '' }) => [
            ...[id, state, String(cursor), String(Math.max(cursor, matched)), url, description]
          ])
        )
      })
    })
}

function showCommand(subscriptions: Command, shell: Shell): void {
  subscriptions
    .command('show')
    .description('One subscription, its state and how far it got.')
    .argument(...id)
    .option('--json', 'as REST answers it')
    .addHelpText('after', '\nExample:\n  $ portolan subscriptions show sub_01ARZ3NDEKTSV4RRFFQ69G5FAV')
    .action(async (id: string, { json }: Json, command: Command) => {
      await withSubscriptions(shell, command, async (subscribing) =>
        printOne(shell, subscribing, await requireSubscription(subscribing, 'shell', id), json)
      )
    })
}

function printOne(shell: Shell, { now }: Subscribing, subscription: Subscription, json: boolean | undefined): void {
  const shown = subscriptionJson(subscription, now())
  if (json) shell.printJson(shown)
  else
    shell.printTable(
      ['field', 'value'],
      Object.entries(shown).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)])
    )
}

function changeCommand(subscriptions: Command, shell: Shell): void {
  addDefinition(subscriptions.command('change').description('Changes what is named, and leaves the rest.'))
    .argument(...id)
    .option('--url <url>', 'where requests go')
    .option('--json', 'as REST answers it')
    .addHelpText(
      'after',
      '\nExample:\n  $ portolan subscriptions change sub_01ARZ3NDEKTSV4RRFFQ69G5FAV --ordering none'
    )
    .action(async (id: string, options: DefinitionOptions & Json & { readonly url?: string }, command: Command) => {
      await withSubscriptions(shell, command, async (subscribing) => {
        const { url } = options
        const patch = { ...definitionInput(options), ...(url !== undefined && { url }) }
        const changed = await changeSubscription(subscribing, 'shell', id, (definition) => patched(definition, patch))
        printOne(shell, subscribing, changed, options.json)
      })
    })
}

function deleteCommand(subscriptions: Command, shell: Shell): void {
  subscriptions
    .command('delete')
    .description('Takes a subscription away, with its secret and its log.')
    .argument(...id)
    .addHelpText('after', '\nExample:\n  $ portolan subscriptions delete sub_01ARZ3NDEKTSV4RRFFQ69G5FAV')
    .action(async (id: string, _: object, command: Command) => {
      await withSubscriptions(shell, command, async (subscribing) => {
        await deleteSubscription(subscribing, 'shell', id)
        shell.print(`Deleted ${id}.`)
      })
    })
}

type Action = (subscribing: Subscribing, viewer: 'shell', id: string) => Promise<Subscription>

const actions: readonly (readonly [name: string, description: string, act: Action])[] = [
  ['ping', 'Has a running service send a signed ping; its answer makes the subscription active.', pingSubscription],
  ['activate', 'Makes it active without a ping.', activateSubscription],
  ['pause', 'Sends nothing until it is resumed; its cursor waits.', pauseSubscription],
  ['resume', 'Makes it active again, from wherever it was.', resumeSubscription]
]

function actionCommand(subscriptions: Command, shell: Shell, name: string, description: string, act: Action): void {
  subscriptions
    .command(name)
    .description(description)
    .argument(...id)
    .option('--json', 'as REST answers it')
    .addHelpText('after', `\nExample:\n  $ portolan subscriptions ${name} sub_01ARZ3NDEKTSV4RRFFQ69G5FAV`)
    .action(async (id: string, { json }: Json, command: Command) => {
      await withSubscriptions(shell, command, async (subscribing) => {
        const subscription = await act(subscribing, 'shell', id)
        if (json) return printOne(shell, subscribing, subscription, true)
        shell.print(name === 'ping' ? `A ping to ${id} waits to be sent.` : `${id} is ${subscription.state}.`)
      })
    })
}

function rotateCommand(subscriptions: Command, shell: Shell): void {
  subscriptions
    .command('rotate-secret')
    .description('A new secret, shown once. The one before it signs for 24 hours more.')
    .argument(...id)
    .option('--json', 'as REST answers it')
    .addHelpText('after', '\nExample:\n  $ portolan subscriptions rotate-secret sub_01ARZ3NDEKTSV4RRFFQ69G5FAV')
    .action(async (id: string, { json }: Json, command: Command) => {
      await withSubscriptions(shell, command, async (subscribing) => {
        const { subscription, secret } = await rotateSubscriptionSecret(subscribing, 'shell', id)
        if (json) return shell.printJson({ ...subscriptionJson(subscription, subscribing.now()), secret })
        shell.print(`${secret}\nIt is not shown again. The one before it signs for 24 hours more.`)
      })
    })
}

function replayCommand(subscriptions: Command, shell: Shell): void {
  subscriptions
    .command('replay')
    .description('Sends a range of the log once more, before what is new.')
    .argument(...id)
    .addOption(new Option('--from <seq>', 'the first event').argParser(readSeq).makeOptionMandatory())
    .addOption(new Option('--to <seq>', 'the last event (default: the cursor)').argParser(readSeq))
    .option('--json', 'as REST answers it')
    .addHelpText('after', '\nExample:\n  $ portolan subscriptions replay sub_01ARZ3NDEKTSV4RRFFQ69G5FAV --from 1')
    .action(async (id: string, options: Json & { readonly from: number; readonly to?: number }, command: Command) => {
      await withSubscriptions(shell, command, async (subscribing) => {
        const range = { fromSeq: options.from, ...(options.to !== undefined && { toSeq: options.to }) }
        const subscription = await replaySubscription(subscribing, 'shell', id, range)
        if (options.json) return printOne(shell, subscribing, subscription, true)
        const { replay } = subscription
        shell.print(
          replay ? `Events ${replay.from} to ${replay.to} wait to be sent.` : 'There is nothing to be sent again.'
        )
      })
    })
}

function readSeq(text: string): number {
  if (/^\d{1,15}$/.test(text) && Number(text) > 0) return Number(text)
  throw new InvalidArgumentError('It must be a whole number from 1.')
}

function deliveriesCommand(subscriptions: Command, shell: Shell): void {
  subscriptions
    .command('deliveries')
    .description('The newest attempts.')
    .argument(...id)
    .addOption(new Option('--limit <count>', 'how many').argParser(readSeq).default(50))
    .option('--json', 'as REST answers it')
    .addHelpText('after', '\nExample:\n  $ portolan subscriptions deliveries sub_01ARZ3NDEKTSV4RRFFQ69G5FAV')
    .action(async (id: string, { json, limit }: Json & { readonly limit: number }, command: Command) => {
      await withSubscriptions(shell, command, async (subscribing) => {
        const found = await listDeliveries(subscribing, 'shell', id, { limit })
        if (json) return shell.printItems(found.map(deliveryJson))
        if (found.length === 0) return shell.print('Nothing was sent yet.')
        shell.printTable(
          ['at', 'kind', 'type', 'seq', 'result', 'answer', 'ms'],
          found.map(({ at, kind, type, seq = '', result, status, error = '', durationMs }) => [
            ...[formatInstant(at), kind, type, String(seq), result, String(status ?? error), String(durationMs)]
          ])
        )
      })
    })
}

function deadLettersCommand(subscriptions: Command, shell: Shell): void {
  subscriptions
    .command('dead-letters')
    .description('Events that the receiver refused.')
    .argument(...id)
    .option('--json', 'as REST answers it')
    .addHelpText('after', '\nExample:\n  $ portolan subscriptions dead-letters sub_01ARZ3NDEKTSV4RRFFQ69G5FAV')
    .action(async (id: string, { json }: Json, command: Command) => {
      await withSubscriptions(shell, command, async (subscribing) => {
        const found = await listDeadLetters(subscribing, 'shell', id, { limit: 1000 })
        if (json) return shell.printItems(found.map(deadLetterJson))
        if (found.length === 0) return shell.print('The receiver refused nothing.')
        shell.printTable(
          ['seq', 'type', 'at', 'answer'],
          found.map(({ seq, type, at, status }) => [String(seq), type, formatInstant(at), String(status)])
        )
      })
    })
}

function redriveCommand(subscriptions: Command, shell: Shell): void {
  subscriptions
    .command('redrive')
    .description('Sends dead letters again, all or those named.')
    .argument(...id)
    .addOption(
      new Option('--seq <seq...>', 'only these').argParser((text: string, before: readonly number[] = []) => [
        ...before,
        readSeq(text)
      ])
    )
    .option('--json', '{"redriven"}')
    .addHelpText('after', '\nExample:\n  $ portolan subscriptions redrive sub_01ARZ3NDEKTSV4RRFFQ69G5FAV')
    .action(async (id: string, { json, seq }: Json & { readonly seq?: readonly number[] }, command: Command) => {
      await withSubscriptions(shell, command, async (subscribing) => {
        const redriven = await redriveDeadLetters(subscribing, 'shell', id, seq)
        if (json) shell.printJson({ redriven })
        else
          shell.print(
            redriven === 1 ? 'One event waits to be sent again.' : `${redriven} events wait to be sent again.`
          )
      })
    })
}
