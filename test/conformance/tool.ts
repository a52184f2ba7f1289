import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)
const folder = new URL('.', import.meta.url).pathname

/** Runs a program of the package here, or of the service. What it says is in the error where it fails. */
export async function tool(path: string, ...args: readonly string[]): Promise<void> {
  try {
    await run(`${folder}${path}`, args, { cwd: folder, env: { ...process.env, NO_COLOR: '1' } })
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { readonly stdout?: string; readonly stderr?: string }
    throw new Error(`${path} ${args.join(' ')}\n${stdout}${stderr}`)
  }
}
