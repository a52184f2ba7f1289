import { rmSync } from 'node:fs'
import { installClientTools, runTool } from './client-tools.ts'
import { runWithService } from './with-service.ts'

/** Generates clients from the documents in openapi/, one of them by a generator that reads 3.0 only, compiles them, and reads with one. */
const [document, older] = ['../../openapi/portolan.json', '../../openapi/portolan-3.0.json']

// By their paths, since both have a program of one name.
const [types5, types7] = ['../openapi-typescript-5/bin/cli.js', '../openapi-typescript/bin/cli.js']

installClientTools()
rmSync(new URL('../test/clients/generated', import.meta.url), { recursive: true, force: true })
runTool('openapi-typescript', types7, document, '--output=generated/openapi-typescript/api.d.ts')
runTool('hey-api', 'openapi-ts', '--input', document, '--output=generated/hey-api', '--client=@hey-api/client-fetch')
runTool('orval', 'orval', '--input', document, '--output=generated/orval/client.ts', '--client=fetch')
runTool('openapi-typescript 5, which reads 3.0 only', types5, older, '--output=generated/of-3.0.d.ts')
runTool('all four compile, strict, on TypeScript 5', 'tsc', '--project', 'tsconfig.json')
await runWithService('test/clients/reads.ts')
