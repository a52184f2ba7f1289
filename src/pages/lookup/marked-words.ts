/** A part of a text, and whether it is a word that was searched for. The template `@marked-words` prints it. */
export interface WordPart {
  readonly text: string
  readonly isFound: boolean
}

/** Cuts a text at the words that were searched for, in whatever case. */
export function markedWords(text: string, words: readonly string[]): readonly WordPart[] {
  const escaped = words.filter((word) => word !== '').map((word) => word.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'))
  if (escaped.length === 0) return [{ text, isFound: false }]
  return text
    .split(new RegExp(`(${escaped.join('|')})`, 'i'))
    .map((part, index) => ({ text: part, isFound: index % 2 === 1 }))
    .filter((part) => part.text !== '')
}
