import type { GraphQLSchema } from 'graphql'
import type { Sources } from '../reading/context.ts'
import type { CompiledOperations } from './compiled-operations.ts'
import type { Costs } from './cost.ts'
import type { Operations } from './operation.ts'
import type { TrustedDocuments } from './trusted-documents.ts'

/** What every execution needs. It is made once, when the service starts. */
export interface ExecutionContext {
  readonly schema: GraphQLSchema
  readonly sources: Sources
  readonly operations: Operations
  readonly compiled: CompiledOperations
  readonly costs: Costs
  readonly documents: TrustedDocuments
  /** Only trusted documents are executed. */
  readonly trustsOnlyDocuments: boolean
}
