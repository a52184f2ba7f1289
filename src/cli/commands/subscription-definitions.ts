import type { Command } from 'commander'
import { withSubscriptions } from '../backend/open-subscriptions.ts'
import type { Shell } from '../shell/shell.ts'
import {
  addDefinition,
  type DefinitionOptions,
  definitionInput,
  readSecretFile,
  type SecretOptions,
  secretFileOption,
  subscriptionIdArgument
} from '../shell/subscription-options.ts'
import { printSubscription } from './subscription-table.ts'

interface Json {
  readonly json?: boolean
}

type CreateSubscriptionOptions = DefinitionOptions & SecretOptions & Json & { readonly owner?: string }

export function createCommand(subscriptions: Command, shell: Shell): void {
  addDefinition(subscriptions.command('create').description('Creates a subscription and shows its secret once.'))
    .argument('<url>', 'URL of the receiver')
    .option('--owner <key>', 'id of the key that owns it (default: only administrators see it)')
    .addOption(secretFileOption())
    .option('--json', 'print the answer of REST')
    .addHelpText('after', '\nExample:\n  $ portolan subscriptions create https://receiver.example/hook --impact closes')
    .action(async (url: string, options: CreateSubscriptionOptions, command: Command) => {
      const own = await readSecretFile(shell, command, options)
      await withSubscriptions(shell, command, async (backend) => {
        const made = await backend.create({ url, ...definitionInput(options), ...own }, options.owner)
        if (options.json) return shell.printJson(made)
        shell.print(`${made.id}\n${made.secret}\nThe secret is not shown again. Give it to the receiver, then ping.`)
      })
    })
}

export function changeCommand(subscriptions: Command, shell: Shell): void {
  addDefinition(subscriptions.command('change').description('Changes the given fields of a subscription.'))
    .argument(...subscriptionIdArgument)
    .option('--url <url>', 'URL of the receiver')
    .option('--json', 'print the answer of REST')
    .addHelpText(
      'after',
      '\nExample:\n  $ portolan subscriptions change sub_01ARZ3NDEKTSV4RRFFQ69G5FAV --ordering none'
    )
    .action(async (id: string, options: DefinitionOptions & Json & { readonly url?: string }, command: Command) => {
      await withSubscriptions(shell, command, async (backend) => {
        const { url } = options
        const patch = { ...definitionInput(options), ...(url !== undefined && { url }) }
        printSubscription(shell, await backend.change(id, patch), options.json)
      })
    })
}
