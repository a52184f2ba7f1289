import type { RequirementFields } from '../../domain/document/document.ts'

type Inferable = NonNullable<RequirementFields['inferred']>[number]

/** A text of a catalogue, and whether its author inferred it. The template `@marked` prints it. */
export interface Marked {
  readonly text: string
  readonly isInferred: boolean
}

/** Marks a text that stands for some fields of a requirement. */
export function marked(
  { inferred }: Pick<RequirementFields, 'inferred'>,
  text: string,
  ...fields: readonly Inferable[]
): Marked {
  return { text, isInferred: fields.some((field) => inferred?.includes(field)) }
}
