import { install, runIn } from './installed.ts'

/** The package of linters and client generators: half a thousand packages, and a TypeScript of their own. */
const folder = new URL('../test/clients/', import.meta.url)

export function installClientTools(): void {
  install(folder)
}

/** Runs a tool of the package there; its output is shown where it fails. Ends the process where it does. */
export function runTool(what: string, name: string, ...args: readonly string[]): void {
  const start = Date.now()
  runIn(folder, new URL(`node_modules/.bin/${name}`, folder).pathname, args)
  process.stdout.write(`ok   ${what} (${Math.round((Date.now() - start) / 1000)} s)\n`)
}
