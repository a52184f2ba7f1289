import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { optionalText, type Reader } from './reader.ts'

/** A path. The default is where the package has it, whichever folder the service is started in. */
export function packagedPath(own: string): Reader<string | undefined> {
  return (text) => (text === own ? { value: packaged(own) } : optionalText(text))
}

/** A path. The default is sought in the working folder first, and then in the package. */
export function ownOrPackagedPath(own: string): Reader<string | undefined> {
  return (text) => (text === own && !existsSync(own) ? { value: packaged(own) } : optionalText(text))
}

/** The package is as far up from the compiled files as from the sources. */
function packaged(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url))
}
