import { isNode, type Node, schemaNode, withParts } from './openapi-components.ts'

/**
 * The document in OpenAPI 3.0.3 (https://spec.openapis.org/oas/v3.0.3), for generators that read no later version. It has no webhooks, which
 * 3.0 cannot say; the schemas of what is posted stay. The names of records have no pattern there.
 */
export function openApi30({ webhooks: _, info, ...document }: Node): Node {
  const { summary: __, license, ...described } = schemaNode(info)
  const { identifier, ...named } = schemaNode(license)
  const url = `https://spdx.org/licenses/${String(identifier)}.html`
  return {
    ...schemaNode(olderNode(document)),
    info: { ...described, license: { ...named, url } },
    openapi: '3.0.3'
  }
}

function olderNode(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(olderNode)
  if (!isNode(node)) return node
  return withoutNull(withOneExample(withBytes(withParts(node, olderNode))))
}

/** Null is no type there, but a member beside the type. */
function withoutNull({ type, anyOf, ...rest }: Node): Node {
  if (Array.isArray(type)) {
    const [only] = type.filter((name) => name !== 'null')
    return { ...rest, type: only, ...(type.includes('null') && { nullable: true }) }
  }
  if (!Array.isArray(anyOf)) return type === undefined ? rest : { ...rest, type }
  const options = anyOf.filter((option) => !isNull(option))
  if (options.length === anyOf.length) return { ...rest, ...(type !== undefined && { type }), anyOf }
  const [only] = options
  if (options.length === 1 && isNode(only) && only.type !== undefined) return { ...only, ...rest, nullable: true }
  // Without a type beside it `nullable` says nothing there.
  return { ...rest, anyOf: [...options, { type: 'object', nullable: true, enum: [null] }] }
}

function isNull(option: unknown): boolean {
  return isNode(option) && option.type === 'null'
}

/** A schema has one example. The examples of a body have names, and stay. */
function withOneExample({ examples, ...rest }: Node): Node {
  if (!Array.isArray(examples)) return examples === undefined ? rest : { ...rest, examples }
  return { ...rest, example: examples[0] }
}

function withBytes({ propertyNames: _, contentMediaType, ...rest }: Node): Node {
  return contentMediaType === undefined ? rest : { ...rest, type: 'string', format: 'binary' }
}
