import type { Catalogues } from './catalogues.ts'

/** A number that changes with every commit that an answer about a catalogue, or about all catalogues, may depend on. */
export function stampOf({ heads }: Pick<Catalogues, 'heads'>, catalogue: string | undefined): number {
  return catalogue === undefined ? heads.seq : (heads.get(catalogue)?.seq ?? 0)
}
