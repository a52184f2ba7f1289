import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases'
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth'
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives'
import { GraphQLError, type ValidationContext, type ValidationRule } from 'graphql'
import { type ErrorCode, PortolanError } from '../../domain/errors.ts'

/** How large an operation may be. */
export const limits = {
  /** Words and signs of its text. */
  tokens: 1500,
  fragments: 50,
  /** Fields within fields. Fields of introspection are not counted. */
  depth: 12,
  aliases: 30,
  directives: 50,
  /** Objects that it may answer with, at the most that its pages allow. */
  cost: 100_000
} as const

/** Rules of validation that refuse an operation beyond its limits. */
export const limitRules: readonly ValidationRule[] = [
  maxDepthRule({ n: limits.depth, ignoreIntrospection: true, ...refusing('depth') }),
  maxAliasesRule({ n: limits.aliases, allowList: [], ...refusing('aliases') }),
  maxDirectivesRule({ n: limits.directives, ...refusing('directives') })
]

/** The code of an operation that passes a limit. */
const codes: Readonly<Record<keyof typeof limits, ErrorCode>> = {
  tokens: 'too_complex',
  fragments: 'too_complex',
  depth: 'operation_too_large',
  aliases: 'operation_too_large',
  directives: 'operation_too_large',
  cost: 'too_expensive'
}

/** @throws PortolanError `too_expensive` */
export function checkCost(cost: number): void {
  if (cost > limits.cost) throw tooLarge('cost', `Its cost is ${cost}.`)
}

/** The refusal of an operation that passes a limit. `detail` says by how much. */
export function tooLarge(limit: keyof typeof limits, detail: string): PortolanError {
  return new PortolanError(
    codes[limit],
    `The operation passes the limit of ${limits[limit]} for ${limit}: ${detail} Ask for less at once.`,
    { extra: { limit, most: limits[limit] } }
  )
}

/** Options with which a rule reports our error instead of its own. */
function refusing(limit: keyof typeof limits) {
  const reject = (context: ValidationContext | null, { message }: GraphQLError) => {
    // The rules write each of their errors as one of syntax.
    const originalError = tooLarge(limit, message.replace(/^Syntax Error: /, ''))
    context?.reportError(new GraphQLError(originalError.message, { originalError }))
  }
  return { onReject: [reject], propagateOnRejection: false }
}

/** Whoever may not ask for the schema by introspection may not ask for it as text either. */
export const noSubgraphSdlRule: ValidationRule = (context) => ({
  Field(node) {
    if (node.name.value !== '_service') return
    context.reportError(
      new GraphQLError('The schema is not answered here: `_service` is off with introspection.', { nodes: node })
    )
  }
})
