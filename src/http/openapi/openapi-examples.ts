import { existsSync, readFileSync } from 'node:fs'
import { isNode, mapNode, type Node, schemaNode } from './openapi-components.ts'

export interface Example {
  readonly summary: string
  readonly description?: string
  readonly value: unknown
}

/** Examples by name, of one media type. */
type Examples = Readonly<Record<string, Example>>

/** What was sent and answered, by media type; answers by status too. Real output: only `scripts/examples.ts` makes it. */
export interface OperationExamples {
  readonly body?: Readonly<Record<string, Examples>>
  readonly answers: Readonly<Record<string, Readonly<Record<string, Examples>>>>
}
/** By operationId; `any` has the answers that every operation gives alike. */
export type AllExamples = Readonly<Record<string, OperationExamples>>

const file = new URL('../../../openapi/examples.json', import.meta.url)

/** The examples as they are committed; none where the file was not shipped. */
export function readExamples(): AllExamples {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
}

/** The document with the examples of its operations and webhooks, in place of any that it has. */
export function withAllExamples(document: Node, examples: AllExamples): Node {
  const exampled = (items: unknown, shared: OperationExamples['answers']) =>
    mapNode(items, (item) =>
      mapNode(item, (operation) => {
        const { body = {}, answers } = examples[String(schemaNode(operation).operationId)] ?? { answers: {} }
        return withExamples(schemaNode(operation), { body, answers: { ...shared, ...answers } })
      })
    )
  const { paths, webhooks } = document
  return { ...document, paths: exampled(paths, examples.any?.answers ?? {}), webhooks: exampled(webhooks, {}) }
}

function withExamples(operation: Node, { body = {}, answers }: OperationExamples): Node {
  const { requestBody, responses } = operation
  return {
    ...operation,
    ...(isNode(requestBody) && { requestBody: { ...requestBody, content: withContent(requestBody.content, body) } }),
    responses: mapNode(responses, (response, status) =>
      isNode(response) && response.content !== undefined
        ? { ...response, content: withContent(response.content, answers[status] ?? {}) }
        : response
    )
  }
}

function withContent(content: unknown, examples: Readonly<Record<string, Examples>>): Node {
  return mapNode(content, (media, type) => {
    const { examples: _, ...rest } = schemaNode(media)
    return { ...rest, ...(examples[type] && { examples: examples[type] }) }
  })
}
