import { fileURLToPath } from 'node:url'

/** What `node` is told to start the service or the command line as a process: compiled together with the test. */
export function program(name: 'main' | 'cli'): readonly string[] {
  return [...process.execArgv, fileURLToPath(new URL(`../../src/${name}.js`, import.meta.url))]
}
