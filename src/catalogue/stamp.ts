import type { Catalogues } from './catalogues.ts'

/** Changes whenever something was committed that an answer about this catalogue, or about all, may depend on. */
export function stampOf({ heads }: Pick<Catalogues, 'heads'>, catalogue: string | undefined): number {
  return catalogue === undefined ? heads.seq : (heads.get(catalogue)?.seq ?? 0)
}
