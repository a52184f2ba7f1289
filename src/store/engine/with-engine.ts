import type { Engine } from './engine.ts'

/** The methods of an interface as functions that take the engine first. */
export type EngineFunctions<Methods> = {
  readonly [Name in keyof Methods]: Methods[Name] extends (...args: infer Args) => infer Answer
    ? (engine: Engine, ...args: Args) => Answer
    : never
}

/** Makes the methods of an interface from functions, one for each, by giving each of them the engine. */
export function withEngine<Methods>(engine: Engine, functions: EngineFunctions<Methods>): Methods {
  const bound = Object.entries<(engine: Engine, ...args: never[]) => unknown>(functions).map(([name, run]) => [
    name,
    (...args: never[]) => run(engine, ...args)
  ])
  // Each function has the signature of its method, with the engine in front.
  return Object.fromEntries(bound) as Methods
}
