import { Kind, OperationTypeNode } from 'graphql'
import type { ExecutionContext } from './execution-context.ts'
import { requestedOperation } from './operation.ts'
import { documentText, type PreparedOperation } from './prepare.ts'
import type { GraphQLRequest } from './request.ts'

/** The most bytes of a request that is read on the loop. */
export const mostLoopBytes = 8192
/** The most that an operation may cost which is executed on the loop. */
const mostLoopCost = 300
/** The most objects that are answered on the loop. An operation that finds more begins again in a thread. */
const mostLoopObjects = 2000

/** Knows how large the catalogues are. */
export interface Sizes {
  /** Whether a read over all catalogues takes a few milliseconds. */
  areAllSmall(): Promise<boolean>
}

/** Whether a document is judged on the loop. One that is long is judged by the thread that executes it. */
export function isJudgedOnLoop(
  execution: ExecutionContext,
  request: GraphQLRequest,
  takesOnlyTrusted: boolean
): boolean {
  return execution.operations.isShort(documentText(execution, request, takesOnlyTrusted))
}

/** Whether an operation is executed on the loop, where there are threads. */
export async function isExecutedOnLoop(
  { operation, kind, cost, context }: PreparedOperation,
  operationName: string | undefined,
  sizes: Sizes
): Promise<boolean> {
  switch (kind) {
    case OperationTypeNode.SUBSCRIPTION:
      return true
    case OperationTypeNode.MUTATION:
      return !publishes(operation, operationName) || sizes.areAllSmall()
    case OperationTypeNode.QUERY:
      if (cost > mostLoopCost || !(await sizes.areAllSmall())) return false
      context.objects.stopAt(mostLoopObjects)
      return true
    default:
      throw new Error(`unknown kind ${kind satisfies never}`)
  }
}

/** Whether a mutation may write a revision. The others are about subscriptions, and cost little. */
function publishes(operation: PreparedOperation['operation'], operationName: string | undefined): boolean {
  const { selections } = requestedOperation(operation, operationName).selectionSet
  return selections.some(({ kind, ...field }) =>
    kind === Kind.FIELD && 'alias' in field ? revisionMutations.includes(field.name.value) : true
  )
}

const revisionMutations: readonly string[] = ['publish', 'restore']
