import type { Command } from 'commander'
import { withSubscriptions } from '../backend/open-subscriptions.ts'
import type { Shell } from '../shell/shell.ts'
import { subscriptionIdArgument } from '../shell/subscription-options.ts'
import { deadLettersCommand, deliveriesCommand, redriveCommand } from './deliveries.ts'
import { actionCommands, deleteCommand, replayCommand, rotateCommand } from './subscription-actions.ts'
import { changeCommand, createCommand } from './subscription-definitions.ts'
import { printSubscription } from './subscription-table.ts'

interface Json {
  readonly json?: boolean
}

/** On a store, these commands write what a running service sends. */
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
      await withSubscriptions(shell, command, async (backend) => {
        const all = await backend.list()
        if (json) return shell.printItems(all)
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
      await withSubscriptions(shell, command, async (backend) => printSubscription(shell, await backend.get(id), json))
    })
}
