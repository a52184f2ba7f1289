import { Lexer, Source, TokenKind } from 'graphql'
import { limits, tooLarge } from './limits.ts'

/**
 * Counts the tokens of a document. It reads no further than the limits allow, and keeps nothing, so it comes before everything else that
 * costs more than the text is long.
 * @throws PortolanError `too_complex` past the limits of tokens and fragments; GraphQLError where the text cannot be read
 */
export function countTokens(text: string): number {
  const lexer = new Lexer(new Source(text))
  let [tokens, fragments, depth] = [0, 0, 0]
  for (let before = lexer.token, token = lexer.advance(); token.kind !== TokenKind.EOF; token = lexer.advance()) {
    tokens += 1
    if (tokens > limits.tokens) throw tooLarge('tokens', 'It has more words and signs than that.')
    if (token.kind === TokenKind.BRACE_L) depth += 1
    if (token.kind === TokenKind.BRACE_R) depth -= 1
    const beginsDefinition = depth === 0 && (before.kind === TokenKind.SOF || before.kind === TokenKind.BRACE_R)
    if (beginsDefinition && token.kind === TokenKind.NAME && token.value === 'fragment') fragments += 1
    if (fragments > limits.fragments) throw tooLarge('fragments', 'It has more of them.')
    before = token
  }
  return tokens
}
