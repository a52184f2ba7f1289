import { type Command, Option } from 'commander'
import { withSubscriptions } from '../backend/open-subscriptions.ts'
import { type SubscriptionAction, subscriptionActions } from '../backend/subscription-backend.ts'
import { readSeq } from '../shell/seq-option.ts'
import type { Shell } from '../shell/shell.ts'
import {
  readSecretFile,
  type SecretOptions,
  secretFileOption,
  subscriptionIdArgument
} from '../shell/subscription-options.ts'
import { printSubscription } from './subscription-table.ts'

interface Json {
  readonly json?: boolean
}

const actions: Readonly<Record<SubscriptionAction, string>> = {
  ping: 'Makes a running service send a signed ping; if the receiver answers it, the subscription becomes active.',
  activate: 'Makes a subscription active without a ping.',
  pause: 'Sends nothing until the subscription is resumed; the cursor waits.',
  resume: 'Makes a subscription active again; the waiting events are sent.'
}

export function actionCommands(subscriptions: Command, shell: Shell): void {
  for (const name of subscriptionActions) actionCommand(subscriptions, shell, name)
}

function actionCommand(subscriptions: Command, shell: Shell, name: SubscriptionAction): void {
  subscriptions
    .command(name)
    .description(actions[name])
    .argument(...subscriptionIdArgument)
    .option('--json', 'print the answer of REST')
    .addHelpText('after', `\nExample:\n  $ portolan subscriptions ${name} sub_01ARZ3NDEKTSV4RRFFQ69G5FAV`)
    .action(async (id: string, { json }: Json, command: Command) => {
      await withSubscriptions(shell, command, async (backend) => {
        const subscription = await backend.act(id, name)
        if (json) return printSubscription(shell, subscription, true)
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
      await withSubscriptions(shell, command, async (backend) => {
        await backend.delete(id)
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
      await withSubscriptions(shell, command, async (backend) => {
        const rotated = await backend.rotateSecret(id, own.secret)
        if (json) return shell.printJson(rotated)
        shell.print(`${rotated.secret}\nThe secret is not shown again. For 24 hours the previous one signs too.`)
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
      await withSubscriptions(shell, command, async (backend) => {
        const range = { fromSeq: options.from, ...(options.to !== undefined && { toSeq: options.to }) }
        const subscription = await backend.replay(id, range)
        if (options.json) return printSubscription(shell, subscription, true)
        const { replay } = subscription
        shell.print(
          replay ? `Events ${replay.fromSeq} to ${replay.toSeq} wait to be sent.` : 'There is nothing to be sent again.'
        )
      })
    })
}
