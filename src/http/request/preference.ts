/** The longest wait that is granted, in seconds: proxies give up on a silent connection not much later. */
const longestWait = 60

/** How many seconds a client is willing to wait, RFC 7240 section 4.3; 0 if it does not say so. At most `longestWait`. */
export function waitOf(prefer: string | undefined): number {
  const match = /(?:^|[,;])\s*wait\s*=\s*"?(\d{1,9})"?\s*(?=[,;]|$)/i.exec(prefer ?? '')
  return Math.min(Number(match?.[1] ?? 0), longestWait)
}
