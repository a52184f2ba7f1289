import { type DateText, dayOf } from '../template/date-text.ts'

/** A sentence in parts that are printed in different ways. The template `@sentence` prints it. */
export type Sentence = readonly SentencePart[]

type SentencePart =
  | { readonly kind: 'text' | 'strong'; readonly text: string }
  /** A name or value that an author wrote. */
  | { readonly kind: 'name'; readonly text: string }
  | ({ readonly kind: 'day' | 'strong-day' } & DateText)

export const said = (text: string): SentencePart => ({ kind: 'text', text })
export const strong = (text: string): SentencePart => ({ kind: 'strong', text })
export const named = (text: string): SentencePart => ({ kind: 'name', text })
export const day = (at: number): SentencePart => ({ kind: 'day', ...dayOf(at) })
export const strongDay = (at: number): SentencePart => ({ kind: 'strong-day', ...dayOf(at) })
