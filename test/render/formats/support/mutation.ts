import { readdirSync } from 'node:fs'
import { folder, inNamespace } from './tool.ts'

/** What must not load, made out of what does: each has a name, and differs from the original. */
export function mutationsOf(
  original: string,
  changes: Readonly<Record<string, readonly [string | RegExp, string]>>
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(changes).map(([name, [from, to]]) => {
      const mutant = original.replace(from, to)
      if (mutant === original) throw new Error(`there is nothing to change: ${name}`)
      return [name, mutant]
    })
  )
}

/** The names of those texts that a shell command loads, each in a network namespace that has nothing else. `$file` is the text. */
export async function loaded(
  t: Parameters<typeof folder>[0],
  texts: Readonly<Record<string, string>>,
  command: string
): Promise<readonly string[]> {
  const home = folder(t, texts)
  const marks = folder(t)
  const outcome = await inNamespace(
    `for file in *; do
       unshare -n bash -e -c 'ip link set lo up; file=$1; ${command}' bash "$file" >"${marks}/out" 2>&1 && touch "${marks}/$file" || true
     done; rm -f "${marks}/out"`,
    { cwd: home }
  )
  if (outcome.code !== 0) throw new Error(outcome.stderr)
  return readdirSync(marks).sort()
}
