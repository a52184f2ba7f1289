import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { codegen } from '@graphql-codegen/core'
import * as typescript from '@graphql-codegen/typescript'
import * as operations from '@graphql-codegen/typescript-operations'
import { parse } from 'graphql'
import { type Check, checksOf } from './check.ts'
import { schemaFile, sdl } from './schema.ts'
import { tool } from './tool.ts'

const folder = (path: string) => new URL(path, import.meta.url)
const scalars = {
  DateTime: 'string',
  AsOf: 'string',
  Seq: 'number',
  JSON: 'unknown',
  CIDR: 'string',
  Hostname: 'string',
  ETag: 'string',
  EventType: 'string'
}

/** What our users generate their code with. */
export function compilerChecks(): readonly Check[] {
  rmSync(folder('generated'), { recursive: true, force: true, maxRetries: 10 })
  mkdirSync(folder('generated/relay'), { recursive: true })
  return [
    ...checksOf('relay-compiler', {
      'compiles @connection and @refetchable on nodes': () =>
        tool('node_modules/.bin/relay-compiler', 'relay.config.json')
    }),
    ...checksOf('graphql-codegen', { 'writes the types of the documents that come with the service': types }),
    ...checksOf('genql', {
      'writes a client': () =>
        tool(
          'node_modules/.bin/genql',
          ...['--schema', schemaFile, '--output', 'generated/genql'],
          ...Object.entries(scalars).flatMap(([name, type]) => ['--scalar', `${name}:${type}`])
        )
    }),
    ...checksOf('tsc', {
      'compiles both, and what uses them here, strict': () => tool('../../node_modules/.bin/tsc', '-p', '.')
    })
  ]
}

/** What it writes of the schema and what it writes of documents are files of their own. */
async function types(): Promise<void> {
  const folderOfDocuments = folder('../../schema/documents/')
  const documents = readdirSync(folderOfDocuments).map((location) => ({
    location,
    document: parse(readFileSync(new URL(location, folderOfDocuments), 'utf8'))
  }))
  const pluginMap = { typescript, operations }
  for (const plugin of ['typescript', 'operations']) {
    const filename = `${plugin}.ts`
    const config = { scalars, strictScalars: true }
    const options = { filename, schema: parse(sdl), documents, config, pluginMap, plugins: [{ [plugin]: {} }] }
    writeFileSync(folder(`generated/${filename}`), await codegen(options))
  }
}
