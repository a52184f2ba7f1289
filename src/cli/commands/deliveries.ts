import { type Command, Option } from 'commander'
import { withSubscriptions } from '../backend/open-subscriptions.ts'
import { readSeq } from '../shell/seq-option.ts'
import type { Shell } from '../shell/shell.ts'
import { subscriptionIdArgument } from '../shell/subscription-options.ts'

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
      await withSubscriptions(shell, command, async (backend) => {
        const found = await backend.deliveries(id, limit)
        if (json) return shell.printItems(found)
        if (found.length === 0) return shell.print('Nothing was sent yet.')
        shell.printTable(
          ['at', 'kind', 'type', 'seq', 'result', 'answer', 'ms'],
          found.map(({ at, kind, type, seq = '', result, status, error = '', durationMs }) => [
            ...[at, kind, type, String(seq), result, String(status ?? error), String(durationMs)]
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
      await withSubscriptions(shell, command, async (backend) => {
        const found = await backend.deadLetters(id)
        if (json) return shell.printItems(found)
        if (found.length === 0) return shell.print('The receiver refused nothing.')
        shell.printTable(
          ['seq', 'type', 'at', 'answer'],
          found.map(({ seq, type, at, status }) => [String(seq), type, at, String(status)])
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
      await withSubscriptions(shell, command, async (backend) => {
        const redriven = await backend.redrive(id, seq)
        if (json) shell.printJson({ redriven })
        else
          shell.print(
            redriven === 1 ? 'One event waits to be sent again.' : `${redriven} events wait to be sent again.`
          )
      })
    })
}
