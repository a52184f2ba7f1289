import { Composer, CST, type Document, isNode, isScalar, Lexer, type Pair, Parser, type Scalar, visit } from 'yaml'
import { decodeSource, maxDepth, quote, type Unreadable, unreadable } from './source-text.ts'
import type { Source } from './span.ts'
import { spansInYaml } from './yaml-span.ts'

interface Fault {
  readonly offset: number
  readonly what: string
}

const options = { version: '1.2', schema: 'core', merge: false, uniqueKeys: false, prettyErrors: false } as const

/**
 * Reads YAML 1.2, core schema, as plain data: one document without anchors, aliases, tags or merge keys, whose keys are texts and stand
 * once, nested no deeper than 100 levels. So the document says the same as it would in JSON. A fault names its line and column.
 */
export function parseYaml(bytes: Uint8Array): { readonly value: unknown; readonly source: Source } | Unreadable {
  const decoded = decodeSource(bytes)
  if ('fault' in decoded) return decoded
  const { text } = decoded
  const read = readTokens(text)
  if ('what' in read) return sentence(text, read)
  const composed = compose(read.tokens, text.length)
  if ('what' in composed) return sentence(text, composed)
  const { documents } = composed
  const [document] = documents
  if (!document) return { value: null, source: { text, spansOf: () => new Map() } }
  const [error] = document.errors
  if (error) return sentence(text, { offset: error.pos[0], what: error.message })
  if (documents.length > 1)
    return sentence(text, { offset: documents[1]?.range[0] ?? 0, what: 'a second document begins: send one' })
  const fault = contentFault(document)
  if (fault) return sentence(text, fault)
  return { value: document.toJS(), source: { text, spansOf: (pointers) => spansInYaml(document, pointers) } }
}

function sentence(text: string, { offset, what }: Fault): Unreadable {
  const plain = what.replace(/\.$/, '')
  return unreadable(text, offset, plain + (remedies.find(([pattern]) => pattern.test(plain))?.[1] ?? ''))
}

/** What to do about what the library says. */
const remedies: readonly (readonly [RegExp, string])[] = [
  [/^Nested mappings are not allowed/, ': put the text in quotes if the colon belongs to it'],
  [
    /^(?:Sequence item without|All (?:mapping|sequence) items must|Implicit keys? need|Implicit map keys need|A (?:block )?sequence may not)/,
    ': is this line indented as those that it belongs to?'
  ],
  [/^Tabs are not allowed/, ': write spaces'],
  [/^Missing closing|Missing .*quote/, ': is a quotation mark or bracket not closed?'],
  [/^Plain value cannot start with/, ': put the text in quotes']
]

/** Where the library says that an error is: an offset, a range, or a token. */
type ErrorSource = number | readonly [number, number] | { readonly offset: number }

/**
 * Puts the tokens together as documents, up to the first error. The library would collect all errors, and may find a million in a text of
 * that many characters.
 */
function compose(
  tokens: readonly CST.Token[],
  length: number
): { readonly documents: readonly Document.Parsed[] } | Fault {
  const composer = new Composer(options)
  let fault: Fault | undefined
  const onError = (source: ErrorSource, _code: string, what: string, isWarning?: boolean) => {
    if (isWarning) return
    const offset = typeof source === 'number' ? source : 'offset' in source ? source.offset : source[0]
    // On its way out, the library reports what is thrown once more, at each collection around it.
    fault ??= { offset, what }
    throw new Error(what)
  }
  // The library declares this member as private.
  Object.assign(composer, { onError })
  try {
    return { documents: [...composer.compose(tokens, true, length)] }
  } catch (error) {
    if (fault) return fault
    throw error
  }
}

/** Refuses the parts of YAML that are more than data as soon as the lexer sees them, before anything recursive runs over them. */
function readTokens(text: string): { readonly tokens: readonly CST.Token[] } | Fault {
  const tokens: CST.Token[] = []
  const parser = new Parser()
  const told = new Set<string>()
  let before = ''
  for (const lexeme of new Lexer().lex(text)) {
    const what = before === CST.SCALAR ? undefined : (lexemeFault(lexeme, before) ?? stackFault(parser))
    if (what !== undefined) return { offset: parser.offset, what }
    before = lexeme
    for (const token of parser.next(lexeme)) {
      // One error is told. The library may find a million.
      if (token.type === 'error' && told.has(token.type)) continue
      const ends = token.type === 'document' || token.type === 'doc-end'
      if (ends && told.has(token.type)) return { offset: token.offset, what: 'a second document begins: send one' }
      if (ends || token.type === 'error') told.add(token.type)
      tokens.push(token)
    }
  }
  tokens.push(...parser.end())
  return { tokens }
}

function stackFault({ stack }: Parser): string | undefined {
  if (stack.length <= maxDepth || stack.filter(CST.isCollection).length <= maxDepth) return undefined
  return `it nests deeper than ${maxDepth} levels`
}

function lexemeFault(lexeme: string, before: string): string | undefined {
  switch (CST.tokenType(lexeme)) {
    case 'anchor':
    case 'alias':
      return 'anchors and aliases are not allowed: write the value out, or in quotes if the & or * belongs to it'
    case 'tag':
      return 'tags are not allowed: leave it out, or put the text in quotes if the ! belongs to it'
    case 'directive-line':
      return /^%YAML +1\.2(?:\s|$)/.test(lexeme) ? undefined : 'no directive but %YAML 1.2 is allowed'
    case 'comma':
      // The library finds this too, but would collect millions of such faults.
      return before === ',' ? 'a comma follows a comma' : undefined
    default:
      return undefined
  }
}

function contentFault(document: Document.Parsed): Fault | undefined {
  let fault: Fault | undefined
  const stop = (found: Fault | undefined) => {
    fault = found
    return found && visit.BREAK
  }
  visit(document, {
    Map: (_, map) => stop(keysFault(map.items)),
    Scalar: (_, scalar) => stop(scalarFault(scalar))
  })
  return fault
}

function keysFault(items: readonly Pair<unknown, unknown>[]): Fault | undefined {
  const seen = new Set<string>()
  for (const { key } of items) {
    const offset = offsetOf(key)
    if (!isScalar(key) || typeof key.value !== 'string')
      return { offset, what: 'a key must be a text: put it in quotes if it looks like a number, a boolean or null' }
    if (key.value === '<<' && key.type === 'PLAIN') return { offset, what: 'merge keys are not allowed' }
    if (key.value === '__proto__') return { offset, what: 'the key "__proto__" is not allowed' }
    if (seen.has(key.value)) return { offset, what: `the key ${quote(key.value)} stands twice in one map` }
    seen.add(key.value)
  }
  return undefined
}

function scalarFault(scalar: Scalar): Fault | undefined {
  const { value } = scalar
  const offset = offsetOf(scalar)
  if (typeof value === 'number' && !Number.isFinite(value))
    return { offset, what: 'infinity and not-a-number are not allowed' }
  if (typeof value === 'string' && /\p{Surrogate}/u.test(value))
    return { offset, what: 'a lone surrogate is no character' }
  return undefined
}

function offsetOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0
}
