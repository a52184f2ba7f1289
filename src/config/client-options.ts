import type { OptionGroup } from './options.ts'
import { optionalText, serviceUrl } from './reader.ts'

/** What the command line reads to talk to a service instead of a store. */
export const clientOptions = {
  url: {
    variable: 'PORTOLAN_URL',
    fallback: '',
    meaning: 'Base URL of a service that the command line asks instead of a store',
    empty: 'the store',
    isSecret: true,
    read: serviceUrl
  },
  key: {
    variable: 'PORTOLAN_KEY',
    fallback: '',
    meaning: 'Key that the command line sends to that service',
    empty: 'none',
    isSecret: true,
    read: optionalText
  }
} as const satisfies OptionGroup
