import { type Command, Option } from 'commander'
import {
  activateSubscription,
  pauseSubscription,
  pingSubscription,
  resumeSubscription
} from '../../catalogue/webhook/subscription-state.ts'
import {
  deleteSubscription,
  replaySubscription,
  rotateSubscriptionSecret,
  type SubscriptionContext
} from '../../catalogue/webhook/subscriptions.ts'
import type { Subscription } from '../../domain/webhook/subscription.ts'
import { subscriptionJson } from '../../render/webhook/subscription-json.ts'
import { readSeq } from '../shell/seq-option.ts'
import type { Shell } from '../shell/shell.ts'
import { printSubscription, subscriptionIdArgument, withSubscriptions } from '../shell/subscription.ts'
import { readSecretFile, type SecretOptions, secretFileOption } from '../shell/subscription-options.ts'

interface Json {
  readonly json?: boolean
}

type Action = (context: SubscriptionContext, viewer: 'shell', id: string) => Promise<Subscription>

const actions: readonly (readonly [name: string, description: string, act: Action])[] = [
  [
    'ping',
    'Makes a running service send a signed ping; if the receiver answers it, the subscription becomes active.',
    pingSubscription
  ],
  ['activate', 'Makes a subscription active without a ping.', activateSubscription],
  ['pause', 'Sends nothing until the subscription is resumed; the cursor waits.', pauseSubscription],
  ['resume', 'Makes a subscription active again; the waiting events are sent.', resumeSubscription]
]

export function actionCommands(subscriptions: Command, shell: Shell): void {
  for (const [name, description, act] of actions) actionCommand(subscriptions, shell, name, description, act)
}

function actionCommand(subscriptions: Command, shell: Shell, name: string, description: string, act: Action): void {
  subscriptions
    .command(name)
    .description(description)
    .argument(...subscriptionIdArgument)
    .option('--json', 'print the answer of REST')
    .addHelpText('after', `\nExample:\n  $ portolan subscriptions ${name} sub_01ARZ3NDEKTSV4RRFFQ69G5FAV`)
    .action(async (id: string, { json }: Json, command: Command) => {
      await withSubscriptions(shell, command, async (context) => {
        const subscription = await act(context, 'shell', id)
        if (json) return printSubscription(shell, context, subscription, true)
        shell.print(name === 'ping' ? `A ping to ${id} waits to be sent.` : `${id} is ${subscription.state}.`)
      })
    })
}

export function deleteCommand(subscriptions: Command, shell: Shell): void {
  subscriptions
    .command('delete')
    .description('Deletes a subscription, with its secret and its deliveries.')
    .argument(...subscriptionIdArgument)
    .addHelpText('after', '\nExample:\n  $ portolan subscriptions delete sub_01ARZ3NDEKTSV4RRFFQ69G5FAV')
    .action(async (id: string, _: object, command: Command) => {
      await withSubscriptions(shell, command, async (context) => {
        await deleteSubscription(context, 'shell', id)
        shell.print(`Deleted ${id}.`)
      })
    })
}

export function rotateCommand(subscriptions: Command, shell: Shell): void {
  subscriptions
    .command('rotate-secret')
    .description('Replaces the secret and shows the new one once. For 24 hours the previous one signs too.')
    .argument(...subscriptionIdArgument)
    .addOption(secretFileOption())
    .option('--json', 'print the answer of REST')
    .addHelpText('after', '\nExample:\n  $ portolan subscriptions rotate-secret sub_01ARZ3NDEKTSV4RRFFQ69G5FAV')
    .action(async (id: string, { json, ...options }: Json & SecretOptions, command: Command) => {
      const own = await readSecretFile(shell, command, options)
      await withSubscriptions(shell, command, async (context) => {
        const { subscription, secret } = await rotateSubscriptionSecret(context, 'shell', id, own.secret)
        if (json) return shell.printJson({ ...subscriptionJson(subscription, context.now()), secret })
        shell.print(`${secret}\nThe secret is not shown again. For 24 hours the previous one signs too.`)
      })
    })
}

export function replayCommand(subscriptions: Command, shell: Shell): void {
  subscriptions
    .command('replay')
    .description('Sends a range of the log once more, before new events.')
    .argument(...subscriptionIdArgument)
    .addOption(new Option('--from <seq>', 'seq of the first event').argParser(readSeq).makeOptionMandatory())
    .addOption(new Option('--to <seq>', 'seq of the last event (default: the cursor)').argParser(readSeq))
    .option('--json', 'print the answer of REST')
    .addHelpText('after', '\nExample:\n  $ portolan subscriptions replay sub_01ARZ3NDEKTSV4RRFFQ69G5FAV --from 1')
    .action(async (id: string, options: Json & { readonly from: number; readonly to?: number }, command: Command) => {
      await withSubscriptions(shell, command, async (context) => {
        const range = { fromSeq: options.from, ...(options.to !== undefined && { toSeq: options.to }) }
        const subscription = await replaySubscription(context, 'shell', id, range)
        if (options.json) return printSubscription(shell, context, subscription, true)
        const { replay } = subscription
        shell.print(
          replay ? `Events ${replay.from} to ${replay.to} wait to be sent.` : 'There is nothing to be sent again.'
        )
      })
    })
}
