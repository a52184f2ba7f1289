import { install } from './installed.ts'
import { runWithService } from './with-service.ts'

/** Tests GraphQL against its specifications, and with the clients that users have. */
install(new URL('../test/conformance/', import.meta.url))
await runWithService('test/conformance/main.ts', { PORTOLAN_TRUSTED_DOCUMENTS: 'test/conformance/documents' })
