import type { Command } from 'commander'
import { readClientConfig } from '../../config/config.ts'
import type { Io } from './shell.ts'
import { linkBase } from './store.ts'

/** The URL at which a service has the JSON Schema of documents: that which is asked, or else one with the settings of this shell. */
export function schemaUrl(environment: Io['environment'], command: Command): string {
  const { url } = command.optsWithGlobals<{ readonly url?: string }>()
  const base = url ?? readClientConfig(environment).url ?? linkBase(environment)
  return `${base.replace(/\/$/, '')}/schema/document-input.schema.json`
}
