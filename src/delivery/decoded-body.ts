import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'

/** The content codings that are asked for (RFC 9110, section 8.4.1). */
export const acceptedEncodings = 'br, gzip, deflate'

export class BodyError extends Error {
  constructor(detail: string) {
    super(detail)
    this.name = 'BodyError'
  }
}

/**
 * Reads a body and takes its content coding off, as it comes, so that no more is held than `mostBytes`.
 * @throws BodyError where it would be larger, is damaged, or has a coding that was not asked for
 */
export async function decodedBody(
  body: Readable,
  encoding: string | undefined,
  { mostBytes, signal }: { readonly mostBytes: number; readonly signal: AbortSignal }
): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  let size = 0
  const tooLarge = new BodyError(`the answer is larger than ${mostBytes / 1_048_576} MiB`)
  const keep = async (source: AsyncIterable<Buffer>) => {
    for await (const chunk of source) {
      size += chunk.length
      if (size > mostBytes) throw tooLarge
      chunks.push(chunk)
    }
  }
  try {
    const decoder = decoderOf(encoding)
    if (decoder) await pipeline(body, decoder, keep, { signal })
    else await pipeline(body, keep, { signal })
  } catch (error) {
    // Nobody reads on: the connection ends with it.
    body.on('error', () => {}).destroy()
    // What comes of the body that is given up is no cause.
    if (size > mostBytes) throw tooLarge
    if (isOfZlib(error)) throw new BodyError('the answer is compressed, and damaged or cut off')
    throw error
  }
  return Buffer.concat(chunks, size)
}

function decoderOf(encoding: string | undefined) {
  switch (encoding?.trim().toLowerCase() || 'identity') {
    case 'identity':
      return undefined
    case 'gzip':
    case 'x-gzip':
      return createGunzip()
    case 'deflate':
      return createInflate()
    case 'br':
      return createBrotliDecompress()
    default:
      throw new BodyError(`the answer has the content coding ${encoding?.slice(0, 40)}, which was not asked for`)
  }
}

function isOfZlib(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return /^(Z_|ERR__ERROR_)/.test(code)
}
