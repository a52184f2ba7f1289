import type { Command } from 'commander'
import { listSubscriptions, requireSubscription } from '../../catalogue/webhook/subscriptions.ts'
import { subscriptionJson } from '../../render/webhook/subscription-json.ts'
import type { Shell } from '../shell/shell.ts'
import { printSubscription, subscriptionIdArgument, withSubscriptions } from '../shell/subscribing.ts'
import { deadLettersCommand, deliveriesCommand, redriveCommand } from './deliveries.ts'
import { actionCommands, deleteCommand, replayCommand, rotateCommand } from './subscription-actions.ts'
import { changeCommand, createCommand } from './subscription-definitions.ts'

interface Json {
  readonly json?: boolean
}

/** A shell on the store is an operator's: it sees all subscriptions. A running service sends; here it is only told what. */
export function subscriptionsCommand(program: Command, shell: Shell): void {
  const subscriptions = program.command('subscriptions').description('Receivers of webhooks.')
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
    .argument(...subscriptionIdArgument)
    .option('--json', 'as REST answers it')
    .addHelpText('after', '\nExample:\n  $ portolan subscriptions show sub_01ARZ3NDEKTSV4RRFFQ69G5FAV')
    .action(async (id: string, { json }: Json, command: Command) => {
      await withSubscriptions(shell, command, async (subscribing) =>
        printSubscription(shell, subscribing, await requireSubscription(subscribing, 'shell', id), json)
      )
    })
}
