/** Whether a host, with or without a port, is the machine itself: nobody else sees what is sent there (RFC 6761, 6.3). */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|[\w.-]+\.localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?$/.test(host)
}
