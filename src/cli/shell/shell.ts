import { buffer } from 'node:stream/consumers'
import pc from 'picocolors'
import type { Instant } from '../../domain/time/instant.ts'
import { renderTable, type TableRow } from './table.ts'

/** The world around the command line. */
export interface Io {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly input: AsyncIterable<Uint8Array>
  readonly isColoured: boolean
  readonly now: () => Instant
  readonly output: (content: string | Uint8Array) => void
  readonly error: (text: string) => void
}

/** What commands are written against. */
export class Shell {
  readonly io: Io
  readonly colours: ReturnType<typeof pc.createColors>
  /** What the process ends with if nothing is thrown. */
  exitCode = 0
  isJson = false

  constructor(io: Io) {
    this.io = io
    this.colours = pc.createColors(io.isColoured)
  }

  print(text: string): void {
    this.io.output(`${text}\n`)
  }

  /** Bytes as they are. */
  write(bytes: Uint8Array): void {
    this.io.output(bytes)
  }

  printJson(value: unknown): void {
    this.print(JSON.stringify(value))
  }

  /** A list as REST answers it when it all fits on one page. */
  printItems(items: readonly unknown[]): void {
    this.printJson({ items, page: { next: null, cursor: null } })
  }

  printTable(headers: readonly string[], rows: readonly TableRow[]): void {
    this.print(renderTable([headers.map((text) => ({ text, paint: this.colours.bold })), ...rows]))
  }

  readInput(): Promise<Uint8Array> {
    return buffer(this.io.input)
  }
}
