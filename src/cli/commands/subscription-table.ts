import type { SubscriptionJson } from '../backend/subscription-backend.ts'
import type { Shell } from '../shell/shell.ts'

/** Prints a subscription, one field in each row. */
export function printSubscription(shell: Shell, shown: SubscriptionJson, json: boolean | undefined): void {
  if (json) shell.printJson(shown)
  else
    shell.printTable(
      ['field', 'value'],
      Object.entries(shown).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)])
    )
}
