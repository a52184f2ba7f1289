import { install } from './installed.ts'
import { runWithService } from './with-service.ts'

/** Holds GraphQL against its specifications, and reads it as our users do. */
install(new URL('../test/conformance/', import.meta.url))
await runWithService('test/conformance/main.ts', { PORTOLAN_TRUSTED_DOCUMENTS: 'test/conformance/documents' })
