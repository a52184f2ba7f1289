import type { DocumentNode, GraphQLSchema } from 'graphql'
import { Kind } from 'graphql'
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit'
import type { Operation } from './operation.ts'

/** How often an operation is executed before it is compiled. */
const mostUncompiled = 3

/**
 * Options of graphql-jit. Resolvers give text, numbers and enum values as they are answered, so a compiled operation does not serialise them
 * once more. Nobody sees the stack of a GraphQL error, since `errors.ts` answers what caused it, so none is captured.
 */
const compilerOptions = { disableLeafSerialization: true, disablingCapturingStackErrors: true }

interface Executions {
  count: number
  compiled?: CompiledQuery
}

/**
 * What operations that are asked for again are compiled to. Mercurius would compile them too, but keeps a number of documents, however large
 * they are; here what was compiled goes with the document, and `Operations` says how much is kept.
 */
export class CompiledOperations {
  readonly #schema: GraphQLSchema
  readonly #executions = new WeakMap<DocumentNode, Executions>()

  constructor(schema: GraphQLSchema) {
    this.#schema = schema
  }

  /** Counts an execution; undefined: the operation is not compiled. Of a document with several operations none ever is. */
  get({ document }: Operation): CompiledQuery | undefined {
    const executions = this.#executions.get(document) ?? { count: 0 }
    this.#executions.set(document, executions)
    executions.count += 1
    if (executions.count === mostUncompiled + 1 && hasOneOperation(document)) {
      const compiled = compileQuery(this.#schema, document, undefined, compilerOptions)
      if (isCompiledQuery(compiled)) executions.compiled = compiled
    }
    return executions.compiled
  }
}

function hasOneOperation({ definitions }: DocumentNode): boolean {
  return definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION).length === 1
}
