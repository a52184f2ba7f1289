import { type Command, Option } from 'commander'
import {
  activateSubscription,
  deleteSubscription,
  pauseSubscription,
  pingSubscription,
  replaySubscription,
  resumeSubscription,
  rotateSubscriptionSecret,
  type SubscriptionContext
} from '../../catalogue/webhook/subscriptions.ts'
import type { Subscription } from '../../domain/webhook/subscription.ts'
import { subscriptionJson } from '../../render/webhook/subscription-json.ts'
import { readSeq } from '../shell/seq-option.ts'
import type { Shell } from '../shell/shell.ts'
import { printSubscription, subscriptionIdArgument, withSubscriptions } from '../shell/subscribing.ts'

interface Json {
  readonly json?: boolean
}

type Action = (subscribing: SubscriptionContext, viewer: 'shell', id: string) => Promise<Subscription>

const actions: readonly (readonly [name: string, description: string, act: Action])[] = [
  ['ping', 'Has a running service send a signed ping; its answer makes the subscription active.', pingSubscription],
  ['activate', 'Makes it active without a ping.', activateSubscription],
  ['pause', 'Sends nothing until it is resumed; its cursor waits.', pauseSubscription],
  ['resume', 'Makes it active again, from wherever it was.', resumeSubscription]
]

export function actionCommands(subscriptions: Command, shell: Shell): void {
  for (const [name, description, act] of actions) actionCommand(subscriptions, shell, name, description, act)
}

function actionCommand(subscriptions: Command, shell: Shell, name: string, description: string, act: Action): void {
  subscriptions
    .command(name)
    .description(description)
    .argument(...subscriptionIdArgument)
    .option('--json', 'as REST answers it')
    .addHelpText('after', `\nExample:\n  $ portolan subscriptions ${name} sub_01ARZ3NDEKTSV4RRFFQ69G5FAV`)
    .action(async (id: string, { json }: Json, command: Command) => {
      await withSubscriptions(shell, command, async (subscribing) => {
        const subscription = await act(subscribing, 'shell', id)
        if (json) return printSubscription(shell, subscribing, subscription, true)
        shell.print(name === 'ping' ? `A ping to ${id} waits to be sent.` : `${id} is ${subscription.state}.`)
      })
    })
}

export function deleteCommand(subscriptions: Command, shell: Shell): void {
  subscriptions
    .command('delete')
    .description('Takes a subscription away, with its secret and its log.')
    .argument(...subscriptionIdArgument)
    .addHelpText('after', '\nExample:\n  $ portolan subscriptions delete sub_01ARZ3NDEKTSV4RRFFQ69G5FAV')
    .action(async (id: string, _: object, command: Command) => {
      await withSubscriptions(shell, command, async (subscribing) => {
        await deleteSubscription(subscribing, 'shell', id)
        shell.print(`Deleted ${id}.`)
      })
    })
}

export function rotateCommand(subscriptions: Command, shell: Shell): void {
  subscriptions
    .command('rotate-secret')
    .description('A new secret, shown once. The one before it signs for 24 hours more.')
    .argument(...subscriptionIdArgument)
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

export function replayCommand(subscriptions: Command, shell: Shell): void {
  subscriptions
    .command('replay')
    .description('Sends a range of the log once more, before what is new.')
    .argument(...subscriptionIdArgument)
    .addOption(new Option('--from <seq>', 'the first event').argParser(readSeq).makeOptionMandatory())
    .addOption(new Option('--to <seq>', 'the last event (default: the cursor)').argParser(readSeq))
    .option('--json', 'as REST answers it')
    .addHelpText('after', '\nExample:\n  $ portolan subscriptions replay sub_01ARZ3NDEKTSV4RRFFQ69G5FAV --from 1')
    .action(async (id: string, options: Json & { readonly from: number; readonly to?: number }, command: Command) => {
      await withSubscriptions(shell, command, async (subscribing) => {
        const range = { fromSeq: options.from, ...(options.to !== undefined && { toSeq: options.to }) }
        const subscription = await replaySubscription(subscribing, 'shell', id, range)
        if (options.json) return printSubscription(shell, subscribing, subscription, true)
        const { replay } = subscription
        shell.print(
          replay ? `Events ${replay.from} to ${replay.to} wait to be sent.` : 'There is nothing to be sent again.'
        )
      })
    })
}
