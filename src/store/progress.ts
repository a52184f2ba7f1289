/** Is told of long work while it goes on: its part in words, such as `events`, how much of it is done, and of how much where that is known. */
export type WorkProgress = (part: string, done?: number, total?: number) => void

export const untold: WorkProgress = () => {}
