import { install, runIn } from './installed.ts'

/** The folder of linters and client generators: a package of its own, with about 500 dependencies and another TypeScript. */
const folder = new URL('../test/clients/', import.meta.url)

export function installClientTools(): void {
  install(folder)
}

/** Runs a tool of that package. If it fails, its output is printed and the process ends. */
export function runTool(what: string, name: string, ...args: readonly string[]): void {
  const start = Date.now()
  runIn(folder, new URL(`node_modules/.bin/${name}`, folder).pathname, args)
  process.stdout.write(`ok   ${what} (${Math.round((Date.now() - start) / 1000)} s)\n`)
}
