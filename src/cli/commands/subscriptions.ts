import type { Command } from 'commander'
import { listSubscriptions, requireSubscription } from '../../catalogue/webhook/subscriptions.ts'
import { subscriptionJson } from '../../render/webhook/subscription-json.ts'
import type { Shell } from '../shell/shell.ts'
import { printSubscription, subscriptionIdArgument, withSubscriptions } from '../shell/subscription.ts'
import { deadLettersCommand, deliveriesCommand, redriveCommand } from './deliveries.ts'
import { actionCommands, deleteCommand, replayCommand, rotateCommand } from './subscription-actions.ts'
import { changeCommand, createCommand } from './subscription-definitions.ts'

interface Json {
  readonly json?: boolean
}

/** Whoever can open the store is an operator and sees all subscriptions. These commands write to the store; a running service sends. */
export function subscriptionsCommand(program: Command, shell: Shell): void {
  const subscriptions = program
    .command('subscriptions')
    .description('Manages subscriptions: the receivers of webhooks.')
  createCommand(subscriptions, shell)
  listCommand(subscriptions, shell)
  showCommand(subscriptions, shell)
  changeCommand(subscriptions, shell)
  deleteCommand(subscriptions, shell)
  actionCommands(subscriptions, shell)
  rotateCommand(subscriptions, shell)
  replayCommand(subscriptions, shell)
  deliveriesCommand(subscriptions, shell)
  deadLettersCommand(subscriptions, shell)
  redriveCommand(subscriptions, shell)
}

function listCommand(subscriptions: Command, shell: Shell): void {
  subscriptions
    .command('list')
    .description('Lists all subscriptions, oldest first.')
    .option('--json', 'print the answer of REST')
    .addHelpText('after', '\nExample:\n  $ portolan subscriptions list')
    .action(async ({ json }: Json, command: Command) => {
      await withSubscriptions(shell, command, async (context) => {
        const all = await listSubscriptions(context, 'shell')
        if (json) return shell.printItems(all.map((one) => subscriptionJson(one, context.now())))
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
    .description('Shows a subscription, its state and its progress in the log.')
    .argument(...subscriptionIdArgument)
    .option('--json', 'print the answer of REST')
    .addHelpText('after', '\nExample:\n  $ portolan subscriptions show sub_01ARZ3NDEKTSV4RRFFQ69G5FAV')
    .action(async (id: string, { json }: Json, command: Command) => {
      await withSubscriptions(shell, command, async (context) =>
        printSubscription(shell, context, await requireSubscription(context, 'shell', id), json)
      )
    })
}
