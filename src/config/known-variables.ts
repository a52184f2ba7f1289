import { PortolanError } from '../domain/errors.ts'
import { suggestion } from '../domain/nearest-name.ts'
import { clientOptions } from './client-options.ts'
import { options, optionsIn } from './options.ts'

/** The secret of `portolan listen`, which is no option of the service. */
export const listenSecretVariable = 'PORTOLAN_WEBHOOK_SECRET'

/** All variables that are read, with those that name a file. */
const knownVariables: ReadonlySet<string> = new Set([
  ...[...optionsIn(options), ...optionsIn(clientOptions)].flatMap(({ variable }) => [variable, `${variable}_FILE`]),
  listenSecretVariable
])

/**
 * Refuses a variable that nobody reads: a misspelt `PORTOLAN_READ_ACCESS` would leave a store public. `PORTOLAN_TEST_…` belongs to the tests of the
 * project, which start the program with their own environment. The value is not repeated, since it may be a secret.
 * @throws PortolanError `invalid_parameter`, naming the variable and the nearest one that there is.
 */
export function requireKnownVariables(environment: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || !name.startsWith('PORTOLAN_') || name.startsWith('PORTOLAN_TEST_')) continue
    if (knownVariables.has(name)) continue
    throw new PortolanError(
      'invalid_parameter',
      `There is no variable ${name}${suggestion(name, knownVariables).replace(/(?<!\?)$/, '.')}`
    )
  }
}
