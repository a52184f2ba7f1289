import { type Command, Option } from 'commander'
import { listDeadLetters, listDeliveries, redriveDeadLetters } from '../../catalogue/webhook/subscriptions.ts'
import { formatInstant } from '../../domain/time/instant.ts'
import { deadLetterJson, deliveryJson } from '../../render/webhook/subscription-json.ts'
import { readSeq } from '../shell/seq-option.ts'
import type { Shell } from '../shell/shell.ts'
import { subscriptionIdArgument, withSubscriptions } from '../shell/subscription.ts'

interface Json {
  readonly json?: boolean
}

export function deliveriesCommand(subscriptions: Command, shell: Shell): void {
  subscriptions
    .command('deliveries')
    .description('Lists the newest attempts to deliver.')
    .argument(...subscriptionIdArgument)
    .addOption(new Option('--limit <count>', 'how many attempts').argParser(readSeq).default(50))
    .option('--json', 'print the answer of REST')
    .addHelpText('after', '\nExample:\n  $ portolan subscriptions deliveries sub_01ARZ3NDEKTSV4RRFFQ69G5FAV')
    .action(async (id: string, { json, limit }: Json & { readonly limit: number }, command: Command) => {
      await withSubscriptions(shell, command, async (context) => {
        const found = await listDeliveries(context, 'shell', id, { limit })
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

export function deadLettersCommand(subscriptions: Command, shell: Shell): void {
  subscriptions
    .command('dead-letters')
    .description('Lists the events that the receiver refused.')
    .argument(...subscriptionIdArgument)
    .option('--json', 'print the answer of REST')
    .addHelpText('after', '\nExample:\n  $ portolan subscriptions dead-letters sub_01ARZ3NDEKTSV4RRFFQ69G5FAV')
    .action(async (id: string, { json }: Json, command: Command) => {
      await withSubscriptions(shell, command, async (context) => {
        const found = await listDeadLetters(context, 'shell', id, { limit: 1000 })
        if (json) return shell.printItems(found.map(deadLetterJson))
        if (found.length === 0) return shell.print('The receiver refused nothing.')
        shell.printTable(
          ['seq', 'type', 'at', 'answer'],
          found.map(({ seq, type, at, status }) => [String(seq), type, formatInstant(at), String(status)])
        )
      })
    })
}

export function redriveCommand(subscriptions: Command, shell: Shell): void {
  subscriptions
    .command('redrive')
    .description('Sends dead letters again: all of them, or those of --seq.')
    .argument(...subscriptionIdArgument)
    .addOption(
      new Option('--seq <seq...>', 'seq of an event to send; repeat for several (default: all)').argParser(
        (text: string, before: readonly number[] = []) => [...before, readSeq(text)]
      )
    )
    .option('--json', 'print {"redriven"}')
    .addHelpText('after', '\nExample:\n  $ portolan subscriptions redrive sub_01ARZ3NDEKTSV4RRFFQ69G5FAV')
    .action(async (id: string, { json, seq }: Json & { readonly seq?: readonly number[] }, command: Command) => {
      await withSubscriptions(shell, command, async (context) => {
        const redriven = await redriveDeadLetters(context, 'shell', id, seq)
        if (json) shell.printJson({ redriven })
        else
          shell.print(
            redriven === 1 ? 'One event waits to be sent again.' : `${redriven} events wait to be sent again.`
          )
      })
    })
}
