import { rmSync } from 'node:fs'
import { installClientTools, runTool } from './client-tools.ts'
import { runWithService } from './with-service.ts'

/** Generates three clients from openapi/portolan.json, compiles them, and reads from a service with one of them. */
const document = '../../openapi/portolan.json'

installClientTools()
rmSync(new URL('../test/clients/generated', import.meta.url), { recursive: true, force: true })
runTool('openapi-typescript', 'openapi-typescript', document, '--output=generated/openapi-typescript/api.d.ts')
runTool('hey-api', 'openapi-ts', '--input', document, '--output=generated/hey-api', '--client=@hey-api/client-fetch')
runTool('orval', 'orval', '--input', document, '--output=generated/orval/client.ts', '--client=fetch')
runTool('all three compile, strict, on TypeScript 5', 'tsc', '--project', 'tsconfig.json')
await runWithService('test/clients/reads.ts')
