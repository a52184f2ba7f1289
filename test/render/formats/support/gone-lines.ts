/** `grep -vxF -f new old`: the lines that remove what no longer stands, with those that only frame them. */
export function goneLines(old: string, now: string): string {
  const kept = new Set(now.split('\n').filter((line) => /delete|^no /.test(line)))
  return old
    .split('\n')
    .filter((line) => !kept.has(line))
    .join('\n')
}
