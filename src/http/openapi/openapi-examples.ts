import { existsSync, readFileSync } from 'node:fs'
import { isNode, mapNode, type Node, schemaNode } from './openapi-components.ts'

export interface Example {
  readonly summary: string
  readonly description?: string
  readonly value: unknown
}

/** The examples of one media type, by name. */
type Examples = Readonly<Record<string, Example>>

/** Real requests and answers by media type, answers by status too. Only `scripts/examples.ts` makes them. */
export interface OperationExamples {
  readonly body?: Readonly<Record<string, Examples>>
  readonly answers: Readonly<Record<string, Readonly<Record<string, Examples>>>>
}
/** Examples by operationId; `any` has the answers that all operations share. */
export type AllExamples = Readonly<Record<string, OperationExamples>>

const file = new URL('../../../openapi/examples.json', import.meta.url)

/** The committed examples; none if the file was not shipped. */
export function readExamples(): AllExamples {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
}

/** The document with these examples of its operations and webhooks in place of its own. */
export function withAllExamples(document: Node, examples: AllExamples): Node {
  const withNodeExamples = (items: unknown, shared: OperationExamples['answers']) =>
    mapNode(items, (item) =>
      mapNode(item, (operation) => {
        const { body = {}, answers } = examples[String(schemaNode(operation).operationId)] ?? { answers: {} }
        return withExamples(schemaNode(operation), { body, answers: { ...shared, ...answers } })
      })
    )
  const { paths, webhooks } = document
  return {
    ...document,
    paths: withNodeExamples(paths, examples.any?.answers ?? {}),
    webhooks: withNodeExamples(webhooks, {})
  }
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
