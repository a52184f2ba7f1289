import { buffer } from 'node:stream/consumers'
import pc from 'picocolors'
import type { Instant } from '../../domain/time/instant.ts'
import { renderTable, type TableRow } from './table.ts'

/** Everything outside the process that commands use. */
export interface Io {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly input: AsyncIterable<Uint8Array>
  readonly isColoured: boolean
  readonly now: () => Instant
  /** Asks whoever sits at the terminal; absent where nobody does. */
  readonly ask?: (question: string) => Promise<string>
  readonly output: (content: string | Uint8Array) => void
  readonly error: (text: string) => void
  /** Whether somebody looks at what is written: both streams lead to a terminal. */
  readonly isTerminal: boolean
  /** Whether somebody looks at the standard error, whatever becomes of the output. */
  readonly isErrorTerminal: boolean
  /** Starts the service in this process, which then ends as the service says. The variables go before those of the environment. */
  readonly serve: (variables: Readonly<Record<string, string>>) => Promise<unknown>
}

/** Input and output of commands. */
export class Shell {
  readonly io: Io
  readonly colours: ReturnType<typeof pc.createColors>
  /** The exit code of the process if nothing is thrown. */
  exitCode = 0
  /** Whether errors are printed as JSON. */
  isJson = false
  /** The path of the document that faults are in, as it was given; the standard input is `-`. */
  manuscript: string | undefined

  constructor(io: Io) {
    this.io = io
    this.colours = pc.createColors(io.isColoured)
  }

  print(text: string): void {
    this.io.output(`${text}\n`)
  }

  /** Writes bytes without a line end. */
  write(bytes: Uint8Array): void {
    this.io.output(bytes)
  }

  printJson(value: unknown): void {
    this.print(JSON.stringify(value))
  }

  /** Prints a list as REST answers it on a single page. */
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
